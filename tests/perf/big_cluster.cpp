#include "tests/perf/big_cluster.h"

#include <fmt/format.h>

#include <random>
#include <string>

namespace weir::perf {
namespace {

constexpr std::uint32_t kPodsOfANamespace = 200, kAppsOfANamespace = 10, kPodsOfANode = 110;

std::uint32_t namespaces_of(const ClusterSize& size) { return size.pods / kPodsOfANamespace + 1; }

/// A List, one item a line.
class ListWriter {
 public:
  explicit ListWriter(std::ostream& out) : out_(out) { out_ << "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n"; }
  void add(const std::string& item) {
    out_ << (first_ ? "" : ",\n") << item;
    first_ = false;
  }
  void finish() { out_ << "\n]}\n"; }

 private:
  std::ostream& out_;
  bool first_ = true;
};

std::string pod(std::uint32_t i) {
  const std::uint32_t space = i / kPodsOfANamespace, app = i % kAppsOfANamespace;
  return fmt::format(
      R"({{"apiVersion": "v1", "kind": "Pod", "metadata": {{"name": "app-{0}-7d9f-{1}", "namespace": "ns-{2}", "uid": "0000-{1}", )"
      R"("labels": {{"app": "app-{0}", "tier": "{3}", "team": "team-{4}", "pod-template-hash": "7d9f"}}, )"
      R"("ownerReferences": [{{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "app-{0}-7d9f", "uid": "1-{0}", "controller": true}}]}}, )"
      R"("spec": {{"nodeName": "node-{5}", "serviceAccountName": "sa-{6}", "containers": [{{"name": "main", "image": "registry.local/app-{0}:1.2.3", )"
      R"("ports": [{{"name": "http", "containerPort": {7}, "protocol": "TCP"}}]}}]}}, )"
      R"("status": {{"phase": "Running", "podIP": "{8}", "podIPs": [{{"ip": "{8}"}}], "conditions": [{{"type": "Ready", "status": "True"}}]}}}})",
      app, i, space, i % 2 == 0 ? "front" : "back", space % 17, i / kPodsOfANode, app % 3, 8000 + app,
      fmt::format("10.{}.{}.{}", i >> 16 & 255, i >> 8 & 255, i & 255));
}

/// The policies, of one seed.
class PolicyWriter {
 public:
  explicit PolicyWriter(const ClusterSize& size) : spaces_(namespaces_of(size)), random_(size.seed) {}

  std::string policy(std::uint32_t i) {
    const std::uint32_t space = i % spaces_;
    const bool kubernetes = i % 2 == 0;
    return fmt::format(
        R"({{"apiVersion": "{}", "kind": "{}", "metadata": {{"name": "policy-{}", "namespace": "ns-{}", "labels": {{"team": "team-{}"}}}}, "spec": {}}})",
        kubernetes ? "networking.k8s.io/v1" : "cilium.io/v2", kubernetes ? "NetworkPolicy" : "CiliumNetworkPolicy", i, space,
        space % 17, kubernetes ? kubernetes_spec() : cilium_spec(space));
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  std::string app() { return fmt::format("app-{}", below(kAppsOfANamespace)); }
  std::string space() { return fmt::format("ns-{}", below(spaces_)); }
  std::string cidr() { return fmt::format("{}.{}.{}.0/24", 20 + below(150), below(256), below(256)); }
  std::uint32_t port() { return 8000 + below(400); }

  std::string kubernetes_spec() {
    const std::string subject = app();
    switch (below(4)) {
      case 0:
        return fmt::format(
            R"({{"podSelector": {{"matchLabels": {{"app": "{}"}}}}, "policyTypes": ["Ingress"], "ingress": [{{"from": [{{"podSelector": {{"matchLabels": {{"app": "{}", "tier": "front"}}}}}}], "ports": [{{"protocol": "TCP", "port": {}}}]}}]}})",
            subject, app(), port());
      case 1:
        return fmt::format(
            R"({{"podSelector": {{"matchExpressions": [{{"key": "app", "operator": "In", "values": ["{}", "{}"]}}]}}, "policyTypes": ["Ingress"], "ingress": [{{"from": [{{"namespaceSelector": {{"matchLabels": {{"kubernetes.io/metadata.name": "{}"}}}}, "podSelector": {{"matchLabels": {{"app": "{}"}}}}}}], "ports": [{{"protocol": "TCP", "port": "http"}}]}}]}})",
            subject, app(), space(), app());
      case 2:
        return fmt::format(
            R"({{"podSelector": {{"matchLabels": {{"app": "{}"}}}}, "policyTypes": ["Egress"], "egress": [{{"to": [{{"ipBlock": {{"cidr": "{}"}}}}, {{"namespaceSelector": {{"matchLabels": {{"team": "team-{}"}}}}}}], "ports": [{{"protocol": "TCP", "port": {}}}]}}, {{"to": [{{"namespaceSelector": {{}}}}], "ports": [{{"protocol": "UDP", "port": 53}}]}}]}})",
            subject, cidr(), below(17), port());
      default: {
        const std::uint32_t low = port();
        return fmt::format(
            R"({{"podSelector": {{"matchLabels": {{"app": "{}"}}}}, "policyTypes": ["Ingress", "Egress"], "ingress": [{{"from": [{{"ipBlock": {{"cidr": "{}.0.0.0/8", "except": ["{}.1.0.0/16"]}}}}], "ports": [{{"protocol": "TCP", "port": {}, "endPort": {}}}]}}], "egress": [{{}}]}})",
            subject, 100 + low % 20, 100 + low % 20, low, low + 20);
      }
    }
  }

  /// DNS names stand in a few namespaces alone: the tables of a node hold no name, and refuse one.
  std::string cilium_spec(std::uint32_t space_number) {
    const std::string subject = app();
    const std::uint32_t form = below(5);
    switch (form == 4 && space_number % 8 != 5 ? 0 : form) {
      case 0:
        return fmt::format(
            R"({{"endpointSelector": {{"matchLabels": {{"app": "{}"}}}}, "ingress": [{{"fromEndpoints": [{{"matchLabels": {{"app": "{}", "io.kubernetes.pod.namespace": "{}"}}}}], "toPorts": [{{"ports": [{{"port": "{}", "protocol": "TCP"}}]}}]}}]}})",
            subject, app(), space(), port());
      case 1:
        return fmt::format(
            R"({{"endpointSelector": {{"matchLabels": {{"app": "{}"}}}}, "ingress": [{{"fromEntities": ["cluster"], "toPorts": [{{"ports": [{{"port": "{}", "protocol": "TCP"}}]}}]}}], "ingressDeny": [{{"fromEndpoints": [{{"matchExpressions": [{{"key": "k8s:tier", "operator": "NotIn", "values": ["front"]}}]}}], "toPorts": [{{"ports": [{{"port": "{}"}}]}}]}}]}})",
            subject, port(), port());
      case 2: {
        const std::uint32_t first = 120 + below(20);
        return fmt::format(
            R"({{"endpointSelector": {{"matchLabels": {{"app": "{}"}}}}, "egress": [{{"toCIDRSet": [{{"cidr": "{}.0.0.0/8", "except": ["{}.2.0.0/16"]}}, {{"cidr": "{}"}}], "toPorts": [{{"ports": [{{"port": "443", "protocol": "TCP"}}]}}]}}]}})",
            subject, first, first, cidr());
      }
      case 3:
        return fmt::format(
            R"({{"endpointSelector": {{"matchLabels": {{"app": "{}", "tier": "back"}}}}, "ingress": [{{"fromEndpoints": [{{"matchLabels": {{"app": "{}"}}}}], "toPorts": [{{"ports": [{{"port": "{}", "protocol": "TCP"}}], "rules": {{"http": [{{"method": "GET", "path": "/v{}/.*"}}]}}}}]}}]}})",
            subject, app(), port(), below(10));
      default:
        return fmt::format(
            R"({{"endpointSelector": {{"matchLabels": {{"app": "{}"}}}}, "egress": [{{"toEndpoints": [{{"matchLabels": {{"k8s:io.kubernetes.pod.namespace": "kube-system", "k8s-app": "kube-dns"}}}}], "toPorts": [{{"ports": [{{"port": "53", "protocol": "ANY"}}], "rules": {{"dns": [{{"matchPattern": "*"}}]}}}}]}}, {{"toFQDNs": [{{"matchName": "api-{}.example.com"}}], "toPorts": [{{"ports": [{{"port": "443", "protocol": "TCP"}}]}}]}}]}})",
            subject, below(500));
    }
  }

  std::uint32_t spaces_;
  std::mt19937_64 random_;
};

}  // namespace

void write_inventory(const ClusterSize& size, std::ostream& out) {
  ListWriter list(out);
  for (std::uint32_t n = 0; n < namespaces_of(size); ++n)
    list.add(fmt::format(
        R"({{"apiVersion": "v1", "kind": "Namespace", "metadata": {{"name": "ns-{}", "labels": {{"team": "team-{}", "env": "{}"}}}}}})", n,
        n % 17, n % 3 == 0 ? "prod" : "dev"));
  for (std::uint32_t n = 0; n <= size.pods / kPodsOfANode; ++n)
    list.add(fmt::format(
        R"({{"apiVersion": "v1", "kind": "Node", "metadata": {{"name": "node-{}"}}, "status": {{"addresses": [{{"type": "InternalIP", "address": "172.16.{}.{}"}}]}}}})",
        n, n >> 8 & 255, n & 255));
  for (std::uint32_t n = 0; n < namespaces_of(size) * kAppsOfANamespace; ++n)
    list.add(fmt::format(
        R"({{"apiVersion": "v1", "kind": "Service", "metadata": {{"name": "app-{}", "namespace": "ns-{}"}}, "spec": {{"clusterIP": "172.20.{}.{}", "selector": {{"app": "app-{}"}}, "ports": [{{"port": 80, "targetPort": "http"}}]}}}})",
        n % kAppsOfANamespace, n / kAppsOfANamespace, n >> 8 & 255, n & 255, n % kAppsOfANamespace));
  for (std::uint32_t i = 0; i < size.pods; ++i) list.add(pod(i));
  list.finish();
}

void write_policies(const ClusterSize& size, std::ostream& out) {
  ListWriter list(out);
  PolicyWriter writer(size);
  for (std::uint32_t i = 0; i < size.policies; ++i) list.add(writer.policy(i));
  list.finish();
}

}  // namespace weir::perf
