// JSON manifests: what simdjson reads can be printed as YAML and read again, and JSON that also is YAML means the same there.
#include "tests/fuzz/support/support.h"

using namespace weir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::Bytes(data, size).text();
  const fuzz::Front json = fuzz::read("fuzz.json", text);
  for (const compiler::Document& document : json.sources.documents)
    if (!document.root.is_null() && document.readable) fuzz::check_printed(document.root);

  if (json.diagnostics.has(ir::Effect::Refuse)) return 0;
  if (text.starts_with("\xef\xbb\xbf")) return 0;  // a byte order mark means nothing in front, and is a letter behind `---`
  const fuzz::Front yaml = fuzz::read("fuzz.yaml", "--- " + text);
  if (yaml.diagnostics.has(ir::Effect::Refuse) || yaml.sources.documents.size() != json.sources.documents.size()) return 0;
  // Values behind each other without a separator, such as `1{}`, are two in JSON and one plain text in YAML.
  for (const compiler::Document& document : json.sources.documents)
    if (document.root.kind == compiler::NodeKind::Scalar || document.root.is_null()) return 0;
  for (std::size_t i = 0; i < json.sources.documents.size(); ++i)
    WEIR_CHECK(fuzz::same_value(json.sources.documents[i].root, yaml.sources.documents[i].root));
  return 0;
}
