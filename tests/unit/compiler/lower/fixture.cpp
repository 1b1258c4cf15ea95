#include "tests/unit/compiler/lower/fixture.h"

namespace weir::compiler {
namespace {

void add_pod(ir::Cluster& cluster, std::string name, std::string app, std::string node, std::vector<ir::IpAddress> addresses) {
  ir::Pod pod;
  pod.namespace_name = "shop";
  pod.name = std::move(name);
  pod.workload = {"Deployment", app};
  pod.pod_labels = {{"app", app}};
  pod.labels = ir::identity_labels(cluster, "shop", pod.pod_labels, "default");
  pod.node = std::move(node);
  pod.addresses = std::move(addresses);
  cluster.pods.push_back(std::move(pod));
}

}  // namespace

ir::Cluster small_cluster(ir::Settings settings) {
  ir::Cluster cluster;
  cluster.settings = std::move(settings);
  cluster.namespaces = {{"shop", {{"kubernetes.io/metadata.name", "shop"}}, {}, {}}};
  cluster.nodes = {{"n1", {}, {address("172.16.0.1")}, {}}, {"n2", {}, {address("172.16.0.2")}, {}}};
  add_pod(cluster, "db-1", "db", "n1", {address("10.0.0.3")});
  add_pod(cluster, "web-1", "web", "n1", {address("10.0.0.1"), address("fd00::1")});
  add_pod(cluster, "web-2", "web", "n2", {address("10.0.0.2")});
  return cluster;
}

ir::Rule rule_on(std::string_view app, ir::Direction direction, std::vector<ir::Peer> peers) {
  ir::Rule rule;
  rule.direction = direction;
  rule.subject.add(ir::equals("k8s", "app", app));
  rule.peers = std::move(peers);
  return rule;
}

ir::Peer app_peer(std::string_view app) {
  ir::SelectorPeer peer;
  peer.selector.add(ir::equals("k8s", "app", app));
  return peer;
}

ir::Peer cidr_peer(std::string_view cidr, const std::vector<std::string>& except) {
  ir::CidrPeer peer{prefix(cidr), {}};
  for (const std::string& text : except) peer.except.push_back(prefix(text));
  return peer;
}

ir::PolicySet policies_of(std::vector<ir::Rule> rules) {
  ir::PolicySet set;
  set.policies = {{"NetworkPolicy", "shop", "test", {}}};
  set.rules = std::move(rules);
  for (std::uint32_t i = 0; i < set.rules.size(); ++i) set.rules[i].index = i;
  return set;
}

}  // namespace weir::compiler
