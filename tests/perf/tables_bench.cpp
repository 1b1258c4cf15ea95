// The rule index of a large cluster and the class tables of one of its nodes (datapath.md 3: a node of 110 endpoints in a
// cluster of 100k pods and 10k policies was built in 71 ms by the prototype). Prints its figures; the bounds are loose
// enough for a busy machine and tight enough for a wrong complexity.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <iostream>
#include <tuple>

#include "compiler/lower/lower.h"
#include "ir/flow/endpoint.h"

namespace weir::compiler {
namespace {

constexpr std::uint32_t kNamespaces = 500, kPodsOfANamespace = 200, kAppsOfANamespace = 10, kNodes = 910;

std::string text(const char* prefix, std::uint32_t number) { return prefix + std::to_string(number); }

ir::IpAddress address(std::uint32_t number) {
  ir::IpAddress out;
  for (int byte = 3; byte >= 0; --byte, number >>= 8) out.bytes[static_cast<std::size_t>(byte)] = static_cast<std::uint8_t>(number);
  return out;
}

ir::Cluster big_cluster() {
  ir::Cluster cluster;
  for (std::uint32_t n = 0; n < kNamespaces; ++n)
    cluster.namespaces.push_back({text("ns-", n), {{"kubernetes.io/metadata.name", text("ns-", n)}}, {}, {}});
  std::sort(cluster.namespaces.begin(), cluster.namespaces.end());
  for (std::uint32_t i = 0; i < kNamespaces * kPodsOfANamespace; ++i) {
    ir::Pod pod;
    pod.namespace_name = text("ns-", i / kPodsOfANamespace);
    pod.name = text("pod-", i);
    pod.pod_labels = {{"app", text("app-", i % kAppsOfANamespace)}, {"tier", i % 2 == 0 ? "front" : "back"}};
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

/// Two rules for each of 5,000 workloads: from one workload on a few ports, and from a CIDR with an except.
ir::PolicySet many_policies() {
  ir::PolicySet set;
  for (std::uint32_t i = 0; i < kNamespaces * kAppsOfANamespace; ++i) {
    const std::string space = text("ns-", i / kAppsOfANamespace);
    set.policies.push_back({"CiliumNetworkPolicy", space, text("policy-", i), {}});
    ir::Rule rule;
    rule.policy = ir::PolicyId{i};
    rule.subject.add(ir::equals("k8s", ir::kNamespaceKey, space));
    rule.subject.add(ir::equals("k8s", "app", text("app-", i % kAppsOfANamespace)));
    ir::SelectorPeer peer;
    peer.selector.add(ir::equals("k8s", ir::kNamespaceKey, text("ns-", (i * 7) % kNamespaces)));
    peer.selector.add(ir::equals("any", "app", text("app-", i % 3)));
    rule.peers = std::vector<ir::Peer>{peer};
    const auto port = static_cast<std::uint16_t>(8000 + i % 400);
    rule.ports = std::vector<ir::PortMatch>{{ir::Protocol::Tcp, {port, port}}, {ir::Protocol::Udp, {53, 53}}};
    set.rules.push_back(rule);
    const ir::IpPrefix block{address(0xc0000000 + i * 4096), 20}, hole{address(0xc0000000 + i * 4096), 24};
    rule.peers = std::vector<ir::Peer>{ir::CidrPeer{block, {hole}}};
    rule.index = 1;
    set.rules.push_back(rule);
  }
  return set;
}

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

TEST_CASE("tables of a large cluster", "[perf]") {
  const ir::Cluster cluster = big_cluster();
  const ir::PolicySet policies = many_policies();
  ir::RuleIndex index;
  double indexing = 1e9, classifying = 1e9, lowering = 1e9;
  ir::TableSet tables;
  for (int round = 0; round < 3; ++round) {
    indexing = std::min(indexing, seconds([&] { index = index_rules(policies, cluster); }));
    Classifier classifier(index);
    classifying = std::min(classifying, seconds([&] {
      for (const ir::Pod& pod : cluster.pods)
        static_cast<void>(classifier.subject(pod.labels)), static_cast<void>(classifier.peer(pod.labels, pod.addresses.front()));
    }));
    lowering = std::min(lowering, seconds([&] { tables = *lower(policies, cluster, {}, "n7"); }));
  }
  std::vector<std::string> differences;
  const double proving = seconds([&] { differences = prove(tables, policies, cluster); });
  std::cout << "perf: index of " << policies.rules.size() << " rules " << indexing * 1e3 << " ms, " << cluster.pods.size()
            << " pods classified in " << classifying * 1e3 << " ms, tables of " << tables.endpoints.size() << " endpoints ("
            << tables.subject_classes << " subject, " << tables.peer_classes << " peer, " << tables.port_classes
            << " port classes, " << tables.cells.size() << " cells) " << lowering * 1e3 << " ms, proof " << proving * 1e3 << " ms\n";
  CHECK(differences == std::vector<std::string>{});
  CHECK(indexing + classifying < 1.0);
  CHECK(lowering < 1.0);
}

}  // namespace weir::compiler
