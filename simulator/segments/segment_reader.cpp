// Tested by tests/unit/simulator/segments/segment_test.cpp.

#include "simulator/segments/segment_reader.h"

#include <algorithm>
#include <numeric>

#include "simulator/segments/kind_row.h"

namespace weir::simulator {

BlockRange blocks_in(const SegmentIndex& index, const Slice& slice) {
  const auto at = [&](std::uint64_t offset) {
    const auto found = std::lower_bound(index.blocks.begin(), index.blocks.end(), offset,
                                        [](const BlockInfo& block, std::uint64_t value) { return block.offset < value; });
    return static_cast<std::size_t>(found - index.blocks.begin());
  };
  return {at(slice.begin), std::max(at(slice.begin), at(slice.end))};
}

ReadStats stats_of(const SegmentIndex& index, const Slice& slice, Interned& interned) {
  ReadStats stats;
  if (slice.begin > kHeaderSize) return stats;
  stats.malformed = index.malformed;
  stats.too_long = index.too_long;
  stats.other = index.other;
  stats.malformed_lines = index.malformed_lines;
  for (const auto& [node, lost] : index.lost) stats.lost[interned.nodes.id(node).index] += lost;
  for (const std::string& node : index.gone) stats.gone.insert(interned.nodes.id(node).index);
  stats.damage = index.whole ? index.damage : "the segment is cut off or its end is damaged";
  stats.remark = index.remark;
  return stats;
}

std::string block_damage(std::size_t block) { return "block " + std::to_string(block + 1) + " of the segment is damaged"; }

void fill_kind_record(const Kind& kind, Record& record) {
  apply(kind, record);
  if ((kind.flags & kHasSource) != 0) record.source_address.emplace();
  if ((kind.flags & kHasDestination) != 0) record.destination_address.emplace();
}

void fill_piece_record(const Block& block, const BlockPiece& piece, const Kind& kind, const Interned& interned, Record& record) {
  const Pair& pair = block.pairs[block.patterns[piece.pattern].pair];
  const bool from_low = (kind.flags & kSourceIsLow) != 0;
  record.source_address = from_low ? pair.low : pair.high;
  record.destination_address = from_low ? pair.high : pair.low;
  const bool from_client = from_low == pair.client_is_low;
  record.source_port = from_client ? piece.port : pair.port;
  record.destination_port = from_client ? pair.port : piece.port;
  // The type of ICMP is one of the kind.
  apply(kind, record);
  record.cluster = interned.nodes.cluster(record.node);
}

void fill_loose_record(const Block& block, const LooseFlow& flow, const Interned& interned, Record& record) {
  const Kind& kind = block.kinds[flow.kind];
  record.source_port = flow.source_port;
  record.destination_port = flow.destination_port;
  if (flow.source != 0) record.source_address = block.addresses[flow.source - 1];
  if (flow.destination != 0) record.destination_address = block.addresses[flow.destination - 1];
  record.time = flow.time;
  apply(kind, record);
  record.cluster = interned.nodes.cluster(record.node);
}

struct SegmentReader::State {
  State(SegmentFile file_, const Slice& slice, Interned& interned_)
      : file(std::move(file_)), interned(interned_), range(blocks_in(file.index(), slice)), stats(stats_of(file.index(), slice, interned_)) {}

  SegmentFile file;
  Interned& interned;
  BlockRange range;
  ReadStats stats;
  std::size_t block_number = 0;  // the next one, from range.begin
  std::unique_ptr<Block> block;
  std::vector<std::int64_t> times;       // of the pieces' lines, then of the others
  std::vector<std::uint32_t> piece_of;   // by line
  std::vector<std::uint32_t> first_line; // by piece
  std::vector<FlowRequest> requests;
  std::vector<std::uint32_t> order;
  std::size_t at = 0, change = 0;
  FlowDetail detail;
  std::uint64_t consumed = 0;

  bool load_next();
  bool unpack();
  bool give_change(Record&, std::int64_t before);
  [[nodiscard]] bool timed(std::uint32_t line) const;
  bool fill(std::uint32_t line, Record&);
};

bool SegmentReader::State::timed(std::uint32_t line) const {
  if (line < block->piece_flows()) return piece_of[line] < block->timed_pieces();
  return (block->kinds[block->loose[line - block->piece_flows()].kind].flags & kHasTime) != 0;
}

/// The lines of the block in order of time; those without first.
bool SegmentReader::State::unpack() {
  piece_of.clear();
  first_line.clear();
  requests.clear();
  if (!block->read_times(times) || !block->read_requests(requests)) return false;
  for (std::uint32_t i = 0; i < block->pieces.size(); ++i) {
    first_line.push_back(static_cast<std::uint32_t>(piece_of.size()));
    piece_of.insert(piece_of.end(), block->patterns[block->pieces[i].pattern].count, i);
  }
  for (const LooseFlow& flow : block->loose) times.push_back(flow.time);
  order.resize(times.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(timed(a), times[a]) < std::pair(timed(b), times[b]);
  });
  at = 0;
  return true;
}

bool SegmentReader::State::load_next() {
  while (range.begin + block_number < range.end) {
    const std::size_t number = range.begin + block_number++;
    block = std::make_unique<Block>();
    const bool good = file.load(number, interned, *block) && unpack();
    consumed += file.index().blocks[number].size;
    if (good && !order.empty()) return true;
    if (good) continue;
    if (stats.damage.empty()) stats.damage = block_damage(number);
    order.clear();
    at = 0;
  }
  return false;
}

/// Events that changed policy come before the first flow that is not older.
bool SegmentReader::State::give_change(Record& record, std::int64_t before) {
  const auto& changes = file.index().changes;
  if (change == changes.size() || changes[change].time > before) return false;
  record = Record{};
  record.kind = RecordKind::AgentEvent;
  record.policy_changed = true;
  record.time = changes[change].time;
  record.has_time = changes[change].timed;
  record.node = interned.nodes.id(changes[change].node);
  record.cluster = interned.nodes.cluster(record.node);
  ++change;
  return true;
}

bool SegmentReader::State::fill(std::uint32_t line, Record& record) {
  record = Record{};
  const Kind* kind = nullptr;
  if (line < block->piece_flows()) {
    const std::uint32_t piece = piece_of[line];
    const BlockPiece& row = block->pieces[piece];
    const std::uint32_t place = line - first_line[piece];
    kind = &block->kinds[block->pattern_kinds[block->patterns[row.pattern].begin + place]];
    fill_piece_record(*block, row, *kind, interned, record);
    record.time = times[line];
    if (row.example == place + 1) record.uuid = block->example_ids[row.example_id];
  } else {
    const LooseFlow& flow = block->loose[line - block->piece_flows()];
    kind = &block->kinds[flow.kind];
    fill_loose_record(*block, flow, interned, record);
  }
  if (kind->detail == 0) return true;
  detail = FlowDetail{};
  record.detail = &detail;
  if (!block->detail(kind->detail - 1, detail)) return false;
  if ((kind->flags & kHasRequest) == 0) return true;
  const auto request = std::lower_bound(requests.begin(), requests.end(), line, [](const FlowRequest& a, std::uint32_t b) { return a.flow < b; });
  if (request->uuid != Uuid{}) record.uuid = request->uuid;
  return block->request(request->request, detail);
}

bool SegmentReader::next(Record& record) {
  State& state = *state_;
  for (;;) {
    if (state.at == state.order.size() && !state.load_next()) return state.give_change(record, std::numeric_limits<std::int64_t>::max());
    const std::uint32_t line = state.order[state.at];
    if (state.timed(line) && state.give_change(record, state.times[line])) return true;
    ++state.at;
    if (state.fill(line, record)) {
      ++state.stats.read;
      return true;
    }
    // A line that points nowhere: the block is not what its checksum says.
    state.order.clear();
    state.at = 0;
    if (state.stats.damage.empty()) state.stats.damage = block_damage(state.range.begin + state.block_number - 1);
  }
}

ir::Result<SegmentReader> SegmentReader::open(const Slice& slice, Interned& interned) {
  ir::Result<SegmentFile> file = SegmentFile::open(slice.path);
  if (!file) return tl::unexpected(file.error());
  return SegmentReader(std::make_unique<State>(std::move(*file), slice, interned));
}

const ReadStats& SegmentReader::stats() const { return state_->stats; }
std::uint64_t SegmentReader::consumed() const { return state_->consumed; }
SegmentReader::SegmentReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SegmentReader::SegmentReader(SegmentReader&&) noexcept = default;
SegmentReader::~SegmentReader() = default;

}  // namespace weir::simulator
