# weir_embed(target folder pattern): every file of `folder` that matches becomes a string of a generated .cpp, so
# that the program needs no file at run time. The function it defines is declared in cli/report/explain.h:
#   const std::vector<EmbeddedPage>& weir::cli::embedded_pages();
function(weir_embed target folder pattern)
  file(GLOB pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/${pattern})
  list(SORT pages)
  set(output ${CMAKE_BINARY_DIR}/generated/${target}_pages.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} "-DPAGES=${pages}" -DOUTPUT=${output} -P ${CMAKE_SOURCE_DIR}/cmake/embed_script.cmake
    DEPENDS ${pages} ${CMAKE_SOURCE_DIR}/cmake/embed_script.cmake
    COMMENT "Embedding ${folder}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
