// Gathered <-> bytes. Ids are places in the lists of parties, nodes and texts that stand in front. Tested by
// tests/unit/simulator/replay/partial_test.cpp.

#include "simulator/replay/partial.h"

#include <zstd.h>

#include <algorithm>
#include <memory>

#include "ir/base/check.h"
#include "simulator/replay/codec.h"
#include "simulator/replay/gather_requests.h"

namespace weir::simulator {
namespace {

constexpr std::string_view kMagic = "weir replay part 1\n";
constexpr std::uint64_t kMostBytes = 8ull << 30;  // unpacked

struct Sizes {
  std::uint64_t parties = 0, nodes = 0, texts = 0;
};

void put(Encoder& out, const ir::IpAddress& address) {
  out.put(address.family);
  out.raw(address.bytes);
}
void put(Encoder& out, const Party& party, const std::string& key) {
  out.put(std::string_view(key));
  out.put(party.identity);
  for (const std::string* text : {&party.cluster, &party.namespace_name, &party.pod, &party.workload_kind, &party.workload})
    out.put(std::string_view(*text));
  out.put(party.labels.size());
  for (const std::string& label : party.labels) out.put(std::string_view(label));
  out.put(static_cast<std::uint8_t>(party.ignored));
}
void put(Encoder& out, const SideEvidence& side) {
  out.put(side.source.index);
  out.put(side.destination.index);
  out.put(side.rank);
  out.put(side.verdict);
  out.put(side.drop_reason);
  out.put(static_cast<std::uint8_t>(side.conflict));
}
/// The span from the one to the other; read back by adding it. A crafted part may hold any two times, so both wrap.
std::int64_t span(std::int64_t first, std::int64_t last) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first));
}
void put(Encoder& out, bool timed, std::int64_t first, std::int64_t last, std::int64_t example_time, const Uuid& example) {
  out.put(static_cast<std::uint8_t>(timed));
  out.put(first);
  out.put(span(first, last));
  out.put(static_cast<std::uint8_t>(example != Uuid{}));
  if (example == Uuid{}) return;
  out.put(example_time);
  out.raw(example);
}
void put(Encoder& out, const Shape& shape) {
  out.put(shape.source.index);
  out.put(shape.destination.index);
  for (const SideEvidence& side : shape.sides) put(out, side);
  put(out, shape.client);
  put(out, shape.server);
  out.put(shape.cluster);
  out.put(shape.port);
  out.put(shape.protocol);
  out.put(shape.icmp_code);
  out.put(shape.excuse);
  out.put(static_cast<std::uint8_t>(shape.redirected));
  out.put(static_cast<std::uint8_t>(shape.policy_changed));
}
void put(Encoder& out, const ShapeCount& count) {
  out.put(count.connections);
  for (std::size_t side = 0; side < 2; ++side) {
    out.put(count.lines[side]);
    out.put(count.with_lines[side]);
  }
  out.put(count.excused_lines);
  out.put(count.reply_lines);
  out.put(count.fold_lines);
  put(out, count.timed, count.first, count.last, count.example_time, count.example);
}
void put(Encoder& out, const RequestShape& shape) {
  out.put(shape.source.index);
  out.put(shape.destination.index);
  put(out, shape.client);
  put(out, shape.server);
  out.put(shape.port);
  out.put(shape.protocol);
  out.put(shape.direction);
  out.put(shape.verdict);
  out.put(static_cast<std::uint8_t>(shape.dns));
  out.put(shape.text);
}
void put(Encoder& out, const RequestCount& count) {
  out.put(count.requests);
  put(out, count.timed, count.first, count.last, count.example_time, count.example);
}
void put(Encoder& out, const Half& half) {
  out.put(static_cast<std::uint8_t>(half.seen));
  if (!half.seen) return;
  out.put(static_cast<std::uint8_t>(half.redirected));
  out.put(half.excuse);
  out.put(half.source.index);
  out.put(half.destination.index);
  for (std::size_t side = 0; side < 2; ++side) {
    put(out, half.sides[side]);
    out.put(half.lines[side]);
  }
  out.put(half.excused_lines);
  out.put(half.reply_lines);
  out.put(half.fold_lines);
  out.put(half.icmp_code);
}
void put(Encoder& out, const ConnectionKey& key, const Connection& connection) {
  out.raw(key.low_address);
  out.raw(key.high_address);
  out.put(key.cluster);
  out.put(key.low_port);
  out.put(key.high_port);
  out.put(key.protocol);
  out.put(key.v6);
  put(out, connection.timed, connection.first, connection.last, connection.example_time, connection.example);
  for (const Half& half : connection.halves) put(out, half);
  out.put(connection.loose_lines);
}
void put(Encoder& out, const RecordingStats& stats) {
  out.put(stats.read);
  out.put(stats.malformed);
  out.put(stats.too_long);
  out.put(stats.malformed_lines.size());
  for (const std::uint64_t line : stats.malformed_lines) out.put(line);
  for (const std::set<std::string>* texts : {&stats.damage, &stats.remarks}) {
    out.put(texts->size());
    for (const std::string& text : *texts) out.put(std::string_view(text));
  }
}

void put_names(Encoder& out, const Names& names) {
  out.put(names.size());
  for (std::uint32_t i = 0; i < names.size(); ++i) out.put(std::string_view(names.at({i})));
}

void put_numbers(Encoder& out, const Gathered& sum) {
  out.put(sum.recordings.size());
  for (const auto& [path, stats] : sum.recordings) {
    out.put(std::string_view(path));
    put(out, stats);
  }
  out.put(sum.flows_of_node.size());
  for (const auto& [node, flows] : sum.flows_of_node) out.put(node), out.put(flows);
  out.put(sum.lost_of_node.size());
  for (const auto& [path, of_node] : sum.lost_of_node) {
    out.put(std::string_view(path));
    out.put(of_node.size());
    for (const auto& [node, lost] : of_node) out.put(node), out.put(lost);
  }
  out.put(sum.gone_nodes.size());
  for (const auto& [path, nodes] : sum.gone_nodes) {
    out.put(std::string_view(path));
    out.put(nodes.size());
    for (const std::uint32_t node : nodes) out.put(node);
  }
  out.put(sum.local_clusters.size());
  for (const auto& [cluster, flows] : sum.local_clusters) out.put(std::string_view(cluster)), out.put(flows);
  out.put(sum.policy_changes.size());
  for (const std::int64_t time : sum.policy_changes) out.put(time);
  for (const std::uint64_t lines : sum.loose) out.put(lines);
  for (const std::uint64_t number : {sum.not_policy, sum.late, sum.filtered, sum.unoriented, sum.unoriented_lines, sum.requests_left_out, sum.fields.flows()})
    out.put(number);
  for (const std::uint64_t present : sum.fields.present()) out.put(present);
  for (const auto& time : {sum.first, sum.last}) {
    out.put(static_cast<std::uint8_t>(time.has_value()));
    if (time) out.put(*time);
  }
}

std::string body_of(const PartialHeader& header, const Gathered& sum) {
  Encoder out;
  out.put(header.addresses);
  out.put(std::string_view(header.selection));
  out.put(header.arguments.size());
  for (const std::string& argument : header.arguments) out.put(std::string_view(argument));
  out.put(header.shards.size());
  for (const auto& [mine, of] : header.shards) {
    out.put(mine);
    out.put(of);
  }
  const Parties& parties = sum.interned.parties;
  out.put(parties.size());
  for (std::uint32_t i = 0; i < parties.size(); ++i) put(out, parties.at(PartyId{i}), parties.key(PartyId{i}));
  put_names(out, sum.interned.nodes);
  put_names(out, sum.texts);
  put_numbers(out, sum);
  out.put(sum.shapes.size());
  for (const auto& [shape, count] : sum.shapes) put(out, shape), put(out, count);
  out.put(sum.requests.size());
  for (const auto& [shape, count] : sum.requests) put(out, shape), put(out, count);
  out.put(sum.open.size());
  for (const auto& [key, connection] : sum.open) put(out, key, connection);
  out.put(sum.names.size());
  for (const NameFact& fact : sum.names) {
    out.put(fact.source.index);
    put(out, fact.address);
    out.put(fact.name);
  }
  return std::move(out).take();
}

/// Reads the body, in the order in which body_of writes it.
class BodyReader {
 public:
  explicit BodyReader(std::string_view bytes) : in_(bytes) {}

  bool read(PartialHeader& header, Gathered& sum) {
    read_header(header);
    read_parties(sum.interned.parties);
    sizes_.nodes = read_names(sum.interned.nodes);
    sizes_.texts = read_names(sum.texts);
    read_numbers(sum);
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) {
      const Shape shape = read_shape();
      sum.shapes.emplace(shape, read_shape_count());
    }
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) {
      const RequestShape shape = read_request();
      add_request(sum, shape, read_request_count());
    }
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) read_open(sum);
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) {
      const PartyId source = party();
      const ir::IpAddress at = address();
      sum.names.insert({source, at, id(sizes_.texts)});
    }
    return in_.at_end();
  }

 private:
  Decoding in_;
  Sizes sizes_;

  std::uint32_t id(std::uint64_t size) {
    const std::uint64_t index = in_.number();
    if (index >= size) in_.fail();
    return in_.good() ? static_cast<std::uint32_t>(index) : 0;
  }
  PartyId party() { return {id(sizes_.parties)}; }
  std::string text() { return std::string(in_.text()); }

  ir::IpAddress address() {
    ir::IpAddress out;
    out.family = in_.one_of(ir::IpFamily::V6);
    in_.raw(out.bytes);
    return out;
  }

  void read_header(PartialHeader& header) {
    header.addresses = in_.number();
    header.selection = text();
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) header.arguments.push_back(text());
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) {
      const auto mine = static_cast<std::uint32_t>(in_.number()), of = static_cast<std::uint32_t>(in_.number());
      if (mine == 0 || mine > of || !header.shards.emplace(mine, of).second) in_.fail();
    }
  }

  /// The first is the empty party, which every Parties has.
  void read_parties(Parties& parties) {
    sizes_.parties = in_.count();
    for (std::uint64_t i = 0; i < sizes_.parties && in_.good(); ++i) {
      const std::string key = text();
      Party party;
      party.identity = in_.small<std::uint32_t>();
      for (std::string* part : {&party.cluster, &party.namespace_name, &party.pod, &party.workload_kind, &party.workload}) *part = text();
      for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) party.labels.push_back(text());
      party.ignored = in_.flag();
      const std::uint64_t hash = hash_bytes(key);
      if (parties.find(key, hash) != Parties::kNone ? i != 0 : i == 0) in_.fail();
      if (i != 0 && in_.good()) (void)parties.add(key, hash, std::move(party));
    }
    if (sizes_.parties == 0) in_.fail();
  }

  std::uint64_t read_names(Names& names) {
    const std::uint64_t size = in_.count();
    for (std::uint64_t i = 0; i < size && in_.good(); ++i)
      if (names.id(in_.text()).index != i) in_.fail();
    return size;
  }

  void read_stats(RecordingStats& stats) {
    stats.read = in_.number();
    stats.malformed = in_.number();
    stats.too_long = in_.number();
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) stats.malformed_lines.insert(in_.number());
    for (std::set<std::string>* texts : {&stats.damage, &stats.remarks})
      for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) texts->insert(text());
  }

  void read_of_nodes(Gathered& sum) {
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) {
      const std::uint32_t node = id(sizes_.nodes);
      sum.flows_of_node[node] = in_.number();
    }
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) {
      auto& of_node = sum.lost_of_node[text()];
      for (std::uint64_t inner = in_.count(); inner != 0 && in_.good(); --inner) {
        const std::uint32_t node = id(sizes_.nodes);
        of_node[node] = in_.number();
      }
    }
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) {
      auto& nodes = sum.gone_nodes[text()];
      for (std::uint64_t inner = in_.count(); inner != 0 && in_.good(); --inner) nodes.insert(id(sizes_.nodes));
    }
  }

  void read_numbers(Gathered& sum) {
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) {
      const std::string path = text();
      read_stats(sum.recordings[path]);
    }
    read_of_nodes(sum);
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) {
      const std::string cluster = text();
      sum.local_clusters[cluster] = in_.number();
    }
    for (std::uint64_t left = in_.count(); left != 0 && in_.good(); --left) sum.policy_changes.insert(in_.signed_number());
    for (std::uint64_t& lines : sum.loose) lines = in_.number();
    for (std::uint64_t* number : {&sum.not_policy, &sum.late, &sum.filtered, &sum.unoriented, &sum.unoriented_lines, &sum.requests_left_out}) *number = in_.number();
    const std::uint64_t flows = in_.number();
    auto present = sum.fields.present();
    for (std::uint64_t& one : present) one = in_.number();
    sum.fields = FieldCoverage(flows, present);
    for (auto* time : {&sum.first, &sum.last})
      if (in_.flag()) *time = in_.signed_number();
  }

  SideEvidence read_side() {
    SideEvidence side;
    side.source = party();
    side.destination = party();
    side.rank = in_.one_of(Rank::PolicyVerdict);
    side.verdict = in_.one_of(FlowVerdict::Other);
    side.drop_reason = in_.small<std::uint8_t>();
    side.conflict = in_.flag();
    return side;
  }

  Shape read_shape() {
    Shape shape;
    shape.source = party();
    shape.destination = party();
    for (SideEvidence& side : shape.sides) side = read_side();
    shape.client = address();
    shape.server = address();
    shape.cluster = in_.small<std::uint32_t>();
    shape.port = in_.small<std::uint16_t>();
    shape.protocol = in_.small<std::uint8_t>();
    shape.icmp_code = in_.small<std::uint8_t>();
    shape.excuse = in_.one_of(static_cast<Excuse>(kExcuses - 1));
    shape.redirected = in_.flag();
    shape.policy_changed = in_.flag();
    return shape;
  }

  template <class Timed>
  void read_times(Timed& timed) {
    timed.timed = in_.flag();
    timed.first = in_.signed_number();
    timed.last = static_cast<std::int64_t>(static_cast<std::uint64_t>(timed.first) + static_cast<std::uint64_t>(in_.signed_number()));
    if (!in_.flag()) return;
    timed.example_time = in_.signed_number();
    in_.raw(timed.example);
  }

  ShapeCount read_shape_count() {
    ShapeCount count;
    count.connections = in_.number();
    for (std::size_t side = 0; side < 2; ++side) {
      count.lines[side] = in_.number();
      count.with_lines[side] = in_.number(count.lines[side]);
    }
    count.excused_lines = in_.number();
    count.reply_lines = in_.number();
    count.fold_lines = in_.number();
    read_times(count);
    return count;
  }

  RequestShape read_request() {
    RequestShape shape;
    shape.source = party();
    shape.destination = party();
    shape.client = address();
    shape.server = address();
    shape.port = in_.small<std::uint16_t>();
    shape.protocol = in_.small<std::uint8_t>();
    shape.direction = in_.one_of(FlowDirection::Other);
    shape.verdict = in_.one_of(FlowVerdict::Other);
    shape.dns = in_.flag();
    shape.text = id(sizes_.texts);
    return shape;
  }

  RequestCount read_request_count() {
    RequestCount count;
    count.requests = in_.number();
    read_times(count);
    return count;
  }

  Half read_half() {
    Half half;
    half.seen = in_.flag();
    if (!half.seen) return half;
    half.redirected = in_.flag();
    half.excuse = in_.one_of(static_cast<Excuse>(kExcuses - 1));
    half.source = party();
    half.destination = party();
    for (std::size_t side = 0; side < 2; ++side) {
      half.sides[side] = read_side();
      half.lines[side] = in_.small<std::uint32_t>();
    }
    half.excused_lines = in_.small<std::uint32_t>();
    half.reply_lines = in_.small<std::uint32_t>();
    half.fold_lines = in_.small<std::uint32_t>();
    half.icmp_code = in_.small<std::uint8_t>();
    return half;
  }

  void read_open(Gathered& sum) {
    ConnectionKey key;
    in_.raw(key.low_address);
    in_.raw(key.high_address);
    key.cluster = in_.small<std::uint32_t>();
    key.low_port = in_.small<std::uint16_t>();
    key.high_port = in_.small<std::uint16_t>();
    key.protocol = in_.small<std::uint8_t>();
    key.v6 = in_.flag();
    Connection connection;
    read_times(connection);
    for (Half& half : connection.halves) half = read_half();
    connection.loose_lines = in_.small<std::uint32_t>();
    if (in_.good()) sum.open.emplace_back(key, connection);
  }
};

ir::Result<std::string> unpack(std::string_view packed) {
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > kMostBytes || size / 1000 > packed.size())
    return ir::failure("the part of a replay is damaged", 3);
  std::string bytes(size, '\0');
  const std::size_t got = ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size());
  if (ZSTD_isError(got) || got != size) return ir::failure("the part of a replay is damaged", 3);
  return bytes;
}

}  // namespace

std::string to_bytes(const PartialHeader& header, const Gathered& sum) {
  const std::string body = body_of(header, sum);
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string packed(kMagic);
  packed.resize(kMagic.size() + ZSTD_compressBound(body.size()));
  const std::size_t size =
      ZSTD_compress2(context.get(), packed.data() + kMagic.size(), packed.size() - kMagic.size(), body.data(), body.size());
  WEIR_CHECK(!ZSTD_isError(size));
  packed.resize(kMagic.size() + size);
  return packed;
}

ir::Result<Partial> partial_of(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return ir::failure("not a part that this version of `weir replay --partial` wrote", 3);
  const ir::Result<std::string> body = unpack(bytes.substr(kMagic.size()));
  if (!body) return tl::unexpected(body.error());
  return partial_of_body(*body);
}

ir::Result<Partial> partial_of_body(std::string_view body) {
  Partial partial;
  if (!BodyReader(body).read(partial.header, partial.gathered)) return ir::failure("the part of a replay is damaged", 3);
  return partial;
}

}  // namespace weir::simulator
