// The policy map that Cilium would write, asked like its datapath (policy.md 6.4), says what the evaluator says; and counts
// of maps small enough to count by hand.
#include <catch2/catch.hpp>

#include "compiler/lower/policy_map.h"
#include "compiler/verify/capacity.h"
#include "tests/unit/compiler/verify/random_policies.h"
#include "tests/unit/compiler/verify/verified.h"

using namespace weir::compiler;
using namespace weir::test;

namespace {

const std::string kPods = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\nspec: {containers: [{name: c, image: i}]}\n---\n"
                          "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop, labels: {app: a}}\nspec: {containers: [{name: c, image: i}]}\n---\n"
                          "apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: shop, labels: {app: b}}\nspec: {containers: [{name: c, image: i}]}\n---\n";
const std::string kHead = kPods + "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n"
                                  "  endpointSelector: {matchLabels: {app: web}}\n";

std::size_t web_of(const CiliumMaps& maps) {
  for (std::size_t i = 0; i < maps.endpoints().size(); ++i)
    if (const Label* app = maps.endpoints()[i]->find("k8s", "app"); app != nullptr && app->value == "web") return i;
  return maps.endpoints().size();
}

std::size_t count(const std::string& rules) {
  const Verified run = verified(kHead + rules);
  for (const Diagnostic& found : run.diagnostics.list()) UNSCOPED_INFO(found.detail);
  CHECK_FALSE(run.diagnostics.has_errors());
  CiliumMaps maps(run.resolved.policies, run.resolved.cluster);
  return maps.entries(web_of(maps)).size();
}

bool holds(const MapKey& key, const Flow& flow, std::uint32_t identity, bool egress) {
  if (key.identity != identity || key.egress != egress) return false;
  if (!key.protocol) return true;
  if (*key.protocol != flow.protocol) return false;
  const std::uint32_t shift = 16U - key.port_bits;
  return (flow.port >> shift) == (key.port >> shift);
}

/// policy.md 6.4: the longest prefix of the identity and of everybody; higher precedence, then the longer prefix.
bool lookup(const std::vector<MapEntry>& entries, const Flow& flow, std::uint32_t identity, bool egress) {
  const MapEntry* best[2] = {nullptr, nullptr};
  const auto bits = [](const MapEntry& entry) { return entry.key.protocol ? 8 + entry.key.port_bits : 0; };
  for (const MapEntry& entry : entries)
    for (const std::size_t wild : {0, 1})
      if (holds(entry.key, flow, wild ? 0 : identity, egress) && (!best[wild] || bits(entry) > bits(*best[wild]))) best[wild] = &entry;
  if (!best[0] || !best[1]) return (best[0] || best[1]) && !(best[0] ? best[0] : best[1])->deny;
  const auto key = [&](const MapEntry& entry) { return std::tuple(entry.precedence, bits(entry)); };
  return !(key(*best[0]) >= key(*best[1]) ? best[0] : best[1])->deny;
}

Pod pod_with(const Cluster& cluster, const std::string& name, std::map<std::string, std::string> labels, const std::string& space) {
  Pod pod;
  pod.namespace_name = space;
  pod.name = name;
  pod.labels = identity_labels(cluster, space, labels, "default");
  pod.pod_labels = std::move(labels);
  return pod;
}

/// One connection from or to a pod, its peer one of the identities.
Flow flow_of(const CiliumMaps& maps, std::size_t endpoint, std::uint32_t identity, bool egress, const PortMatch& match, unsigned step) {
  Endpoint subject{.kind = EndpointKind::Pod}, peer{.kind = EndpointKind::Pod};
  subject.labels = *maps.endpoints()[endpoint];
  peer.labels = maps.identities()[identity].labels;
  if (peer.labels.labels.front().source == "reserved") peer.kind = EndpointKind::Other;
  if (const auto& prefix = maps.identities()[identity].prefix) peer.address = prefix->address;
  else if (peer.labels.reserved("world-ipv4")) peer.address = parse_address("203.0.113.5");
  else if (peer.labels.reserved("world-ipv6")) peer.address = parse_address("2001:db9::1");
  const auto port = static_cast<std::uint16_t>(match.ports.first + step % (match.ports.last - match.ports.first + 1U));
  Flow flow{egress ? subject : peer, egress ? peer : subject, match.protocol, port, 0};
  return flow;
}

}  // namespace

TEST_CASE("entries that can be counted by hand", "[verify]") {
  struct Row { std::string_view why; std::string rules; std::size_t entries; };
  // Beside the rules: the node that reaches its pods, and the direction that nothing isolates.
  const auto row = GENERATE(values<Row>({
      {"one peer, every port", "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n", 1 + 2},
      {"the pods of the namespace", "  ingress:\n  - fromEndpoints: [{}]\n", 3 + 2},
      {"one peer, one port of three protocols", "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts: [{ports: [{port: \"80\"}]}]\n", 3 + 2},
      {"an aligned range is one entry", "  ingress:\n  - toPorts: [{ports: [{port: \"1024\", endPort: 2047, protocol: TCP}]}]\n", 1 + 2},
      {"1 to 65534 is thirty", "  ingress:\n  - toPorts: [{ports: [{port: \"1\", endPort: 65534, protocol: TCP}]}]\n", 30 + 2},
      {"everybody is one entry, the node too", "  ingress:\n  - fromEntities: [all]\n", 1 + 1},
      {"a deny takes the allows that it covers",
       "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]\n"
       "  ingressDeny:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n", 1 + 2},
      {"a broad allow keeps the narrow one",
       "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]\n"
       "  - fromEndpoints: [{matchLabels: {app: a}}]\n", 2 + 2},
      {"a CIDR and one inside it", "  egress:\n  - toCIDR: [10.0.0.0/8]\n  - toCIDR: [10.1.0.0/16]\n", 2 + 2},
      {"the world takes every prefix", "  egress:\n  - toEntities: [world]\n  - toCIDR: [10.1.0.0/16]\n", 2 + 2},
      {"an except has an identity that is not taken", "  egress:\n  - toCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]\n", 1 + 2}}));
  INFO(row.why);
  CHECK(count(row.rules) == row.entries);
}

TEST_CASE("the map answers like the evaluator", "[verify]") {
  int asked = 0, allowed = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    RandomPolicies random(seed, false);
    Cluster cluster = random.cluster();
    cluster.settings.cidr_match_nodes = cluster.settings.cidr_match_pods = false;
    cluster.settings.enforcement = Enforcement::Default;
    cluster.settings.dual_stack = true;  // with one family the other's /0 is not told from the world
    unsigned number = 0;
    for (const char* space : {"a", "b"})
      for (const char* app : {"x", "y", "z"}) cluster.pods.push_back(pod_with(cluster, std::to_string(number++), {{"app", app}, {"tier", "x"}}, space));
    const PolicySet policies = random.policies(8);
    CiliumMaps maps(policies, cluster);
    for (std::size_t endpoint = 0; endpoint < maps.endpoints().size(); ++endpoint) {
      const std::vector<MapEntry> entries = maps.entries(endpoint);
      CHECK(entries.size() <= maps.at_most(endpoint));
      for (std::uint32_t identity = 1; identity < maps.identities().size(); ++identity)
        for (unsigned n = 0; n < 4; ++n) {
          const bool egress = n % 2 != 0;
          const Flow flow = flow_of(maps, endpoint, identity, egress, random.port(), random.pick(65536));
          if (flow.protocol == Protocol::Icmp && flow.port > 255) continue;
          const SideDecision side = decide_side(policies, cluster, flow, egress ? Direction::Egress : Direction::Ingress);
          if (side.verdict == Verdict::Unknown) continue;
          INFO("seed " << seed << " " << (egress ? "egress " : "ingress ") << to_text(flow.source.labels) << " " << to_text(flow.destination.labels)
                       << " " << to_text(flow));
          INFO(to_text(policies));
          REQUIRE(lookup(entries, flow, identity, egress) == (side.verdict == Verdict::Allowed));
          ++asked;
          allowed += side.verdict == Verdict::Allowed;
        }
    }
  }
  CHECK(asked > 50000);
  CHECK(allowed > asked / 10);
}

TEST_CASE("the listing names the dearest rules and weir's own tables", "[verify]") {
  const Verified run = verified(kHead + "  ingress:\n  - fromEndpoints: [{}]\n    toPorts: [{ports: [{port: \"80\"}]}]\n");
  const std::string text = capacity_text(run.resolved.policies, run.resolved.cluster, run.files);
  CHECK(text.find("11  shop/web\n    9  CiliumNetworkPolicy shop/p ingress[0]\n") != std::string::npos);
  CHECK(text.find("weir: subject classes 2 of 65535") != std::string::npos);
}
