// Tested by tests/unit/simulator/segments/segment_test.cpp.

#include "simulator/segments/block_encoder.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace weir::simulator {
namespace {

/// Over so many bytes of uuids a flow, most of them are left out (docs/segments.md "Examples").
constexpr std::uint64_t kUuidBytesPerFlow = 8;

bool is_reply(const Kind& kind) {
  return kind.is_reply == static_cast<std::uint8_t>(Tristate::Yes) || kind.reason == static_cast<std::uint8_t>(TraceReason::Reply) ||
         kind.l7 == static_cast<std::uint8_t>(L7Type::Response);
}

ir::IpAddress address_of(const Ends& ends, bool low) {
  return {ends.v6 != 0 ? ir::IpFamily::V6 : ir::IpFamily::V4, low ? ends.low_address : ends.high_address};
}

}  // namespace

std::uint32_t BlockEncoder::address_id(const ir::IpAddress& address) {
  ByteWriter bytes;
  write_address(bytes, address);
  return addresses_.id(bytes.bytes);
}

/// Flows by piece, in order of time; pieces in order of their first time, those without a time last.
void BlockEncoder::split(const std::vector<WaitingFlow>& flows) {
  std::vector<Piece>& pieces = intervals_.pieces();
  std::vector<std::uint32_t> begins(pieces.size() + 1);
  for (const WaitingFlow& flow : flows) ++begins[intervals_.root(flow.piece) + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  order_.resize(flows.size());
  std::vector<std::uint32_t> at(begins.begin(), begins.end() - 1);
  for (std::uint32_t i = 0; i < flows.size(); ++i) order_[at[intervals_.root(flows[i].piece)]++] = i;
  for (std::uint32_t i = 0; i < pieces.size(); ++i) {
    if (begins[i] == begins[i + 1]) continue;
    std::stable_sort(order_.begin() + begins[i], order_.begin() + begins[i + 1],
                     [&](std::uint32_t a, std::uint32_t b) { return flows[a].time < flows[b].time; });
    parts_.push_back({i, begins[i], begins[i + 1]});
  }
  std::sort(parts_.begin(), parts_.end(), [&](const Part& a, const Part& b) {
    return std::tuple(!pieces[a.piece].timed, flows[order_[a.begin]].time, a.piece) <
           std::tuple(!pieces[b.piece].timed, flows[order_[b.begin]].time, b.piece);
  });
  built_.place.resize(pieces.size());
  for (std::uint32_t i = 0; i < parts_.size(); ++i) {
    built_.place[parts_[i].piece] = i;
    built_.timed_pieces += pieces[parts_[i].piece].timed;
  }
  built_.pieces = static_cast<std::uint32_t>(parts_.size());
}

/// Both addresses, and the port that is the server's by the look of the first line: what many connections share.
std::uint32_t BlockEncoder::pair_of(const Part& part, const std::vector<WaitingFlow>& flows, std::uint16_t& port) {
  const Ends& ends = intervals_.pieces()[part.piece].ends;
  const Kind& kind = kinds_[flows[order_[part.begin]].kind];
  const bool client_is_low = ((kind.flags & kSourceIsLow) != 0) != is_reply(kind);
  port = client_is_low ? ends.low_port : ends.high_port;
  ByteWriter bytes;
  bytes.varint(address_id(address_of(ends, true)));
  bytes.varint(address_id(address_of(ends, false)));
  bytes.byte(ends.protocol);
  bytes.byte(client_is_low ? 1 : 0);
  bytes.fixed(client_is_low ? ends.high_port : ends.low_port);
  return pairs_.id(bytes.bytes);
}

std::uint32_t BlockEncoder::pattern_of(std::uint32_t pair, const std::uint32_t* kinds, std::size_t count) {
  std::string key(4 * (count + 1), '\0');
  std::memcpy(key.data(), &pair, 4);
  std::memcpy(key.data() + 4, kinds, 4 * count);
  const std::size_t known = patterns_.size();
  const std::uint32_t pattern = patterns_.id(key);
  if (pattern != known) return pattern;
  pattern_rows_.varint(pair);
  pattern_rows_.varint(count);
  std::int64_t before = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t step = static_cast<std::int64_t>(kinds[i]) - before;
    column(Column::PatternKinds).varint((static_cast<std::uint64_t>(step) << 1) ^ static_cast<std::uint64_t>(step >> 63));
    before = kinds[i];
  }
  return pattern;
}

void BlockEncoder::number_patterns(const std::vector<WaitingFlow>& flows) {
  std::vector<std::uint32_t> kinds;
  for (Part& part : parts_) {
    kinds.clear();
    for (std::uint32_t i = part.begin; i < part.end; ++i) kinds.push_back(flows[order_[i]].kind);
    part.pattern = pattern_of(pair_of(part, flows, part.port), kinds.data(), kinds.size());
  }
}

/// All of its lines mean the same end when they speak of the client.
bool BlockEncoder::has_one_client(const Part& part, const std::vector<WaitingFlow>& flows) const {
  const auto client_is_low = [&](std::uint32_t i) {
    const Kind& kind = kinds_[flows[order_[i]].kind];
    return ((kind.flags & kSourceIsLow) != 0) != is_reply(kind);
  };
  for (std::uint32_t i = part.begin + 1; i < part.end; ++i)
    if (client_is_low(i) != client_is_low(part.begin)) return false;
  return true;
}

std::uint32_t BlockEncoder::earliest_with_uuid(const Part& part, const std::vector<WaitingFlow>& flows) const {
  std::uint32_t best = 0;
  for (std::uint32_t i = part.begin; i < part.end; ++i) {
    const WaitingFlow& flow = flows[order_[i]];
    if (flow.uuid == Uuid{}) continue;
    if (best == 0) {
      best = i - part.begin + 1;
      continue;
    }
    const WaitingFlow& other = flows[order_[part.begin + best - 1]];
    if (std::tie(flow.time, flow.uuid) < std::tie(other.time, other.uuid)) best = i - part.begin + 1;
  }
  return best;
}

/// What could end up in another shape than the other connections of its pattern.
bool BlockEncoder::keeps_example(const Part& part, const std::vector<WaitingFlow>& flows) const {
  const Piece& piece = intervals_.pieces()[part.piece];
  const std::int64_t first = flows[order_[part.begin]].time, last = flows[order_[part.end - 1]].time;
  if (!piece.timed || piece.link != 0 || intervals_.may_go_on(piece.ends, last)) return true;
  const auto change = std::upper_bound(changes_.begin(), changes_.end(), first);
  return (change != changes_.end() && *change <= last) || !has_one_client(part, flows);
}

void BlockEncoder::pick_examples(const std::vector<WaitingFlow>& flows) {
  for (Part& part : parts_) part.example = earliest_with_uuid(part, flows);
  if (parts_.size() * sizeof(Uuid) <= kUuidBytesPerFlow * flows.size()) return;
  const auto example = [&](const Part& part) -> const WaitingFlow& { return flows[order_[part.begin + part.example - 1]]; };
  std::vector<const Part*> earliest(patterns_.size());
  for (const Part& part : parts_) {
    const Part*& best = earliest[part.pattern];
    if (part.example == 0) continue;
    if (best == nullptr || std::tie(example(part).time, example(part).uuid) < std::tie(example(*best).time, example(*best).uuid)) best = &part;
  }
  for (Part& part : parts_)
    if (earliest[part.pattern] != &part && !keeps_example(part, flows)) part.example = 0;
}

void BlockEncoder::write_times(const Part& part, const std::vector<WaitingFlow>& flows, std::int64_t& before) {
  const auto time = [&](std::uint32_t i) { return flows[order_[i]].time; };
  const auto gap = [](std::int64_t from, std::int64_t to) { return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from); };
  column(Column::PieceFirsts).varint(gap(before, time(part.begin)));
  before = time(part.begin);
  if (part.end - part.begin > 1) column(Column::PieceSpans).varint(gap(time(part.begin), time(part.end - 1)));
  // The last one follows from the span.
  for (std::uint32_t i = part.begin + 1; i + 1 < part.end; ++i) column(Column::FlowGaps).varint(gap(time(i - 1), time(i)));
}

void BlockEncoder::write_pieces(const std::vector<WaitingFlow>& flows) {
  std::int64_t before = built_.first;
  for (const Part& part : parts_) {
    column(Column::PiecePatterns).varint(part.pattern);
    const Piece& piece = intervals_.pieces()[part.piece];
    if (!is_icmp(piece.ends.protocol)) column(Column::PiecePorts).fixed(part.port);
    if (piece.timed) write_times(part, flows, before);
    column(Column::Examples).varint(part.example);
    if (part.example == 0) continue;
    const Uuid& uuid = flows[order_[part.begin + part.example - 1]].uuid;
    column(Column::ExampleIds).text({reinterpret_cast<const char*>(uuid.data()), uuid.size()});
  }
}

void BlockEncoder::write_loose(const std::vector<WaitingLoose>& loose) {
  const auto timed = [&](const WaitingLoose& flow) { return (kinds_[flow.kind].flags & kHasTime) != 0; };
  loose_order_.resize(loose.size());
  std::iota(loose_order_.begin(), loose_order_.end(), 0);
  std::stable_sort(loose_order_.begin(), loose_order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(!timed(loose[a]), loose[a].time) < std::tuple(!timed(loose[b]), loose[b].time);
  });
  std::int64_t before = built_.first;
  for (const std::uint32_t i : loose_order_) {
    const WaitingLoose& flow = loose[i];
    column(Column::LooseKinds).varint(flow.kind);
    for (const auto* address : {&flow.source, &flow.destination})
      if (*address) column(Column::LooseAddresses).varint(address_id(**address));
    const Kind& kind = kinds_[flow.kind];
    if (kind.protocol != 0 && !is_icmp(kind.protocol)) {
      column(Column::LoosePorts).fixed(flow.source_port);
      column(Column::LoosePorts).fixed(flow.destination_port);
    }
    if (!timed(flow)) continue;
    column(Column::LooseTimes).varint(static_cast<std::uint64_t>(flow.time) - static_cast<std::uint64_t>(before));
    before = flow.time;
  }
}

void BlockEncoder::write_kinds() {
  ByteWriter& out = column(Column::Kinds);
  Dictionary parties, nodes;
  std::vector<std::array<std::uint32_t, 3>> local;
  for (const Kind& kind : kinds_)
    local.push_back({parties.id(interned_.parties.key({kind.source})), parties.id(interned_.parties.key({kind.destination})),
                     nodes.id(interned_.nodes.at({kind.node}))});
  column(Column::Parties).bytes = parties.column();
  column(Column::Nodes).bytes = nodes.column();
  out.varint(kinds_.size());
  constexpr std::array kBytes = {&Kind::verdict, &Kind::type,       &Kind::direction,  &Kind::point,       &Kind::reason,
                                 &Kind::l7,      &Kind::is_reply,   &Kind::event_type, &Kind::sub_type,    &Kind::match_type,
                                 &Kind::drop_reason, &Kind::icmp_code, &Kind::protocol, &Kind::icmp_type};
  for (const auto field : kBytes)
    for (const Kind& kind : kinds_) out.byte(kind.*field);
  for (const Kind& kind : kinds_) out.fixed(kind.flags);
  for (const std::size_t field : {0, 1, 2})
    for (const auto& numbers : local) out.varint(numbers[field]);
  for (const Kind& kind : kinds_) out.varint(kind.detail);
}

void BlockEncoder::write_dictionaries() {
  column(Column::Addresses).bytes = addresses_.column();
  column(Column::Pairs).bytes = pairs_.column();
  ByteWriter& out = column(Column::Patterns);
  out.varint(patterns_.size());
  out.text(pattern_rows_.bytes);
  write_kinds();
}

BuiltBlock BlockEncoder::encode(const std::vector<WaitingFlow>& flows, const std::vector<WaitingLoose>& loose) {
  built_.flows = flows.size();
  built_.loose = loose.size();
  bool any = false;
  const auto widen = [&](const auto& flow) {
    if ((kinds_[flow.kind].flags & kHasTime) == 0) return;
    built_.first = any ? std::min(built_.first, flow.time) : flow.time;
    built_.last = any ? std::max(built_.last, flow.time) : flow.time;
    any = true;
  };
  for (const WaitingFlow& flow : flows) widen(flow);
  for (const WaitingLoose& flow : loose) widen(flow);
  split(flows);
  number_patterns(flows);
  pick_examples(flows);
  write_pieces(flows);
  write_loose(loose);
  write_requests(flows, loose);
  write_dictionaries();
  for (std::size_t i = 0; i < kColumns; ++i) built_.columns[i] = std::move(columns_[i].bytes);
  return std::move(built_);
}

/// The request of each line that has one, in the order of the lines, and an uuid for the earliest of its kind.
void BlockEncoder::write_requests(const std::vector<WaitingFlow>& flows, const std::vector<WaitingLoose>& loose) {
  struct Line {
    std::int64_t time;
    const Uuid* uuid;
    std::uint32_t same;
  };
  std::vector<Line> lines;
  Dictionary distinct;
  const auto add = [&](const auto& flow, const std::string& ends) {
    if ((kinds_[flow.kind].flags & kHasRequest) == 0) return;
    column(Column::FlowRequests).varint(flow.request);
    ByteWriter key;
    key.text(ends);
    key.varint(flow.kind);
    key.varint(flow.request);
    const bool response = kinds_[flow.kind].l7 == static_cast<std::uint8_t>(L7Type::Response);
    lines.push_back({flow.time, response ? nullptr : &flow.uuid, distinct.id(key.bytes)});
  };
  for (const Part& part : parts_) {
    const Ends& ends = intervals_.pieces()[part.piece].ends;
    for (std::uint32_t i = part.begin; i < part.end; ++i) {
      const std::uint16_t kind_flags = kinds_[flows[order_[i]].kind].flags;
      if ((kind_flags & kHasRequest) == 0) continue;
      ByteWriter key;
      key.varint(address_id(address_of(ends, true)));
      key.varint(address_id(address_of(ends, false)));
      key.varint((kind_flags & kSourceIsLow) != 0 ? ends.high_port : ends.low_port);
      add(flows[order_[i]], key.bytes);
    }
  }
  for (const std::uint32_t i : loose_order_) {
    ByteWriter key;
    for (const auto* address : {&loose[i].source, &loose[i].destination}) key.varint(*address ? address_id(**address) + 1 : 0);
    key.varint(loose[i].destination_port);
    add(loose[i], key.bytes);
  }
  std::vector<const Line*> earliest(distinct.size());
  for (const Line& line : lines) {
    const Line*& best = earliest[line.same];
    if (line.uuid == nullptr || *line.uuid == Uuid{}) continue;
    if (best == nullptr || std::tie(line.time, *line.uuid) < std::tie(best->time, *best->uuid)) best = &line;
  }
  for (const Line& line : lines) {
    column(Column::RequestExamples).byte(earliest[line.same] == &line ? 1 : 0);
    if (earliest[line.same] == &line)
      column(Column::RequestExampleIds).text({reinterpret_cast<const char*>(line.uuid->data()), line.uuid->size()});
  }
}

}  // namespace weir::simulator
