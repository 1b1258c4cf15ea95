// YAML streams: whatever is read can be printed and read again, and the reader for bulk files sees the same trees.
#include "tests/fuzz/support/support.h"

using namespace weir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::Bytes(data, size).text();
  const fuzz::Front front = fuzz::read("fuzz.yaml", text);
  for (const compiler::Document& document : front.sources.documents)
    if (!document.root.is_null() && document.readable) fuzz::check_printed(document.root);

  compiler::SourceLimits bulk;
  bulk.bulk_bytes = 0;
  ir::Files files;
  ir::Diagnostics diagnostics;
  const compiler::Sources other = compiler::read_text("fuzz.yaml", text, bulk, files, diagnostics);
  // The second opinion of yaml-cpp is asked for small files only: it may refuse more, never read something else.
  if (front.diagnostics.has(ir::Effect::Refuse)) return 0;
  WEIR_CHECK(other.documents.size() == front.sources.documents.size());
  WEIR_CHECK(other.comments == front.sources.comments);
  for (std::size_t i = 0; i < other.documents.size(); ++i)
    WEIR_CHECK(other.documents[i].root == front.sources.documents[i].root);
  return 0;
}
