// A segment -> connections. Pieces of one pattern differ in their times and the client's port only, so a pattern is folded once,
// and its pieces are counted. Tested by tests/unit/simulator/segments/replay_test.cpp.

#include "simulator/replay/gather_segment.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "simulator/replay/closing.h"
#include "simulator/replay/gather_requests.h"
#include "simulator/segments/kind_row.h"
#include "simulator/segments/segment_reader.h"

namespace weir::simulator {
namespace {

/// The interval of a connection that is in several blocks, as far as it was read.
struct Linked {
  ConnectionKey key;
  Connection connection;
  std::uint32_t pieces = 0;
};

/// Pieces of one pattern, added up.
struct Alike {
  std::uint64_t pieces = 0;
  Connection connection;
};

class BlockGather {
 public:
  BlockGather(Gathered& sum, Gather& gather, const GatherOptions& options, const SegmentIndex& index)
      : sum_(sum), gather_(gather), addresses_(options.addresses), closing_(sum, options.addresses), index_(index) {}

  bool add(Block&, const std::vector<BlockLink>&);
  /// What only other parts can finish.
  void finish();

 private:
  void add_pattern(const Pattern&, const std::uint32_t* pieces, std::uint32_t count);
  bool fold_pattern(const Pattern&, const BlockPiece&, ConnectionKey&, Connection&);
  void add_kind(const BlockPiece&, std::uint32_t kind, std::uint32_t lines, bool& any, ConnectionKey&, Connection&);
  void add_piece(const BlockPiece&, Connection&);
  void add_linked(const BlockPiece&, std::uint32_t link, ConnectionKey, const Connection&);
  std::int64_t example_time(const BlockPiece&);
  void count_kinds();
  void add_loose();
  void see_times();
  bool read_times();
  bool add_requests();
  bool add_request_line(const FlowRequest&, const Kind&, Record&);
  bool add_names();
  bool add_name(std::uint32_t kind, Record&);

  Gathered& sum_;
  Gather& gather_;
  const AddressClasses* addresses_;
  Closing closing_;
  const SegmentIndex& index_;
  std::map<std::uint32_t, Linked> linked_;
  // Of the block that is read.
  Block* block_ = nullptr;
  std::vector<std::uint64_t> lines_;             // by kind
  std::vector<Evidence> evidence_;               // by kind
  std::vector<char> classified_;
  std::vector<std::uint32_t> links_;             // by piece: 1 more than its link; 0: none
  std::vector<std::int64_t> times_;              // of its lines, read when it is asked for
  std::vector<std::uint32_t> first_lines_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> distinct_;
  bool good_ = true;
};

ConnectionKey with_client_port(ConnectionKey key, const Pair& pair, std::uint16_t port) {
  if (is_icmp(pair.protocol)) return key;
  (pair.client_is_low ? key.low_port : key.high_port) = port;
  return key;
}

void multiply(Connection& connection, std::uint32_t by) {
  connection.loose_lines *= by;
  for (Half& half : connection.halves) {
    for (std::uint32_t& lines : half.lines) lines *= by;
    half.excused_lines *= by;
    half.reply_lines *= by;
    half.fold_lines *= by;
  }
}

/// Adds lines of one kind to the connection of a pattern.
void BlockGather::add_kind(const BlockPiece& piece, std::uint32_t kind, std::uint32_t lines, bool& any, ConnectionKey& key,
                           Connection& connection) {
  Record record;
  fill_piece_record(*block_, piece, block_->kinds[kind], sum_.interned, record);
  if (classified_[kind] == 0) {
    evidence_[kind] = classify(record, sum_.interned.parties);
    classified_[kind] = 1;
  }
  const Evidence& evidence = evidence_[kind];
  if (evidence.use == LineUse::NotPolicy || evidence.use == LineUse::Loose) return;
  Folded folded = fold(record, evidence);
  folded.connection.timed = false;
  if (lines != 1) multiply(folded.connection, lines);
  if (!any) {
    key = folded.key;
    connection = folded.connection;
    any = true;
  } else {
    merge(connection, folded.connection, sum_.interned.parties);
  }
}

/// False: policy sees none of its lines.
bool BlockGather::fold_pattern(const Pattern& pattern, const BlockPiece& piece, ConnectionKey& key, Connection& connection) {
  distinct_.clear();
  for (std::uint32_t i = 0; i < pattern.count; ++i) distinct_.emplace_back(block_->pattern_kinds[pattern.begin + i], 1);
  std::sort(distinct_.begin(), distinct_.end());
  bool any = false;
  for (std::size_t i = 0; i < distinct_.size();) {
    const std::uint32_t kind = distinct_[i].first;
    std::uint32_t lines = 0;
    for (; i < distinct_.size() && distinct_[i].first == kind; ++i) ++lines;
    add_kind(piece, kind, lines, any, key, connection);
  }
  return any;
}

/// Most blocks are understood without the time of each line.
bool BlockGather::read_times() {
  if (!times_.empty() || block_->piece_flows() == 0) return true;
  const bool good = block_->read_times(times_);
  first_lines_.clear();
  std::uint32_t line = 0;
  for (const BlockPiece& piece : block_->pieces) {
    first_lines_.push_back(line);
    line += block_->patterns[piece.pattern].count;
  }
  times_.resize(block_->piece_flows());
  return good;
}

std::int64_t BlockGather::example_time(const BlockPiece& piece) {
  const std::uint32_t count = block_->patterns[piece.pattern].count;
  if (piece.example == 1 || piece.first == piece.last) return piece.first;
  if (piece.example == count) return piece.last;
  good_ = read_times() && good_;
  return times_[first_lines_[static_cast<std::size_t>(&piece - block_->pieces.data())] + piece.example - 1];
}

/// What differs between the pieces of a pattern.
void BlockGather::add_piece(const BlockPiece& piece, Connection& connection) {
  const bool timed = static_cast<std::size_t>(&piece - block_->pieces.data()) < block_->timed_pieces();
  if (timed) {
    connection.first = connection.timed ? std::min(connection.first, piece.first) : piece.first;
    connection.last = connection.timed ? std::max(connection.last, piece.last) : piece.last;
    connection.timed = true;
  }
  if (piece.example != 0)
    keep_earlier(connection.example_time, connection.example, example_time(piece), block_->example_ids[piece.example_id]);
}

void BlockGather::add_linked(const BlockPiece& piece, std::uint32_t link, ConnectionKey key, const Connection& pattern) {
  Connection connection = pattern;
  add_piece(piece, connection);
  const auto [at, added] = linked_.try_emplace(link, Linked{key, connection});
  if (!added) merge(at->second.connection, connection, sum_.interned.parties);
  if (++at->second.pieces < index_.link_sizes[link]) return;
  closing_.add(key, at->second.connection);
  linked_.erase(at);
}

void BlockGather::add_pattern(const Pattern& pattern, const std::uint32_t* pieces, std::uint32_t count) {
  for (std::uint32_t i = 0; i < pattern.count; ++i) lines_[block_->pattern_kinds[pattern.begin + i]] += count;
  ConnectionKey key;
  Connection connection;
  const Pair& pair = block_->pairs[pattern.pair];
  if (!fold_pattern(pattern, block_->pieces[pieces[0]], key, connection)) return;
  // The client's port is part of a shape where lines disagree about who the client is.
  const bool alike = pair.low != pair.high && !connection.halves[pair.client_is_low ? 1 : 0].seen;
  std::array<Alike, 2> sums{Alike{0, connection}, Alike{0, connection}};  // by whether policy changed inside
  for (std::uint32_t i = 0; i < count; ++i) {
    const BlockPiece& piece = block_->pieces[pieces[i]];
    const std::uint32_t link = links_[pieces[i]];
    if (link == 0 && alike) {
      Alike& sum = sums[closing_.changed_between(piece.first, piece.last) ? 1 : 0];
      add_piece(piece, sum.connection);
      ++sum.pieces;
      continue;
    }
    ConnectionKey own = with_client_port(key, pair, piece.port);
    Connection single = connection;
    if (pair.low == pair.high) (void)fold_pattern(pattern, piece, own, single);
    if (link != 0) {
      add_linked(piece, link - 1, own, single);
    } else {
      add_piece(piece, single);
      closing_.add(own, single);
    }
  }
  for (const bool changed : {false, true})
    if (sums[changed].pieces != 0) closing_.add_alike(key, sums[changed].connection, sums[changed].pieces, changed);
}

/// Lines outside connections count by their kind; one that this weir sees as part of a connection goes the long way.
void BlockGather::add_loose() {
  for (const LooseFlow& flow : block_->loose) {
    if (classified_[flow.kind] == 0) {
      Record record;
      fill_loose_record(*block_, flow, sum_.interned, record);
      evidence_[flow.kind] = classify(record, sum_.interned.parties);
      classified_[flow.kind] = 1;
    }
    const LineUse use = evidence_[flow.kind].use;
    if (use == LineUse::NotPolicy || use == LineUse::Loose) {
      ++lines_[flow.kind];
      continue;
    }
    Record record;
    fill_loose_record(*block_, flow, sum_.interned, record);
    gather_.add(record);
  }
}

bool BlockGather::add_request_line(const FlowRequest& request, const Kind& kind, Record& record) {
  FlowDetail detail;
  if (kind.detail == 0 || !block_->detail(kind.detail - 1, detail) || !block_->request(request.request, detail)) return false;
  record.detail = &detail;
  record.uuid = request.uuid;
  gather_request(record, addresses_, sum_);
  return true;
}

/// Requests are counted one by one: each has a time and a text of its own.
bool BlockGather::add_requests() {
  std::vector<FlowRequest> requests;
  if (!block_->has_requests()) return true;
  if (!block_->read_requests(requests) || !read_times()) return false;
  std::size_t piece = 0;
  for (const FlowRequest& request : requests) {
    Record record;
    if (request.flow >= block_->piece_flows()) {
      const LooseFlow& flow = block_->loose[request.flow - block_->piece_flows()];
      fill_loose_record(*block_, flow, sum_.interned, record);
      if (!add_request_line(request, block_->kinds[flow.kind], record)) return false;
      continue;
    }
    while (piece + 1 < first_lines_.size() && first_lines_[piece + 1] <= request.flow) ++piece;
    const BlockPiece& row = block_->pieces[piece];
    const Kind& kind = block_->kinds[block_->pattern_kinds[block_->patterns[row.pattern].begin + request.flow - first_lines_[piece]]];
    fill_piece_record(*block_, row, kind, sum_.interned, record);
    record.time = times_[request.flow];
    if (!add_request_line(request, kind, record)) return false;
  }
  return true;
}

bool BlockGather::add_name(std::uint32_t kind, Record& record) {
  FlowDetail detail;
  if (!block_->detail(block_->kinds[kind].detail - 1, detail)) return false;
  record.detail = &detail;
  gather_request(record, addresses_, sum_);
  return true;
}

/// The names that lines give their destinations: the same in all lines of one kind and one pair of addresses.
bool BlockGather::add_names() {
  std::vector<char> named(block_->kinds.size());
  bool any = false;
  for (std::size_t i = 0; i < named.size(); ++i) {
    const Kind& kind = block_->kinds[i];
    FlowDetail detail;
    if (kind.detail == 0 || (kind.flags & kHasRequest) != 0) continue;
    if (!block_->detail(kind.detail - 1, detail)) return false;
    named[i] = !detail.destination_names.empty();
    any = any || named[i] != 0;
  }
  if (!any) return true;
  for (std::uint32_t i = 0; i < block_->patterns.size(); ++i) {
    const Pattern& pattern = block_->patterns[i];
    for (std::uint32_t line = pattern.begin; line < pattern.begin + pattern.count; ++line) {
      const std::uint32_t kind = block_->pattern_kinds[line];
      Record record;
      if (named[kind] == 0) continue;
      fill_piece_record(*block_, {.pattern = i}, block_->kinds[kind], sum_.interned, record);
      if (!add_name(kind, record)) return false;
    }
  }
  for (const LooseFlow& flow : block_->loose) {
    Record record;
    if (named[flow.kind] == 0) continue;
    fill_loose_record(*block_, flow, sum_.interned, record);
    if (!add_name(flow.kind, record)) return false;
  }
  return true;
}

void BlockGather::count_kinds() {
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i] == 0) continue;
    Record record;
    fill_kind_record(block_->kinds[i], record);
    // Times were looked at as a whole.
    record.time = sum_.first.value_or(0);
    gather_.count(record, evidence_[i], lines_[i]);
  }
}

void BlockGather::see_times() {
  const auto see = [&](std::int64_t first, std::int64_t last) {
    sum_.first = std::min(sum_.first.value_or(first), first);
    sum_.last = std::max(sum_.last.value_or(last), last);
  };
  for (std::uint32_t i = 0; i < block_->timed_pieces(); ++i) see(block_->pieces[i].first, block_->pieces[i].last);
  for (const LooseFlow& flow : block_->loose)
    if ((block_->kinds[flow.kind].flags & kHasTime) != 0) see(flow.time, flow.time);
}

bool BlockGather::add(Block& block, const std::vector<BlockLink>& links) {
  block_ = &block;
  lines_.assign(block.kinds.size(), 0);
  evidence_.assign(block.kinds.size(), {});
  classified_.assign(block.kinds.size(), 0);
  links_.assign(block.pieces.size(), 0);
  times_.clear();
  for (const BlockLink& link : links) {
    if (link.piece >= block.pieces.size()) return false;
    links_[link.piece] = link.link + 1;
  }
  // Pieces by pattern.
  std::vector<std::uint32_t> begins(block.patterns.size() + 1), order(block.pieces.size());
  for (const BlockPiece& piece : block.pieces) ++begins[piece.pattern + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<std::uint32_t> at(begins.begin(), begins.end() - 1);
  for (std::uint32_t i = 0; i < block.pieces.size(); ++i) order[at[block.pieces[i].pattern]++] = i;
  for (std::size_t i = 0; i < block.patterns.size(); ++i)
    if (begins[i] != begins[i + 1]) add_pattern(block.patterns[i], order.data() + begins[i], begins[i + 1] - begins[i]);
  see_times();
  add_loose();
  count_kinds();
  return add_requests() && add_names() && good_;
}

void BlockGather::finish() {
  for (const auto& [link, linked] : linked_) sum_.open.emplace_back(linked.key, linked.connection);
}

}  // namespace

bool reads_by_connection(const Shard& shard, const GatherOptions& options) {
  if (options.filter != nullptr || shard.slices.size() != 1 || !is_segment(shard.slices[0].path)) return false;
  const ir::Result<SegmentFile> file = SegmentFile::open(shard.slices[0].path);
  return file && file->index().whole && file->index().grouping == Grouping{};
}

ir::Result<ReadStats> gather_segment(const Slice& slice, Gathered& sum, Gather& gather, const GatherOptions& options,
                                     const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  const ir::Result<SegmentFile> file = SegmentFile::open(slice.path);
  if (!file) return tl::unexpected(file.error());
  const SegmentIndex& index = file->index();
  ReadStats stats = stats_of(index, slice, sum.interned);
  if (slice.begin <= kHeaderSize) sum.late += index.late;
  for (const SegmentIndex::Change& change : index.changes)
    if (change.timed) sum.policy_changes.insert(change.time);
  BlockGather blocks(sum, gather, options, index);
  const BlockRange range = blocks_in(index, slice);
  for (std::size_t i = range.begin; i < range.end; ++i) {
    Block block;
    if (file->load(i, sum.interned, block) && blocks.add(block, index.links[i])) {
      stats.read += block.flows();
    } else if (stats.damage.empty()) {
      stats.damage = block_damage(i);
    }
    progress(index.blocks[i].size, block.flows());
  }
  blocks.finish();
  return stats;
}

}  // namespace weir::simulator
