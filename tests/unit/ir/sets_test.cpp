// The algebra of ir/sets against brute force: every operation is compared point by point with its definition.
#include <catch2/catch.hpp>
#include <random>

#include "ir/eval/eval.h"
#include "ir/sets/address_set.h"
#include "ir/sets/label_box.h"
#include "ir/sets/pod_universe.h"
#include "ir/sets/port_set.h"

using namespace weir::ir;

namespace {

constexpr unsigned kSeed = 20250801;

struct SmallLine {
  static std::optional<int> next(int point) { return point == 15 ? std::nullopt : std::optional(point + 1); }
  static std::optional<int> previous(int point) { return point == 0 ? std::nullopt : std::optional(point - 1); }
};
using SmallSet = IntervalSet<int, SmallLine>;

SmallSet from_bits(unsigned bits) {
  std::vector<SmallSet::Interval> raw;
  for (int i = 0; i < 16; ++i)
    if (bits >> i & 1) raw.push_back({i, i});
  return SmallSet::joined(raw);
}

unsigned to_bits(const SmallSet& set) {
  unsigned bits = 0;
  for (int i = 0; i < 16; ++i) bits |= (set.contains(i) ? 1u : 0u) << i;
  return bits;
}

const std::vector<std::string> kValues = {"a", "b", "c"};

ValueSet random_values(std::mt19937& random) {
  ValueSet set{random() % 2 == 0, random() % 2 == 0, {}};
  for (const std::string& value : kValues)
    if (random() % 2) set.values.push_back(value);
  return set;
}

/// Absent, the listed values, and one that nobody lists.
const std::vector<std::optional<std::string>> kPoints = {std::nullopt, "a", "b", "c", "other"};

bool has(const ValueSet& set, const std::optional<std::string>& point) { return point ? set.contains(*point) : set.absent; }

Requirement random_requirement(std::mt19937& random, const std::vector<std::string>& keys) {
  Requirement requirement;
  requirement.source = random() % 3 == 0 ? "any" : "k8s";
  requirement.key = keys[random() % keys.size()];
  requirement.op = static_cast<Operator>(random() % 4);
  if (requirement.op == Operator::In || requirement.op == Operator::NotIn)
    for (const char* value : {"a", "b"})
      if (random() % 2 || requirement.values.empty()) requirement.values.push_back(value);
  return requirement;
}

Cluster two_namespaces() {
  Cluster cluster;
  const Span here{FileId{0}, 1, 1, 1, 2};
  cluster.namespaces.push_back({"a", {{"kubernetes.io/metadata.name", "a"}, {"team", "a"}}, {}, here});
  cluster.namespaces.push_back({"b", {{"kubernetes.io/metadata.name", "b"}}, {}, here});
  return cluster;
}

}  // namespace

TEST_CASE("interval sets are canonical and agree with bit sets", "[sets]") {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 20000; ++round) {
    const unsigned a = random() & 0xffff, b = round % 2 ? random() & 0xffff : a & random();
    const SmallSet x = from_bits(a), y = from_bits(b);
    INFO("seed " << kSeed << " round " << round << ": " << a << " and " << b);
    REQUIRE(to_bits(x) == a);
    REQUIRE(x.unite(y) == from_bits(a | b));
    REQUIRE(x.intersect(y) == from_bits(a & b));
    REQUIRE(x.subtract(y) == from_bits(a & ~b));
    REQUIRE(x.overlaps(y) == ((a & b) != 0));
    REQUIRE(y.inside(x) == ((b & ~a) == 0));
    REQUIRE(x.empty() == (a == 0));
  }
}

TEST_CASE("a port set holds exactly what the evaluator's rule matches", "[sets]") {
  std::mt19937 random(kSeed);
  const std::vector<std::pair<Protocol, std::uint16_t>> points = {
      {Protocol::Tcp, 0}, {Protocol::Tcp, 80}, {Protocol::Tcp, 81}, {Protocol::Tcp, 65535}, {Protocol::Udp, 80},
      {Protocol::Sctp, 9}, {Protocol::Icmp, 0}, {Protocol::Icmp, 8}, {Protocol::Icmp, 255}, {Protocol::Icmpv6, 128},
      {static_cast<Protocol>(47), 0}, {static_cast<Protocol>(0), 0}, {static_cast<Protocol>(255), 0}};
  for (int round = 0; round < 3000; ++round) {
    Rule rule;
    if (random() % 8) rule.ports.emplace();
    for (unsigned n = rule.ports ? random() % 4 : 0; n > 0; --n) {
      const auto& [protocol, port] = points[random() % points.size()];
      const std::uint16_t first = random() % 2 ? port : 0;
      rule.ports->push_back({protocol, {first, random() % 2 ? std::uint16_t{65535} : std::max(first, port)}});
    }
    const PortSet set = ports_of(rule.ports);
    INFO("seed " << kSeed << " round " << round);
    for (const auto& [protocol, port] : points)
      REQUIRE(contains(set, {protocol, port}) == rule_matches_ports(rule, protocol, port));
    if (const auto point = witness(set)) REQUIRE(rule_matches_ports(rule, point->protocol, point->port));
    REQUIRE(witness(set).has_value() == !set.empty());
  }
}

TEST_CASE("the witness of a port set is what people know", "[sets]") {
  struct Case { std::string_view why; std::optional<std::vector<PortMatch>> ports; PortPoint point; };
  const auto c = GENERATE(values<Case>({
      {"everything is shown as TCP, not port 0", std::nullopt, {Protocol::Tcp, 1}},
      {"port 0 when there is nothing else", std::vector<PortMatch>{{Protocol::Tcp, {0, 0}}}, {Protocol::Tcp, 0}},
      {"UDP before ICMP", std::vector<PortMatch>{{Protocol::Icmp, {8, 8}}, {Protocol::Udp, {53, 53}}}, {Protocol::Udp, 53}},
      {"an ICMP type never exceeds 255", std::vector<PortMatch>{{Protocol::Icmp, {255, 65535}}}, {Protocol::Icmp, 255}},
      {"a protocol without ports", std::vector<PortMatch>{{static_cast<Protocol>(47), {}}}, {static_cast<Protocol>(47), 0}}}));
  INFO(c.why);
  CHECK(witness(ports_of(c.ports)) == c.point);
}

TEST_CASE("an address set holds exactly what the CIDR peer matches", "[sets]") {
  std::mt19937 random(kSeed);
  Settings settings;
  LabelSet world;
  world.set({"reserved", "world", ""});
  const char* bases[] = {"10.0.0.0", "10.0.0.128", "10.1.2.3", "0.0.0.0", "255.255.255.255", "::", "2001:db8::1",
                         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
  const auto prefix = [&] {
    const IpAddress address = *parse_address(bases[random() % 8]);
    const unsigned length = random() % (address.bits() + 1);
    return IpPrefix{masked(address, length), static_cast<std::uint8_t>(length)};
  };
  for (int round = 0; round < 3000; ++round) {
    CidrPeer peer{prefix(), {}};
    for (unsigned n = random() % 3; n > 0; --n) peer.except.push_back(prefix());
    const AddressSet set = addresses_of(peer);
    INFO("seed " << kSeed << " round " << round << ": " << to_text(Peer{peer}));
    std::vector<IpAddress> points;
    for (const char* base : bases) points.push_back(*parse_address(base));
    for (const auto& interval : set.intervals) {
      points.push_back(interval.first);
      points.push_back(interval.last);
      if (const auto after = next(interval.last)) points.push_back(*after);
      if (const auto before = AddressLine::previous(interval.first)) points.push_back(*before);
    }
    for (const IpAddress& point : points)
      REQUIRE(set.contains(point) == peer_matches(settings, Peer{peer}, world, point));
    if (const auto point = witness(set)) REQUIRE(set.contains(*point));
  }
}

TEST_CASE("value sets agree with their points", "[sets]") {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 5000; ++round) {
    const ValueSet a = random_values(random), b = random_values(random);
    INFO("seed " << kSeed << " round " << round);
    bool common = false;
    for (const auto& point : kPoints) {
      REQUIRE(has(a.intersect(b), point) == (has(a, point) && has(b, point)));
      REQUIRE(has(a.unite(b), point) == (has(a, point) || has(b, point)));
      REQUIRE(has(a.subtract(b), point) == (has(a, point) && !has(b, point)));
      REQUIRE(has(a.complement(), point) != has(a, point));
      common = common || (has(a, point) && has(b, point));
    }
    REQUIRE(a.disjoint(b) != common);
    REQUIRE(a.inside(b) == a.subtract(b).empty());
    if (const auto value = a.some_value()) REQUIRE(a.contains(*value));
    REQUIRE((a.some_value() || a.absent || a.empty()));
  }
}

TEST_CASE("the box of a selector holds the pods it matches, and subtraction loses none", "[sets]") {
  std::mt19937 random(kSeed);
  const Cluster cluster = two_namespaces();
  const PodUniverse universe(cluster);
  const std::vector<std::string> keys = {"x", "y", std::string(kNamespaceKey), std::string(kNamespaceLabelPrefix) + "team",
                                         std::string(kNamespaceLabelPrefix) + "kubernetes.io/metadata.name",
                                         "pod-template-hash"};
  // Every pod with x and y absent, a, b or something else, in both namespaces.
  std::vector<LabelSet> pods;
  for (const char* name : {"a", "b"})
    for (const char* x : {"", "a", "b", "z"})
      for (const char* y : {"", "a", "b", "z"}) {
        std::map<std::string, std::string> labels = {{"pod-template-hash", "a"}};
        if (*x) labels["x"] = x;
        if (*y) labels["y"] = y;
        pods.push_back(identity_labels(cluster, name, labels, "default"));
      }
  const auto holds = [&](const LabelBox& box, const LabelSet& pod) {
    return std::all_of(box.keys.begin(), box.keys.end(), [&](const auto& item) {
      const Label* label = pod.find("k8s", item.first);
      return has(item.second, label ? std::optional(label->value) : std::nullopt);
    });
  };
  int matched = 0, impossible = 0;
  for (int round = 0; round < 4000; ++round) {
    Selector s, t;
    for (unsigned n = random() % 4; n > 0; --n) s.add(random_requirement(random, keys));
    for (unsigned n = random() % 3; n > 0; --n) t.add(random_requirement(random, keys));
    INFO("seed " << kSeed << " round " << round << ": " << to_text(s) << " minus " << to_text(t));
    const auto a = universe.box(s), b = universe.box(t);
    for (const LabelSet& pod : pods) {
      REQUIRE((a && holds(*a, pod)) == matches(s, pod));
      matched += matches(s, pod);
    }
    if (!a) ++impossible;
    if (!a || !b) continue;
    const auto found = universe.witness(*a);
    REQUIRE(found);
    REQUIRE(matches(s, found->labels));
    const auto pieces = subtract(*a, *b);
    for (const LabelSet& pod : pods) {
      const auto holding = std::count_if(pieces.begin(), pieces.end(), [&](const LabelBox& piece) { return holds(piece, pod); });
      REQUIRE(holding == (matches(s, pod) && !matches(t, pod) ? 1 : 0));
    }
    for (const LabelBox& piece : pieces)
      if (const auto pod = universe.witness(piece)) REQUIRE((matches(s, pod->labels) && !matches(t, pod->labels)));
    if (inside(*a, *b)) REQUIRE(pieces.empty());
  }
  CHECK(matched > 1000);
  CHECK(impossible > 100);
}

TEST_CASE("which pods may exist", "[sets]") {
  const Cluster cluster = two_namespaces();
  const PodUniverse universe(cluster);
  const std::string team = std::string(kNamespaceLabelPrefix) + "team";
  struct Case { std::string_view why; std::vector<Requirement> requirements; bool possible; };
  const auto c = GENERATE_COPY(values<Case>({
      {"any pod", {}, true},
      {"a key cannot have two values", {equals("k8s", "x", "a"), equals("k8s", "x", "b")}, false},
      {"a known namespace has the labels it was given", {equals("k8s", kNamespaceKey, "b"), exists("k8s", team)}, false},
      {"and shows them", {equals("k8s", kNamespaceKey, "a"), equals("k8s", team, "a")}, true},
      {"a namespace that is not there yet may have any", {equals("k8s", team, "z")}, true},
      {"its name is a label of a namespace",
       {equals("k8s", kNamespaceKey, "a"), equals("k8s", std::string(kNamespaceLabelPrefix) + "kubernetes.io/metadata.name", "b")},
       false},
      {"policy.md 1.3: no identity shows this label", {exists("k8s", "pod-template-hash")}, false},
      {"a pod has no reserved label", {exists("reserved", "host")}, false},
      {"so it may be required to have none", {{"reserved", "host", Operator::DoesNotExist, {}}}, true},
      {"every pod has a namespace", {{"k8s", std::string(kNamespaceKey), Operator::DoesNotExist, {}}}, false}}));
  INFO(c.why);
  Selector selector;
  for (const Requirement& requirement : c.requirements) selector.add(requirement);
  CHECK(universe.box(selector).has_value() == c.possible);
}
