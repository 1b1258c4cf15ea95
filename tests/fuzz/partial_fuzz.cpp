// Parts of a replay: any bytes are a part or an error, and a part that was read is written as it was read.
#include "simulator/replay/partial.h"

#include "tests/fuzz/support/support.h"

using namespace weir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The body without the zstd frame around it, which hides it from a fuzzer.
  const std::string text = fuzz::Bytes(data, size).text();
  (void)simulator::partial_of(text);
  const auto part = simulator::partial_of_body(text);
  if (!part) return 0;
  const std::string again = simulator::to_bytes(part->header, part->gathered);
  const auto read = simulator::partial_of(again);
  WEIR_CHECK(read.has_value());
  WEIR_CHECK(read->gathered.open.size() == part->gathered.open.size());
  simulator::Gathered sum;
  merge(sum, read->gathered);
  close_all(sum, nullptr);
  return 0;
}
