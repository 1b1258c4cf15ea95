# The fuzzers: each tests/fuzz/NAME_fuzz.cpp is one libFuzzer program fuzz_NAME; a new one needs no edit here.
# Only with the preset `fuzz` (clang 19): scripts/fuzz builds and runs them.
add_library(weir_fuzz_parts STATIC tests/fuzz/support/support.cpp cli/config.cpp
  tests/differential/generator/random_routes.cpp cli/report/diagnostics.cpp cli/report/display.cpp cli/report/snippet.cpp cli/report/suppress.cpp)
target_include_directories(weir_fuzz_parts PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(weir_fuzz_parts PUBLIC weir_ask weir_flows weir_bundle weir_invariants)

add_custom_target(fuzzers)
file(GLOB FUZZ_SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*_fuzz.cpp)
foreach(source ${FUZZ_SOURCES})
  get_filename_component(name ${source} NAME_WE)
  string(REGEX REPLACE "_fuzz$" "" name ${name})
  add_executable(fuzz_${name} ${source})
  target_link_libraries(fuzz_${name} PRIVATE weir_fuzz_parts)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers fuzz_${name})
endforeach()
