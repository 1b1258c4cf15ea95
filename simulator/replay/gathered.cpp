// Sums of parts. Tested by tests/unit/simulator/replay/gathered_test.cpp.

#include "simulator/replay/gathered.h"

#include <algorithm>
#include <tuple>

#include "simulator/replay/closing.h"
#include "simulator/replay/gather_requests.h"

namespace weir::simulator {
namespace {

constexpr std::size_t kShownLines = 5;

/// The ids of a part as those of the sum.
struct Translation {
  std::vector<std::uint32_t> parties, nodes, texts;

  Translation(Gathered& sum, const Gathered& part) {
    for (std::uint32_t i = 0; i < part.interned.parties.size(); ++i) parties.push_back(party(sum.interned.parties, part.interned.parties, {i}));
    for (std::uint32_t i = 0; i < part.interned.nodes.size(); ++i) nodes.push_back(sum.interned.nodes.id(part.interned.nodes.at({i})).index);
    for (std::uint32_t i = 0; i < part.texts.size(); ++i) texts.push_back(sum.texts.id(part.texts.at({i})).index);
  }

  static std::uint32_t party(Parties& into, const Parties& from, PartyId id) {
    const std::string& key = from.key(id);
    const std::uint64_t hash = from.at(id).hash;
    const std::uint32_t known = into.find(key, hash);
    return known != Parties::kNone ? known : into.add(key, hash, from.at(id)).index;
  }

  void apply(PartyId& id) const { id = {parties[id.index]}; }
  void apply(SideEvidence& side) const {
    apply(side.source);
    apply(side.destination);
  }
  void apply(Connection& connection) const {
    for (Half& half : connection.halves) {
      apply(half.source);
      apply(half.destination);
      for (SideEvidence& side : half.sides) apply(side);
    }
  }
  void apply(Shape& shape) const {
    apply(shape.source);
    apply(shape.destination);
    for (SideEvidence& side : shape.sides) apply(side);
  }
  void apply(RequestShape& shape) const {
    apply(shape.source);
    apply(shape.destination);
    shape.text = texts[shape.text];
  }
};

void add_shapes(Gathered& sum, const Gathered& part, const Translation& translation) {
  for (auto [shape, count] : part.shapes) {
    translation.apply(shape);
    const auto [at, added] = sum.shapes.try_emplace(shape, count);
    if (!added) at.value().add(count);
  }
}

void add_stats(RecordingStats& sum, const RecordingStats& part) {
  sum.read += part.read;
  sum.malformed += part.malformed;
  sum.too_long += part.too_long;
  sum.malformed_lines.insert(part.malformed_lines.begin(), part.malformed_lines.end());
  while (sum.malformed_lines.size() > kShownLines) sum.malformed_lines.erase(std::prev(sum.malformed_lines.end()));
  sum.damage.insert(part.damage.begin(), part.damage.end());
  sum.remarks.insert(part.remarks.begin(), part.remarks.end());
}

void add_numbers(Gathered& sum, const Gathered& part, const Translation& translation) {
  for (const auto& [node, flows] : part.flows_of_node) sum.flows_of_node[translation.nodes[node]] += flows;
  for (const auto& [path, of_node] : part.lost_of_node)
    for (const auto& [node, lost] : of_node) sum.lost_of_node[path][translation.nodes[node]] += lost;
  for (const auto& [path, nodes] : part.gone_nodes)
    for (const std::uint32_t node : nodes) sum.gone_nodes[path].insert(translation.nodes[node]);
  for (const auto& [cluster, flows] : part.local_clusters) sum.local_clusters[cluster] += flows;
  sum.policy_changes.insert(part.policy_changes.begin(), part.policy_changes.end());
  for (std::size_t i = 0; i < kExcuses; ++i) sum.loose[i] += part.loose[i];
  sum.not_policy += part.not_policy;
  sum.late += part.late;
  sum.unoriented += part.unoriented;
  sum.unoriented_lines += part.unoriented_lines;
  sum.filtered += part.filtered;
  sum.fields.merge(part.fields);
  if (part.first) sum.first = std::min(sum.first.value_or(*part.first), *part.first);
  if (part.last) sum.last = std::max(sum.last.value_or(*part.last), *part.last);
}

auto order_of(const ConnectionKey& key) {
  return std::tie(key.cluster, key.low_address, key.high_address, key.low_port, key.high_port, key.protocol, key.v6);
}

/// Lines without a time are one connection of their own, as in ConnectionTable.
bool reaches(const ConnectionKey& key, const Connection& before, const Connection& after) {
  if (before.timed != after.timed) return false;
  return !before.timed || after.first - before.last <= window_of(key);
}

/// One open connection, small enough to be sorted by the million.
struct Place {
  std::uint64_t hash = 0;  // of its key
  std::int64_t first = 0;
  std::size_t index = 0;
  bool timed = false;
};

using Open = std::vector<std::pair<ConnectionKey, Connection>>;

/// Those of one key side by side, in the order of time.
std::vector<Place> sorted(const Open& open) {
  std::vector<Place> places;
  places.reserve(open.size());
  for (std::size_t i = 0; i < open.size(); ++i)
    places.push_back({hash_of(open[i].first), open[i].second.first, i, open[i].second.timed});
  std::sort(places.begin(), places.end(), [&open](const Place& a, const Place& b) {
    if (a.hash != b.hash) return a.hash < b.hash;
    const auto left = order_of(open[a.index].first), right = order_of(open[b.index].first);
    return left != right ? left < right : std::tie(a.timed, a.first, a.index) < std::tie(b.timed, b.first, b.index);
  });
  return places;
}

}  // namespace

void merge(Gathered& sum, const Gathered& part) {
  const Translation translation(sum, part);
  add_shapes(sum, part, translation);
  for (auto [shape, count] : part.requests) {
    translation.apply(shape);
    add_request(sum, shape, count);
  }
  sum.requests_left_out += part.requests_left_out;
  for (auto [key, connection] : part.open) {
    translation.apply(connection);
    sum.open.emplace_back(key, connection);
  }
  for (const NameFact& fact : part.names)
    sum.names.insert({{translation.parties[fact.source.index]}, fact.address, translation.texts[fact.name]});
  for (const auto& [path, stats] : part.recordings) add_stats(sum.recordings[path], stats);
  add_numbers(sum, part, translation);
}

void close_all(Gathered& sum, const AddressClasses* addresses) {
  auto open = std::move(sum.open);
  sum.open.clear();
  const std::vector<Place> places = sorted(open);
  Closing closing(sum, addresses);
  for (std::size_t i = 0; i < places.size();) {
    auto& [key, connection] = open[places[i].index];
    for (++i; i < places.size() && open[places[i].index].first == key && reaches(key, connection, open[places[i].index].second); ++i)
      merge(connection, open[places[i].index].second, sum.interned.parties);
    closing.add(key, connection);
  }
}

}  // namespace weir::simulator
