// All pairs of a large cluster by class: 10,000 pods of 5,000 workloads and 5,000 policies of all sorts. Prints
// milliseconds; fails when twice the cluster takes much more than twice the classes and four times the pairs allow.
#include "compiler/verify/connectivity.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <iostream>
#include <string>
#include <tuple>

#include "compiler/lower/lower.h"
#include "compiler/verify/access.h"

namespace weir::compiler {
namespace {

constexpr std::uint32_t kAppsOfANamespace = 50, kReplicas = 2, kNodes = 100;

std::string text(const char* prefix, std::uint32_t number) { return prefix + std::to_string(number); }

ir::IpAddress address(std::uint32_t number) {
  ir::IpAddress out;
  for (int byte = 3; byte >= 0; --byte, number >>= 8) out.bytes[static_cast<std::size_t>(byte)] = static_cast<std::uint8_t>(number);
  return out;
}

ir::Cluster big_cluster(std::uint32_t namespaces) {
  ir::Cluster cluster;
  for (std::uint32_t n = 0; n < namespaces; ++n)
    cluster.namespaces.push_back({text("ns-", n), {{"kubernetes.io/metadata.name", text("ns-", n)}, {"team", text("team-", n % 10)}}, {}, {}});
  std::sort(cluster.namespaces.begin(), cluster.namespaces.end());
  for (std::uint32_t i = 0; i < namespaces * kAppsOfANamespace * kReplicas; ++i) {
    ir::Pod pod;
    pod.namespace_name = text("ns-", i / (kAppsOfANamespace * kReplicas));
    pod.name = text("pod-", i);
    pod.pod_labels = {{"app", text("app-", i % kAppsOfANamespace)}, {"tier", i % 3 == 0 ? "front" : "back"}};
    pod.workload = {"Deployment", pod.pod_labels["app"]};
    pod.labels = ir::identity_labels(cluster, pod.namespace_name, pod.pod_labels, "default");
    pod.addresses = {address(0x0a000000 + i)};
    pod.node = text("n", i % kNodes);
    cluster.pods.push_back(std::move(pod));
  }
  std::sort(cluster.pods.begin(), cluster.pods.end(), [](const ir::Pod& a, const ir::Pod& b) {
    return std::tie(a.namespace_name, a.name) < std::tie(b.namespace_name, b.name);
  });
  return cluster;
}

ir::SelectorPeer peer(std::initializer_list<ir::Requirement> requirements) {
  ir::SelectorPeer peer;
  for (const ir::Requirement& requirement : requirements) peer.selector.add(requirement);
  return peer;
}

/// One policy for each workload: from another one, from a namespace, from a team, a deny, a CIDR, both directions.
ir::PolicySet mixed_policies(std::uint32_t namespaces) {
  ir::PolicySet set;
  for (std::uint32_t i = 0; i < namespaces * kAppsOfANamespace; ++i) {
    const std::string space = text("ns-", i / kAppsOfANamespace);
    set.policies.push_back({"CiliumNetworkPolicy", space, text("policy-", i), {}});
    ir::Rule rule;
    rule.policy = ir::PolicyId{i};
    rule.subject.add(ir::equals("k8s", ir::kNamespaceKey, space));
    rule.subject.add(ir::equals("k8s", "app", text("app-", i % kAppsOfANamespace)));
    rule.direction = i % 3 == 0 ? ir::Direction::Egress : ir::Direction::Ingress;
    const auto port = static_cast<std::uint16_t>(8000 + i % 400);
    rule.ports = std::vector<ir::PortMatch>{{ir::Protocol::Tcp, {port, static_cast<std::uint16_t>(port + i % 7)}}, {ir::Protocol::Udp, {53, 53}}};
    const std::string other = text("ns-", (i * 7) % namespaces);
    if (i % 4 == 0) rule.peers = std::vector<ir::Peer>{peer({ir::equals("k8s", ir::kNamespaceKey, other), ir::equals("any", "app", text("app-", i % 3))})};
    if (i % 4 == 1) rule.peers = std::vector<ir::Peer>{peer({ir::equals("k8s", ir::kNamespaceKey, other)})};
    if (i % 4 == 2) rule.peers = std::vector<ir::Peer>{peer({ir::equals("k8s", "io.cilium.k8s.namespace.labels.team", text("team-", i % 10))})};
    if (i % 4 == 3) rule.peers = std::vector<ir::Peer>{ir::CidrPeer{{address(0xc0000000 + i * 4096), 20}, {{address(0xc0000000 + i * 4096), 24}}}};
    set.rules.push_back(rule);
    if (i % 5 != 0) continue;
    rule.action = ir::Action::Deny;
    rule.peers = std::vector<ir::Peer>{peer({ir::equals("k8s", "tier", "back")})};
    rule.index = 1;
    set.rules.push_back(rule);
  }
  return set;
}

double millis(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

struct Run {
  std::size_t pods = 0, classes = 0;
  std::uint64_t pairs = 0;  // of classes, that may talk
  double classing = 1e12, pairing = 1e12;
  [[nodiscard]] double all() const { return classing + pairing; }
};

Run measure(std::uint32_t namespaces) {
  const ir::Cluster cluster = big_cluster(namespaces);
  const ir::PolicySet policies = mixed_policies(namespaces);
  Run run{.pods = cluster.pods.size()};
  for (int round = 0; round < 3; ++round) {
    Access access;
    run.classing = std::min(run.classing, millis([&] { access = access_of(policies, cluster); }));
    run.classes = access.classes.size();
    run.pairing = std::min(run.pairing, millis([&] {
      OutgoingRows rows(access);
      run.pairs = 0;
      for (std::uint32_t from = 0; from < access.classes.size(); ++from)
        for (const PortsId ports : rows.of(PodClassId{from})) run.pairs += ports != PortsTable::kNone;
    }));
  }
  std::cout << "perf: connectivity of " << run.pods << " pods and " << policies.policies.size() << " policies: " << run.classes
            << " classes in " << run.classing << " ms, " << run.pairs << " of " << run.classes * run.classes << " pairs of classes may talk, found in "
            << run.pairing << " ms\n";
  return run;
}

}  // namespace

TEST_CASE("all pairs of a large cluster", "[perf]") {
  const Run half = measure(50), whole = measure(100);
  CHECK(whole.pods == 10'000);
  CHECK(whole.classes > 1'000);
  CHECK(whole.pairs > 0);
  // Twice the pods are four times the pairs; six times the time leaves room for caches. A ratio, so that the machine does not matter.
  CHECK(whole.all() < 6 * half.all());
  // Class by class must beat pod by pod by far: a verdict of one pair costs what a decision of the index costs.
  const ir::Cluster cluster = big_cluster(50);
  const ir::PolicySet policies = mixed_policies(50);
  ir::RuleIndex index = index_rules(policies, cluster);
  Classifier classifier(index);
  constexpr std::uint32_t kSample = 20'000;
  std::uint64_t allowed = 0;
  const double sampled = millis([&] {
    for (std::uint32_t i = 0; i < kSample; ++i) {
      const ir::Pod& pod = cluster.pods[i % cluster.pods.size()];
      const ir::Pod& other = cluster.pods[(i * 7919) % cluster.pods.size()];
      const ir::Signature signature = classifier.peer(other.labels, std::nullopt);
      const auto side = ir::decide(index, classifier.subject(pod.labels), ir::Direction::Ingress, index.signatures[signature.index], false,
                                   ir::Protocol::Tcp, 8000, 0);
      allowed += side.verdict == ir::Verdict::Allowed;
    }
  });
  const double by_pod = sampled / kSample * static_cast<double>(half.pods) * static_cast<double>(half.pods) * 2;
  std::cout << "perf: one port pod by pod would take about " << by_pod << " ms (" << allowed << " of " << kSample << " sampled sides allow)\n";
  CHECK(half.all() * 5 < by_pod);
}

TEST_CASE("the listing of a large cluster", "[perf]") {
  const ir::Cluster cluster = big_cluster(100);
  const ir::PolicySet policies = mixed_policies(100);
  std::size_t lines = 0, focused = 0;
  const double all = millis([&] { lines = connectivity(policies, cluster, {})->connections.size(); });
  const double one = millis([&] { focused = connectivity(policies, cluster, {.workloads = {"ns-1/app-1"}})->connections.size(); });
  std::cout << "perf: " << lines << " lines in " << all << " ms, " << focused << " lines of one workload in " << one << " ms\n";
  CHECK(focused > 0);
  CHECK(one < all);
}

}  // namespace weir::compiler
