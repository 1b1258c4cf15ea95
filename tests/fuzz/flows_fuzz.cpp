// Recordings of every shape, plain, gzip and zstd: each record can be printed, nothing is counted twice, reading again
// gives the same, and so do the two ways a line is decoded.
#include <algorithm>

#include "simulator/flows/flow_reader.h"
#include "simulator/flows/print.h"
#include "tests/fuzz/support/support.h"
#include "tests/unit/simulator/both_ways.h"

using namespace weir;

namespace {

struct Reading {
  std::string text;
  std::uint64_t flows = 0;
  simulator::ReadStats stats;
};

Reading read(const std::string& path, std::size_t size) {
  Reading out;
  simulator::Interned interned;
  auto reader = simulator::FlowReader::open(path, interned);
  WEIR_CHECK(reader.has_value());
  simulator::Record record;
  while (reader->next(record)) {
    out.flows += record.kind == simulator::RecordKind::Flow;
    out.text += to_text(record, interned) + "\n";
    // No flow is shorter than `{"flow":{}}`, and what is packed grows by 1032 at most (gzip).
    WEIR_CHECK(out.flows < (size + 1) * 1032);
  }
  out.stats = reader->stats();
  return out;
}

void check_both_ways(std::string_view text, bool filters) {
  test::BothWays both(filters);
  // The second time its parties are known, so that the fast way is taken.
  for (int round = 0; round < 2; ++round)
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      WEIR_CHECK(both.agree(rest.substr(0, end), rest.substr(end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(fuzz::Bytes(data, size).text());
  const Reading first = read(file.path(), size), second = read(file.path(), size);
  WEIR_CHECK(first.text == second.text);
  WEIR_CHECK(first.stats.read == first.flows && first.stats.malformed == second.stats.malformed);
  WEIR_CHECK(first.stats.too_long <= first.stats.malformed);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_both_ways(text, false);
  check_both_ways(text, true);
  return 0;
}
