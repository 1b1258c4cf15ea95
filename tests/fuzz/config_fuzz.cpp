// .weir.yaml and the suppressions of a document: settings that are read print as settings that read alike; a suppression
// takes out findings only, and never one twice.
#include <algorithm>

#include "cli/config.h"
#include "cli/report/suppress.h"
#include "ir/base/code.h"
#include "ir/cluster/settings_merge.h"
#include "tests/fuzz/support/support.h"

using namespace weir;

namespace {

void config(const std::string& text) {
  const auto pairs = cli::read_config(fuzz::MemoryFile(text).path());
  if (!pairs) return;
  const auto settings = ir::merge_settings(*pairs);
  if (!settings) return;
  ir::SettingPairs printed = to_pairs(*settings);
  const auto again = ir::merge_settings(printed);
  WEIR_CHECK(again && to_pairs(*again) == printed);
}

void suppressions(const std::string& text) {
  fuzz::Front front = fuzz::read("fuzz.yaml", text);
  // One finding and one error on each of the first lines and on every object.
  for (const ir::Code code : {ir::Code::RuleShadowed, ir::Code::UnknownField})
    for (std::uint32_t line = 1; line < 8; ++line)
      front.diagnostics.report({.kind = code, .primary = {ir::FileId{0}, line, 1, line, 2}});
  const auto errors = [&] {
    return std::count_if(front.diagnostics.list().begin(), front.diagnostics.list().end(),
                         [](const ir::Diagnostic& d) { return ir::info(d.kind).effect == ir::Effect::Refuse; });
  };
  const std::size_t before = front.diagnostics.list().size();
  const auto refused = errors();
  const std::size_t taken =
      cli::suppress(front.diagnostics, front.sources, front.files, {.today = "2026-01-01", .proofs_ran = true});
  WEIR_CHECK(taken <= before && front.diagnostics.list().size() + taken >= before);
  WEIR_CHECK(errors() >= refused);
  fuzz::check_diagnostics(front.diagnostics, front.files);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  (bytes.choice() % 2 == 0 ? config : suppressions)(bytes.text());
  return 0;
}
