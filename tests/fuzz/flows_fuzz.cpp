// Recordings of every shape, plain, gzip and zstd: each record can be printed, nothing is counted twice, reading again
// gives the same.
#include "simulator/flows/flow_reader.h"
#include "simulator/flows/print.h"
#include "tests/fuzz/support/support.h"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(fuzz::Bytes(data, size).text());
  const Reading first = read(file.path(), size), second = read(file.path(), size);
  WEIR_CHECK(first.text == second.text);
  WEIR_CHECK(first.stats.read == first.flows && first.stats.malformed == second.stats.malformed);
  WEIR_CHECK(first.stats.too_long <= first.stats.malformed);
  return 0;
}
