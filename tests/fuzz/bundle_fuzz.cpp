// The files of a bundle: any bytes are refused or decode to a value that encodes and decodes to itself, and whose indexes
// can be checked.
#include "backends/ebpf/bundle/bundle.h"
#include "backends/ebpf/bundle/encode.h"
#include "backends/ebpf/bundle/folder.h"
#include "backends/ebpf/bundle/manifest.h"
#include "tests/fuzz/support/support.h"

using namespace weir;

namespace {

/// `encode` after `decode` is read as the same value.
template <class Value, class Decode, class Encode>
bool round_trip(const std::string& bytes, Value& value, Decode decode, Encode encode) {
  if (!decode(bytes, value)) return false;
  Value again;
  WEIR_CHECK(decode(encode(value), again));
  WEIR_CHECK(value == again);
  return true;
}

void names(const std::string& text, backends::Bundle& bundle) {
  if (!backends::decode_names(text, bundle)) return;
  backends::Bundle again;
  WEIR_CHECK(backends::decode_names(backends::encode_names(bundle), again));
  WEIR_CHECK(again.identities == bundle.identities && again.names == bundle.names);
}

void manifest(const std::string& text) {
  if (const auto read = backends::parse_manifest(text)) WEIR_CHECK(to_text(*read) == text);
  const std::string name = backends::percent_encoded(text);
  WEIR_CHECK(!name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const std::uint8_t choice = bytes.choice();
  const std::string text = bytes.text();
  backends::Bundle bundle;
  switch (choice % 5) {
    case 0: manifest(text); break;
    case 1: round_trip(text, bundle.maps, backends::decode_maps, backends::encode_maps); break;
    case 2: round_trip(text, bundle.vectors, backends::decode_vectors, backends::encode_vectors); break;
    case 3: round_trip(text, bundle.rules, backends::decode_rules, backends::encode_rules); break;
    default: names(text, bundle);
  }
  (void)check(bundle);
  return 0;
}
