// Each code of the front end: its bad case gives it, its good case does not.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/compiler/resolve/support.h"

namespace weir::test {
namespace {

bool gives(const std::filesystem::path& path, ir::Code code) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  const Run result = run(text.str());
  INFO(path.string() << "\n" << diagnostics_text(result));
  return std::any_of(result.diagnostics.list().begin(), result.diagnostics.list().end(),
                     [&](const ir::Diagnostic& d) { return d.kind == code && d.primary.known(); });
}

TEST_CASE("good and bad cases of the front end", "[diagnostics]") {
  for (const ir::CodeInfo& info : ir::all_codes()) {
    const std::string_view range = info.id.substr(0, 6);
    if (range != "WEIR01" && range != "WEIR03" && range != "WEIR05") continue;
    const auto folder = std::filesystem::path(WEIR_SOURCE_DIR) / "testdata" / "diagnostics" / info.id;
    INFO(info.id);
    CHECK(gives(folder / "bad.yaml", info.code));
    CHECK_FALSE(gives(folder / "good.yaml", info.code));
  }
}

}  // namespace
}  // namespace weir::test
