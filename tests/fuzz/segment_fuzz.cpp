// Packed segments: any bytes as a file, and as a block and a footer whose checksums are right. Whatever is read prints, replays
// and ends; reading again gives the same.
#include <limits>

#include "simulator/replay/recordings.h"
#include "simulator/replay/replay.h"
#include "simulator/segments/bytes.h"
#include "simulator/segments/frame.h"
#include "simulator/segments/jsonpb.h"
#include "simulator/segments/segment_file.h"
#include "tests/fuzz/support/support.h"

using namespace weir;
using namespace weir::simulator;

namespace {

/// A small block may stand for many lines (zstd repeats); a fuzzer has no time for all of them.
constexpr std::uint64_t kEnough = 2'000;

std::string print(const std::string& path) {
  Interned interned;
  auto recordings = Recordings::open(std::vector<std::string>{path}, interned);
  if (!recordings) return recordings.error().message;
  std::string text;
  std::uint64_t lines = 0;
  for (Record record; lines < kEnough && recordings->next(record); ++lines) text += to_jsonpb(record, interned);
  return text + recordings->stats(0).damage;
}

std::string with_sum(std::string bytes) {
  ByteWriter sum;
  sum.fixed(crc64(bytes));
  return bytes + sum.bytes;
}

/// A file of one block made of these bytes; some of its pieces are linked.
std::string segment_of(std::string block, std::uint8_t links) {
  if (block.size() < kBlockHeaderSize) block.resize(kBlockHeaderSize);
  ByteWriter size;
  size.fixed(std::uint64_t{block.size()} + 8);
  block.replace(8, 8, size.bytes);
  SegmentIndex index;
  ByteReader header(std::string_view(block).substr(16));
  const auto grouped = header.fixed<std::uint64_t>(), loose = header.fixed<std::uint64_t>();
  index.blocks.push_back({kHeaderSize, block.size() + 8, grouped + loose, 0, 0});
  index.links.emplace_back();
  for (std::uint32_t i = 0; i < links % 4; ++i) index.links[0].push_back({i * 2, i % 2});
  const std::string footer = footer_bytes(index);
  ByteWriter end;
  end.fixed(std::uint64_t{footer.size()});
  end.text(footer);
  std::string file = header_bytes({}) + with_sum(block);
  const std::uint64_t offset = file.size();
  file += with_sum(end.bytes);
  ByteWriter trailer;
  trailer.fixed(offset);
  trailer.text(kFooterMagic);
  return file + trailer.bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const std::uint8_t form = bytes.choice();
  SegmentIndex index, again;
  if (read_footer(bytes.text(), index)) WEIR_CHECK(read_footer(footer_bytes(index), again) && footer_bytes(index) == footer_bytes(again));
  const fuzz::MemoryFile file((form & 1) == 0 ? header_bytes({}) + bytes.text() : segment_of(bytes.text(), form >> 1));
  WEIR_CHECK(is_segment(file.path()));
  WEIR_CHECK(print(file.path()) == print(file.path()));
  if ((form & 1) == 0) return 0;
  const auto gathered = gather({file.path()}, nullptr, true, {});
  // 3: its kinds of lines lack what a verdict needs.
  WEIR_CHECK(gathered.has_value() || gathered.error().exit_code == 3);
  return 0;
}
