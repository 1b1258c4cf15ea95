#include <fmt/format.h>

#include "tests/perf/known_pairs.h"

namespace weir::perf {
namespace {

/// "{port: 8080, protocol: TCP}", after a narrowing without its first port.
std::string port_of(const Pair& pair, bool after) {
  const char* protocol = pair.wire == Wire::Udp ? "UDP" : "TCP";
  if (!pair.range) return fmt::format("{{port: {}, protocol: {}}}", pair.port, protocol);
  return fmt::format("{{port: {}, endPort: {}, protocol: {}}}", pair.port + (after && pair.narrowed ? 1 : 0), pair.port + 3, protocol);
}

std::string peer_of(const Cluster& cluster, const Side& peer, bool is_client) {
  const App* app = cluster.app(peer);
  if (app == nullptr) return fmt::format("{{ipBlock: {{cidr: {}}}}}", cidr_of(peer, is_client));
  return fmt::format("{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {}}}}}, podSelector: {{matchLabels: {{app: {}}}}}}}",
                     app->namespace_name, app->name);
}

/// The rules of one app in one direction.
struct AppRules {
  std::string network, cilium;  // elements of lists
};

AppRules rules_of(const Cluster& cluster, const App& app, bool ingress, bool after) {
  AppRules rules;
  for (const Pair& pair : cluster.pairs) {
    const Side &self = ingress ? pair.server : pair.client, &peer = ingress ? pair.client : pair.server;
    const Rules& granted = after ? pair.after : pair.before;
    if (cluster.app(self) != &app || !(ingress ? granted.ingress : granted.egress)) continue;
    const char* side = ingress ? "from" : "to";
    if (pair.wire != Wire::Icmp) {
      rules.network += fmt::format("  - {}: [{}]\n    ports: [{}]\n", side, peer_of(cluster, peer, ingress), port_of(pair, after));
      continue;
    }
    const App* other = cluster.app(peer);
    rules.cilium += fmt::format(
        "  - {}Endpoints: [{{matchLabels: {{app: {}, \"k8s:io.kubernetes.pod.namespace\": {}}}}}]\n"
        "    icmps: [{{fields: [{{family: IPv4, type: 8}}, {{family: IPv6, type: 128}}]}}]\n",
        side, other->name, other->namespace_name);
  }
  return rules;
}

void policies_of(const Cluster& cluster, const App& app, bool ingress, bool after, std::string& out) {
  const AppRules rules = rules_of(cluster, app, ingress, after);
  const char* direction = ingress ? "ingress" : "egress";
  if (!rules.network.empty())
    out += fmt::format(
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {0}-{1}, namespace: {2}}}\n"
        "spec:\n  podSelector: {{matchLabels: {{app: {0}}}}}\n  policyTypes: [{3}]\n  {1}:\n{4}",
        app.name, direction, app.namespace_name, ingress ? "Ingress" : "Egress", rules.network);
  if (!rules.cilium.empty())
    out += fmt::format(
        "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {{name: {0}-ping-{1}, namespace: {2}}}\n"
        "spec:\n  endpointSelector: {{matchLabels: {{app: {0}}}}}\n  {1}:\n{3}",
        app.name, direction, app.namespace_name, rules.cilium);
}

void namespace_of(const App& app, bool after, std::string& out) {
  out += fmt::format("---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {0}, labels: {{kubernetes.io/metadata.name: {0}}}}}\n", app.namespace_name);
  const Regime regime = app.regime();
  if (denies_ingress(regime, after))
    out += fmt::format(
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: deny, namespace: {}}}\n"
        "spec: {{podSelector: {{}}, policyTypes: [{}]}}\n",
        app.namespace_name, denies_egress(regime) ? "Ingress, Egress" : "Ingress");
  if (regime == Regime::Labelled && after)
    out += fmt::format(
        "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {{name: no-legacy, namespace: {}}}\n"
        "spec:\n  endpointSelector: {{}}\n  ingressDeny:\n  - fromEndpoints:\n    - matchLabels: {{tier: legacy}}\n"
        "      matchExpressions: [{{key: \"k8s:io.kubernetes.pod.namespace\", operator: Exists}}]\n",
        app.namespace_name);
}

void pods_of(const App& app, std::string& out) {
  for (const AppPod& each : app.pods)
    out += fmt::format(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {0}, namespace: {1}, labels: {{app: {2}, pod-template-hash: 5f6c7d8b9{3}}}, "
        "ownerReferences: [{{apiVersion: apps/v1, kind: ReplicaSet, name: {2}-5f6c7d8b9, uid: u}}]}}\n"
        "spec: {{nodeName: {4}, containers: [{{name: c, image: x}}]}}\n"
        "status: {{phase: Running, podIP: {5}, podIPs: [{{ip: {5}}}, {{ip: \"{6}\"}}]}}\n",
        each.pod.pod, app.namespace_name, app.name, app.legacy ? ", tier: legacy" : "", each.pod.node, each.pod.address, each.pod.address6);
}

}  // namespace

std::string manifests_of(const Cluster& cluster, bool after) {
  std::string out;
  for (const App& app : cluster.apps) {
    if (app.number == 0) namespace_of(app, after, out);
    pods_of(app, out);
    // Where nothing is denied by default a rule would bring the default deny with it.
    if (app.regime() != Regime::Open && app.regime() != Regime::Enforced) policies_of(cluster, app, true, after, out);
    if (denies_egress(app.regime())) policies_of(cluster, app, false, after, out);
  }
  return out;
}

}  // namespace weir::perf
