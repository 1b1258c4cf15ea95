// The columns of a block -> values (docs/segments.md). Nothing that a file says is believed: counts are held against the
// bytes that are there, numbers against the tables they point into. Tested by tests/unit/simulator/segments/segment_test.cpp
// and tests/fuzz/segment_fuzz.cpp.

#include "simulator/segments/block.h"

#include <algorithm>

#include "simulator/flows/party_key.h"
#include "simulator/segments/kind_row.h"

namespace weir::simulator {
namespace {

/// Far from the ends of 64 bits, so that windows can be added to a time.
constexpr std::int64_t kMaxTime = 9'200'000'000'000'000'000;

bool is_time(std::int64_t time) { return time >= -kMaxTime && time <= kMaxTime; }

/// `from` and a gap; false when there is no such time.
bool step(std::int64_t from, std::uint64_t gap, std::int64_t& to) {
  if (gap > static_cast<std::uint64_t>(kMaxTime) - static_cast<std::uint64_t>(from)) return false;
  to = static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + gap);
  return true;
}

struct ByteField {
  std::uint8_t Kind::*field;
  std::uint8_t most;
};

constexpr std::array<ByteField, 14> kByteFields = {{
    {&Kind::verdict, 8}, {&Kind::type, 4}, {&Kind::direction, 3}, {&Kind::point, 9}, {&Kind::reason, 5}, {&Kind::l7, 3},
    {&Kind::is_reply, 2}, {&Kind::event_type, 255}, {&Kind::sub_type, 255}, {&Kind::match_type, 255}, {&Kind::drop_reason, 255},
    {&Kind::icmp_code, 255}, {&Kind::protocol, 255}, {&Kind::icmp_type, 255}}};

}  // namespace

bool Block::load(std::string bytes, Interned& interned, Parts parts, bool check_sum) {
  *this = Block();
  bytes_ = std::move(bytes);
  if (bytes_.size() < kBlockHeaderSize + 8) return false;
  const std::string_view all = bytes_;
  if (check_sum && ByteReader(all.substr(all.size() - 8)).fixed<std::uint64_t>() != crc64(all.substr(0, all.size() - 8))) return false;
  if (!read_header() || !read_kinds(interned)) return false;
  return parts == Parts::Kinds || (read_addresses() && read_pairs() && read_patterns() && read_pieces() && read_loose());
}

bool Block::read_header() {
  ByteReader in(std::string_view(bytes_).substr(0, bytes_.size() - 8));
  if (in.fixed<std::uint32_t>() != kBlockMagic || in.fixed<std::uint32_t>() != kColumns || in.fixed<std::uint64_t>() != bytes_.size()) return false;
  piece_flows_ = in.fixed<std::uint64_t>();
  loose_count_ = in.fixed<std::uint64_t>();
  const auto pieces = in.fixed<std::uint64_t>(), timed = in.fixed<std::uint64_t>();
  first_ = in.fixed<std::int64_t>();
  last_ = in.fixed<std::int64_t>();
  if (in.bad() || piece_flows_ > kMaxBlockFlows || loose_count_ > kMaxBlockFlows || pieces > piece_flows_ || timed > pieces) return false;
  if (!is_time(first_) || !is_time(last_)) return false;
  piece_count_ = static_cast<std::uint32_t>(pieces);
  timed_pieces_ = static_cast<std::uint32_t>(timed);
  std::array<std::uint32_t, kColumns> packed{};
  for (std::size_t i = 0; i < kColumns; ++i) {
    packed[i] = in.fixed<std::uint32_t>();
    sizes_[i] = in.fixed<std::uint32_t>();
  }
  for (std::size_t i = 0; i < kColumns; ++i) frames_[i] = in.text(packed[i]);
  has_requests_ = sizes_[static_cast<std::size_t>(Column::FlowRequests)] != 0;
  return in.done();
}

bool Block::column(Column which, std::string_view& bytes) {
  const auto i = static_cast<std::size_t>(which);
  if (!is_unpacked_[i]) {
    if (frames_[i].size() == sizes_[i]) {
      bytes = frames_[i];
      return true;
    }
    if (!decompressor_.decompress(frames_[i], sizes_[i], unpacked_[i])) return false;
    is_unpacked_[i] = true;
  }
  bytes = unpacked_[i];
  return true;
}

bool Block::read_entries(Column which, std::vector<std::string_view>& entries) {
  std::string_view bytes;
  if (!column(which, bytes)) return false;
  ByteReader sizes(bytes);
  const std::uint32_t count = sizes.below(sizes.left() + 1);
  if (sizes.bad() || count > sizes.left()) return false;
  ByteReader skip = sizes;
  for (std::uint32_t i = 0; i < count; ++i) (void)skip.varint();
  entries.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) entries.push_back(skip.text(sizes.varint()));
  return skip.done() && !sizes.bad();
}

bool Block::entries_of(Column which, Entries& entries) {
  if (!entries.read) entries.good = read_entries(which, entries.views);
  entries.read = true;
  return entries.good;
}

bool Block::read_addresses() {
  std::vector<std::string_view> entries;
  if (!read_entries(Column::Addresses, entries)) return false;
  for (const std::string_view entry : entries) {
    ByteReader in(entry);
    addresses.push_back(read_address(in));
    if (!in.done()) return false;
  }
  return true;
}

bool Block::read_kinds(Interned& interned) {
  std::vector<std::string_view> keys, names;
  std::string_view bytes;
  if (!read_entries(Column::Parties, keys) || !read_entries(Column::Nodes, names) || !column(Column::Kinds, bytes)) return false;
  std::vector<std::uint32_t> parties, nodes;
  for (const std::string_view key : keys) parties.push_back(intern(interned.parties, key).index);
  for (const std::string_view name : names) nodes.push_back(interned.nodes.id(name).index);
  ByteReader in(bytes);
  const std::uint32_t count = in.below(in.left() / 14 + 1);
  if (in.bad()) return false;
  kinds.resize(count);
  for (const ByteField& field : kByteFields)
    for (Kind& kind : kinds)
      if ((kind.*field.field = in.byte()) > field.most) return false;
  for (Kind& kind : kinds) kind.flags = in.fixed<std::uint16_t>();
  const auto pick = [&](const std::vector<std::uint32_t>& ids) {
    const std::uint32_t place = in.below(ids.size());
    return in.bad() ? 0 : ids[place];
  };
  for (Kind& kind : kinds) kind.source = pick(parties);
  for (Kind& kind : kinds) kind.destination = pick(parties);
  for (Kind& kind : kinds) kind.node = pick(nodes);
  for (Kind& kind : kinds) kind.detail = in.below(kMaxColumn);
  return in.done();
}

bool Block::read_pairs() {
  std::vector<std::string_view> entries;
  if (!read_entries(Column::Pairs, entries)) return false;
  for (const std::string_view entry : entries) {
    ByteReader in(entry);
    Pair& pair = pairs.emplace_back();
    const std::uint32_t low = in.below(addresses.size()), high = in.below(addresses.size());
    pair.protocol = in.byte();
    pair.client_is_low = in.byte() != 0;
    pair.port = in.fixed<std::uint16_t>();
    if (!in.done() || pair.protocol == 0) return false;
    pair.low = addresses[low];
    pair.high = addresses[high];
  }
  return true;
}

bool Block::read_patterns() {
  std::string_view rows, steps;
  if (!column(Column::Patterns, rows) || !column(Column::PatternKinds, steps)) return false;
  ByteReader in(rows), kinds_in(steps);
  const std::uint32_t count = in.below(in.left() / 2 + 1);
  patterns.resize(count);
  // Each pattern has a piece at least, so all of them together are no longer than the block.
  pattern_kinds.reserve(std::min<std::uint64_t>(piece_flows_, steps.size()));
  for (Pattern& pattern : patterns) {
    pattern.pair = in.below(pairs.size());
    pattern.begin = static_cast<std::uint32_t>(pattern_kinds.size());
    pattern.count = in.below(piece_flows_ - std::min<std::uint64_t>(piece_flows_, pattern.begin) + 1);
    if (in.bad() || pattern.count == 0) return false;
    std::int64_t kind = 0;
    for (std::uint32_t i = 0; i < pattern.count; ++i) {
      const std::uint64_t zigzag = kinds_in.varint();
      if (zigzag > 2 * kMaxColumn) return false;
      kind += static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1);
      if (kinds_in.bad() || kind < 0 || kind >= static_cast<std::int64_t>(kinds.size())) return false;
      if (kinds[static_cast<std::size_t>(kind)].protocol != pairs[pattern.pair].protocol) return false;
      pattern_kinds.push_back(static_cast<std::uint32_t>(kind));
    }
  }
  return in.done() && kinds_in.done();
}

bool Block::read_pieces() {
  std::string_view bytes, ports;
  if (!column(Column::PiecePatterns, bytes) || !column(Column::PiecePorts, ports)) return false;
  if (piece_count_ > bytes.size()) return false;
  ByteReader in(bytes), ports_in(ports);
  pieces.resize(piece_count_);
  std::uint64_t total = 0;
  for (BlockPiece& piece : pieces) {
    piece.pattern = in.below(patterns.size());
    if (in.bad()) return false;
    const Pattern& pattern = patterns[piece.pattern];
    total += pattern.count;
    if (!is_icmp(pairs[pattern.pair].protocol)) piece.port = ports_in.fixed<std::uint16_t>();
  }
  return total == piece_flows_ && in.done() && ports_in.done() && read_first_and_last() && read_examples();
}

bool Block::read_first_and_last() {
  std::string_view firsts, spans;
  if (!column(Column::PieceFirsts, firsts) || !column(Column::PieceSpans, spans)) return false;
  ByteReader firsts_in(firsts), spans_in(spans);
  std::int64_t before = first_;
  for (std::uint32_t i = 0; i < timed_pieces_; ++i) {
    BlockPiece& piece = pieces[i];
    if (!step(before, firsts_in.varint(), piece.first)) return false;
    before = piece.first;
    const std::uint64_t span = patterns[piece.pattern].count > 1 ? spans_in.varint() : 0;
    if (!step(piece.first, span, piece.last)) return false;
  }
  return firsts_in.done() && spans_in.done();
}

bool Block::read_examples() {
  std::string_view places, ids;
  if (!column(Column::Examples, places) || !column(Column::ExampleIds, ids)) return false;
  ByteReader in(places);
  ByteReader ids_in(ids);
  for (BlockPiece& piece : pieces) {
    piece.example = in.below(std::uint64_t{patterns[piece.pattern].count} + 1);
    if (piece.example == 0) continue;
    const std::string_view id = ids_in.text(sizeof(Uuid));
    if (ids_in.bad()) return false;
    piece.example_id = static_cast<std::uint32_t>(example_ids.size());
    std::memcpy(example_ids.emplace_back().data(), id.data(), id.size());
  }
  return in.done() && ids_in.done();
}

bool Block::read_loose() {
  std::string_view kinds_bytes, address_bytes, port_bytes, time_bytes;
  if (!column(Column::LooseKinds, kinds_bytes) || !column(Column::LooseAddresses, address_bytes) ||
      !column(Column::LoosePorts, port_bytes) || !column(Column::LooseTimes, time_bytes) || loose_count_ > kinds_bytes.size())
    return false;
  ByteReader in(kinds_bytes), addresses_in(address_bytes), ports(port_bytes), times(time_bytes);
  loose.resize(loose_count_);
  std::int64_t before = first_;
  for (LooseFlow& flow : loose) {
    flow.kind = in.below(kinds.size());
    if (in.bad()) return false;
    const Kind& kind = kinds[flow.kind];
    if ((kind.flags & kHasSource) != 0) flow.source = addresses_in.below(addresses.size()) + 1;
    if ((kind.flags & kHasDestination) != 0) flow.destination = addresses_in.below(addresses.size()) + 1;
    if (addresses_in.bad()) return false;
    if (kind.protocol != 0 && !is_icmp(kind.protocol)) {
      flow.source_port = ports.fixed<std::uint16_t>();
      flow.destination_port = ports.fixed<std::uint16_t>();
    }
    if ((kind.flags & kHasTime) == 0) continue;
    if (!step(before, times.varint(), flow.time)) return false;
    before = flow.time;
  }
  return in.done() && addresses_in.done() && ports.done() && times.done();
}

bool Block::read_times(std::vector<std::int64_t>& times) {
  std::string_view bytes;
  if (!column(Column::FlowGaps, bytes)) return false;
  ByteReader in(bytes);
  times.clear();
  times.reserve(piece_flows_);
  for (std::uint32_t i = 0; i < pieces.size(); ++i) {
    const BlockPiece& piece = pieces[i];
    const std::uint32_t count = patterns[piece.pattern].count;
    std::int64_t time = piece.first;
    times.push_back(time);
    for (std::uint32_t k = 1; k + 1 < count; ++k) {
      if (i < timed_pieces_ && (!step(time, in.varint(), time) || time > piece.last)) return false;
      times.push_back(time);
    }
    if (count > 1) times.push_back(piece.last);
  }
  return in.done();
}

bool Block::read_requests(std::vector<FlowRequest>& found) {
  std::string_view numbers, kept, ids;
  if (!column(Column::FlowRequests, numbers) || !column(Column::RequestExamples, kept) || !column(Column::RequestExampleIds, ids)) return false;
  if (numbers.empty()) return kept.empty() && ids.empty();
  ByteReader in(numbers), kept_in(kept), ids_in(ids);
  const auto take = [&](std::uint32_t flow, std::uint32_t kind) {
    if ((kinds[kind].flags & kHasRequest) == 0) return;
    FlowRequest& request = found.emplace_back();
    request.flow = flow;
    request.request = in.below(kMaxColumn);
    if (kept_in.byte() == 0) return;
    const std::string_view id = ids_in.text(sizeof(Uuid));
    std::copy(id.begin(), id.end(), request.uuid.begin());
  };
  std::uint32_t flow = 0;
  for (const BlockPiece& piece : pieces) {
    const Pattern& pattern = patterns[piece.pattern];
    for (std::uint32_t i = 0; i < pattern.count; ++i) take(flow++, pattern_kinds[pattern.begin + i]);
  }
  for (const LooseFlow& line : loose) take(flow++, line.kind);
  return in.done() && kept_in.done() && ids_in.done();
}

bool Block::detail(std::uint32_t id, FlowDetail& detail) {
  if (!entries_of(Column::Texts, texts_) || !entries_of(Column::Details, details_) || id >= details_.views.size()) return false;
  return read_detail(details_.views[id], texts_.views, detail);
}

bool Block::request(std::uint32_t id, FlowDetail& detail) {
  if (!entries_of(Column::Texts, texts_) || !entries_of(Column::Requests, requests_) || id >= requests_.views.size()) return false;
  return read_request(requests_.views[id], texts_.views, detail);
}

}  // namespace weir::simulator
