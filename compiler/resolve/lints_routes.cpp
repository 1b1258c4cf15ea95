// Routes that lead where policy lets nothing in. Tested by tests/unit/compiler/resolve/lints_routes_test.cpp.
#include "compiler/resolve/lints_routes.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "ir/base/code.h"
#include "ir/eval/gateway_path.h"
#include "ir/flow/endpoint.h"

namespace weir::compiler {
namespace {

std::optional<ir::PodId> find_pod(const ir::Cluster& cluster, std::string_view text) {
  const std::size_t last = text.rfind('/'), first = text.find('/');
  if (first == last) return cluster.find_pod(text.substr(0, first), text.substr(first + 1));
  return cluster.find_pod(text.substr(first + 1, last - first - 1), text.substr(last + 1), text.substr(0, first));
}

/// Where a gateway's own connection ends.
struct Blocked {
  ir::GatewayStep step;
  std::string pod;
  std::uint16_t port = 0;
  ir::Protocol protocol = ir::Protocol::Tcp;
};

class Lint {
 public:
  Lint(const ir::Cluster& cluster, const ir::PolicySet& policies, const ir::RouteTable& routes, ir::Diagnostics& diagnostics)
      : cluster_(cluster), policies_(policies), routes_(routes), diagnostics_(diagnostics) {}

  void run() {
    for (const ir::Route& route : routes_.routes)
      for (const ir::RouteRule& rule : route.rules)
        for (const ir::Backend& backend : rule.backends) look(route, backend);
  }

 private:
  void look(const ir::Route& route, const ir::Backend& backend) {
    if (!backend.invalid.empty() || backend.pods.empty()) return;
    for (const std::uint32_t number : route.listeners) {
      const ir::Listener& listener = routes_.listeners[number];
      const auto gateway = gateway_of(listener);
      if (!listener.usable || !gateway) continue;
      const auto blocked = all_blocked(listener, *gateway, backend);
      if (!blocked) continue;
      // Once for the backend: a fix for one listener is one for all.
      if (told_.emplace(backend.origin, backend.namespace_name + "/" + backend.service).second) tell(listener, backend, *blocked);
      return;
    }
  }

  /// nullopt: nobody knows its identity.
  std::optional<ir::Endpoint> gateway_of(const ir::Listener& listener) {
    if (listener.cilium) return ir::ingress_endpoint();
    if (listener.proxies.empty()) return std::nullopt;
    const auto id = find_pod(cluster_, listener.proxies.front());
    return id ? std::optional(ir::endpoint_of(cluster_, *id)) : std::nullopt;
  }

  /// The first pod, when every one is shut.
  std::optional<Blocked> all_blocked(const ir::Listener& listener, const ir::Endpoint& gateway, const ir::Backend& backend) {
    std::optional<Blocked> first;
    for (std::size_t i = 0; i < backend.pods.size(); ++i) {
      const auto id = find_pod(cluster_, backend.pods[i]);
      if (!id) return std::nullopt;
      const ir::GatewayVerdict found = ask(listener, gateway, *id, backend.pod_ports[i]);
      if (found.verdict != ir::Verdict::Denied) return std::nullopt;
      const ir::Protocol protocol = listener.protocol == ir::ListenerProtocol::Udp ? ir::Protocol::Udp : ir::Protocol::Tcp;
      if (!first) first = Blocked{found.steps[found.step], backend.pods[i], backend.pod_ports[i], protocol};
    }
    return first;
  }

  const ir::GatewayVerdict& ask(const ir::Listener& listener, const ir::Endpoint& gateway, ir::PodId id, std::uint16_t port) {
    const ir::Endpoint pod = ir::endpoint_of(cluster_, id);
    const bool udp = listener.protocol == ir::ListenerProtocol::Udp;
    const std::tuple key(gateway.labels, pod.kind, pod.labels, pod.node, port, udp);
    const auto known = known_.find(key);
    if (known != known_.end()) return known->second;
    return known_.emplace(key, ir::decide_path(policies_, cluster_, {listener, {}, gateway, pod, port, {}, {}})).first->second;
  }

  [[nodiscard]] std::string policy_name(const ir::Rule& rule) const {
    const ir::PolicyObject& policy = policies_.policies[rule.policy.index];
    const std::string name = policy.namespace_name.empty() ? policy.name : policy.namespace_name + "/" + policy.name;
    return policy.kind + " `" + name + "`";
  }

  [[nodiscard]] std::string peer_text(const ir::Listener& listener) const {
    return listener.cilium ? "`fromEntities: [ingress]`" : "`fromEndpoints` with the labels of `" + listener.proxies.front() + "`";
  }

  [[nodiscard]] std::string fix_of(const ir::Listener& listener, const Blocked& blocked) const {
    const bool by_default = blocked.step.side.default_rule == ir::DefaultRule::DefaultDeny;
    const std::string port = "port " + std::to_string(blocked.port) + "/" + ir::to_text(blocked.protocol);
    if (!by_default) return "narrow the deny so that it spares the gateway, or send the route elsewhere";
    if (blocked.step.name == "gateway egress") return "let the policy on `reserved:ingress` send to `" + blocked.pod + "` on " + port;
    const std::string add = "an ingress rule with " + peer_text(listener) + " and " + port;
    if (blocked.step.side.decided_by.empty()) return "add a CiliumNetworkPolicy for these pods with " + add;
    const ir::Rule& rule = policies_.rule(blocked.step.side.decided_by.front());
    const bool cilium = policies_.policies[rule.policy.index].kind.starts_with("Cilium");
    if (cilium || !listener.cilium) return "add to " + policy_name(rule) + " " + add;
    return "add a CiliumNetworkPolicy for these pods with " + add + "; " + policies_.policies[rule.policy.index].kind +
           " has no way to name a gateway of Cilium's";
  }

  void tell(const ir::Listener& listener, const ir::Backend& backend, const Blocked& blocked) {
    const std::string who = listener.cilium ? "the identity `reserved:ingress`" : "the gateway's pod `" + listener.proxies.front() + "`";
    const bool leaves = blocked.step.name == "gateway egress";
    std::string detail = "no request of this route reaches `" + backend.namespace_name + "/" + backend.service + "`: ";
    detail += leaves ? who + " may not send to `" + blocked.pod + "`" : "`" + blocked.pod + "` lets nothing in from " + who;
    detail += " on port " + std::to_string(blocked.port) + "/" + ir::to_text(blocked.protocol);
    if (backend.pods.size() > 1) detail += ", nor " + std::string(leaves ? "to" : "do") + " the other " + std::to_string(backend.pods.size() - 1) + " pods";
    std::vector<ir::DiagnosticLabel> labels;
    std::set<ir::Span> places;
    const bool by_default = blocked.step.side.default_rule == ir::DefaultRule::DefaultDeny;
    for (const ir::RuleId id : blocked.step.side.decided_by) {
      const ir::Rule& rule = policies_.rule(id);
      if (labels.size() < 3 && places.insert(rule.origin).second)
        labels.push_back({rule.origin, by_default ? policy_name(rule) + " isolates it and admits others" : policy_name(rule) + " denies it"});
    }
    diagnostics_.report({.kind = ir::Code::RouteBlocked, .primary = backend.origin, .detail = std::move(detail), .labels = std::move(labels),
                         .notes = {}, .fix = fix_of(listener, blocked), .witness = {}});
  }

  const ir::Cluster& cluster_;
  const ir::PolicySet& policies_;
  const ir::RouteTable& routes_;
  ir::Diagnostics& diagnostics_;
  std::set<std::pair<ir::Span, std::string>> told_;
  std::map<std::tuple<ir::LabelSet, ir::EndpointKind, ir::LabelSet, std::string, std::uint16_t, bool>, ir::GatewayVerdict> known_;
};

}  // namespace

void lint_blocked_routes(const ir::Cluster& cluster, const ir::PolicySet& policies, const ir::RouteTable& routes, ir::Diagnostics& diagnostics) {
  if (!policies.policies.empty()) Lint(cluster, policies, routes, diagnostics).run();
}

}  // namespace weir::compiler
