// The invariant language: every statement that is read prints to a text that reads as the same statement.
#include "compiler/invariants/invariants.h"
#include "tests/fuzz/support/support.h"

using namespace weir;

namespace {

compiler::Invariants read(const std::string& text, ir::Diagnostics& diagnostics) {
  ir::Files files;
  const ir::FileId file = files.add({"fuzz.weir", std::make_shared<const std::string>(text)});
  compiler::Invariants read = compiler::read_invariants(file, files, diagnostics);
  fuzz::check_diagnostics(diagnostics, files);
  return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ir::Diagnostics diagnostics;
  for (const compiler::Invariant& invariant : read(fuzz::Bytes(data, size).text(), diagnostics).statements) {
    ir::Diagnostics none;
    const compiler::Invariants again = read(to_text(invariant), none);
    WEIR_CHECK(!none.has_errors());
    WEIR_CHECK(again.statements.size() == 1);
    WEIR_CHECK(again.statements.front().statement == invariant.statement);
  }
  return 0;
}
