// The listing of `weir connectivity` = the evaluator, pair by pair and port by port, on random clusters and policies.
// WEIR_SEED=n repeats a run, WEIR_CASES=n changes its length.
#include "compiler/verify/connectivity.h"

#include <catch2/catch.hpp>
#include <iostream>
#include <map>

#include "compiler/verify/access.h"
#include "ir/eval/eval.h"
#include "ir/flow/endpoint.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/random_cluster.h"
#include "tests/differential/generator/random_flows.h"
#include "tests/differential/generator/random_policies.h"

namespace weir::tests {
namespace {

constexpr std::uint64_t kFlowsOfASet = 120;

/// Replicas, API servers, known names: what folds ends and cuts ranges.
void spice(Random& random, ir::Cluster& cluster) {
  for (ir::Pod& pod : cluster.pods)
    if (random.chance(60)) pod.workload = {"Deployment", "w" + std::to_string(random.below(3))};
  if (random.chance(30)) cluster.api_servers.push_back(*ir::parse_address(random.chance(50) ? "203.0.113.9" : "172.16.0.1"));
  if (random.chance(40)) cluster.names["a.example.com"] = {*ir::parse_address("203.0.113.9"), *ir::parse_address("192.0.2.7")};
  cluster.settings.host_firewall = random.chance(25);
}

/// What random_policies does not make: names, provider groups, requests, audit, authentication, rules on nodes.
void spice(Random& random, ir::PolicySet& policies) {
  for (ir::Rule& rule : policies.rules) {
    const bool outside = rule.direction == ir::Direction::Egress && rule.peers && random.chance(20);
    if (outside && random.chance(70)) rule.peers->push_back(ir::FqdnPeer{{random.chance(50) ? "a.example.com" : "*.example.com", false}, random.chance(50)});
    else if (outside) rule.peers->push_back(ir::UnresolvedPeer{"AWS group"});
    if (rule.action == ir::Action::Allow && random.chance(15)) rule.l7 = ir::L7Rules{.dns = {{"*.example.com", false}}};
    if (rule.action == ir::Action::Allow && random.chance(10)) rule.auth = random.chance(50) ? ir::Auth::Required : ir::Auth::AlwaysFail;
    rule.audit = random.chance(10);
    if (random.chance(15)) rule.subject_is_node = true, rule.subject = {};
  }
}

/// The listing, asked about one connection.
class Listing {
 public:
  Listing(const ir::PolicySet& policies, const ir::Cluster& cluster) : all_(*compiler::connectivity(policies, cluster, {})) {
    for (const compiler::Connection& c : all_.connections) lines_[c.source.index][c.destination.index].push_back(c.ports);
  }
  [[nodiscard]] std::size_t size() const { return all_.connections.size(); }

  /// The ends that may stand for this one.
  [[nodiscard]] std::vector<std::uint32_t> ends(const ir::Endpoint& endpoint, const ir::Pod* pod) const {
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < all_.ends.size(); ++i)
      if (pod != nullptr ? is_pod(all_.ends[i], *pod) : is_outside(all_.ends[i], *endpoint.address)) found.push_back(i);
    return found;
  }

  [[nodiscard]] bool allows(const std::vector<std::uint32_t>& from, const std::vector<std::uint32_t>& to, const ir::Flow& flow) const {
    for (const std::uint32_t source : from)
      for (const std::uint32_t destination : to) {
        const auto row = lines_.find(source);
        if (row == lines_.end()) continue;
        const auto cell = row->second.find(destination);
        if (cell == row->second.end()) continue;
        for (const compiler::PortsId id : cell->second)
          if (ir::contains(all_.ports.at(id).ports, {flow.protocol, flow.port})) return true;
      }
    return false;
  }

 private:
  /// Its own line, or that of its workload, which then has no line for single pods of the same kind of end.
  static bool is_pod(const compiler::ConnectivityEnd& end, const ir::Pod& pod) {
    if (end.namespace_name != pod.namespace_name || end.outside()) return false;
    if (!end.pod.empty()) return end.pod == pod.name;
    return end.text == pod.namespace_name + "/" + pod.workload.name + "[" + pod.workload.kind + "]";
  }
  static bool is_outside(const compiler::ConnectivityEnd& end, const ir::IpAddress& address) {
    if (end.text == "entity:world") return true;
    return end.addresses && !(address < end.addresses->first) && !(end.addresses->last < address);
  }

  compiler::Connectivity all_;
  std::map<std::uint32_t, std::map<std::uint32_t, std::vector<compiler::PortsId>>> lines_;
};

struct Ends {
  ir::Flow flow;
  const ir::Pod *source = nullptr, *destination = nullptr;  // null: outside
};

/// Two pods by their first addresses, or a pod and an address that nobody has; the ports are those of the FlowSource.
Ends draw(Random& random, const ir::Cluster& cluster, const FlowSource& flows) {
  Ends ends{flows.draw(random), nullptr, nullptr};
  const ir::PodId first{random.below(cluster.pods.size())}, second{random.below(cluster.pods.size())};
  const bool out = ends.flow.destination.kind == ir::EndpointKind::Other, in = ends.flow.source.kind == ir::EndpointKind::Other;
  if (!in) ends.source = &cluster.pod(first), ends.flow.source = ir::endpoint_of(cluster, first);
  if (!out) ends.destination = &cluster.pod(second), ends.flow.destination = ir::endpoint_of(cluster, second);
  // The ports of an ICMP type are those of its code 0.
  ends.flow.icmp_code = 0;
  return ends;
}

bool one_end(const Ends& ends) {
  if (ends.source == nullptr || ends.destination == nullptr) return false;
  const ir::Pod &a = *ends.source, &b = *ends.destination;
  // A workload with itself is not listed. A pod with its own first address is a pod with itself (policy.md 4.5).
  return a.namespace_name == b.namespace_name && (a.name == b.name || a.workload == b.workload);
}

}  // namespace

TEST_CASE("the listing of all connections says what the evaluator says", "[differential]") {
  const std::uint64_t wanted = std::min<std::uint64_t>(cases(40'000), 1'000'000);
  std::uint64_t done = 0, sets = 0, allowed = 0, lines = 0;
  while (done < wanted) {
    Random random(seed() + 7'000'000 + ++sets);
    ir::Cluster cluster = random_cluster(random, random_settings(random));
    spice(random, cluster);
    ir::PolicySet policies = random_policies(random, cluster, Language::Tables);
    spice(random, policies);
    const FlowSource flows(cluster, policies);
    if (flows.empty()) continue;
    const Listing listing(policies, cluster);
    lines += listing.size();
    INFO("WEIR_SEED=" << seed() << ", policy set " << sets << "\n" << describe(policies, cluster));
    for (std::uint64_t i = 0; i < kFlowsOfASet; ++i) {
      const Ends ends = draw(random, cluster, flows);
      if (one_end(ends)) continue;
      ++done;
      const bool expected = ir::decide(policies, cluster, ends.flow).verdict == ir::Verdict::Allowed;
      const bool listed = listing.allows(listing.ends(ends.flow.source, ends.source), listing.ends(ends.flow.destination, ends.destination), ends.flow);
      allowed += expected;
      if (listed != expected) FAIL(to_text(ends.flow) << ": listed " << listed << ", evaluator " << decision_text(ir::decide(policies, cluster, ends.flow))
                              << "\n" << to_text(cluster));
    }
  }
  std::cout << "differential: connectivity of " << sets << " policy sets, " << lines << " lines, " << done << " connections asked, "
            << allowed << " allowed, seed " << seed() << ", 0 differences\n";
  CHECK(allowed > done / 20);
  CHECK(allowed < done * 19 / 20);
}

TEST_CASE("the classes of nodes and names answer what the evaluator says", "[differential]") {
  const std::uint64_t wanted = std::min<std::uint64_t>(cases(20'000), 1'000'000);
  std::uint64_t done = 0, sets = 0, allowed = 0;
  while (done < wanted) {
    Random random(seed() + 9'000'000 + ++sets);
    ir::Cluster cluster = random_cluster(random, random_settings(random));
    spice(random, cluster);
    cluster.settings.host_firewall = false;
    ir::PolicySet policies = random_policies(random, cluster, Language::Tables);
    spice(random, policies);
    const FlowSource flows(cluster, policies);
    if (flows.empty()) continue;
    const compiler::Access access = compiler::access_of(policies, cluster);
    const std::pair<const char*, compiler::PeerId> entities[] = {
        {"host", access.host}, {"remote-node", access.remote_node}, {"kube-apiserver", access.kube_apiserver}, {"ingress", access.ingress}};
    INFO("WEIR_SEED=" << seed() << ", policy set " << sets << "\n" << describe(policies, cluster));
    for (std::uint64_t i = 0; i < kFlowsOfASet; ++i, ++done) {
      ir::Flow flow = flows.draw(random);
      flow.icmp_code = 0;
      const ir::PodId pod{random.below(cluster.pods.size())};
      if (cluster.pod(pod).host_network) continue;
      flow.source = ir::endpoint_of(cluster, pod);
      const auto& [name, peer] = entities[random.below(std::size(entities))];
      flow.destination = *ir::endpoint_of(cluster, {.kind = ir::PartyKind::Entity, .name = name}, &flow.source);
      const bool egress = random.chance(50);
      if (!egress) std::swap(flow.source, flow.destination);
      const bool expected = ir::decide(policies, cluster, flow).verdict == ir::Verdict::Allowed;
      const auto& rows = access.rows[access.classes[access.class_of_pod[pod.index].index].rows];
      const compiler::PortsId ports = rows[egress ? 1 : 0].at(peer);
      allowed += expected;
      if (ir::contains(access.ports.at(ports).ports, {flow.protocol, flow.port}) != expected)
        FAIL(to_text(flow) << ": evaluator " << expected);
    }
  }
  std::cout << "differential: nodes of " << sets << " policy sets, " << done << " connections asked, " << allowed << " allowed\n";
  CHECK(allowed > done / 20);
  CHECK(allowed < done * 19 / 20);
}

}  // namespace weir::tests
