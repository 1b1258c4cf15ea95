#include "simulator/ask/route.h"

#include <algorithm>

#include "ir/eval/eval.h"
#include "ir/eval/gateway_path.h"
#include "ir/flow/decided_by.h"
#include "ir/flow/endpoint.h"

namespace weir::simulator {
namespace {

/// What the walk of gateway.md section 2 needs for one backend.
struct Walk {
  const compiler::Resolved& resolved;
  const ir::Files& files;
  const RouteQuestion& question;
  const ir::Listener& listener;
  std::vector<std::string>& assumptions;
};

bool is_http(const ir::Listener& listener) {
  return listener.protocol == ir::ListenerProtocol::Http || listener.protocol == ir::ListenerProtocol::Https;
}

/// What request rules see of it.
ir::L7Request content_of(const ir::Request& request, const ir::Listener& listener) {
  ir::L7Request out;
  if (is_http(listener))
    out.http = ir::HttpRequest{request.method, path_and_query(request), request.host, request.headers};
  else if (listener.protocol == ir::ListenerProtocol::Tls)
    out.sni = request.sni.value_or(request.host);
  return out;
}

/// "shop/web-abc"; of another cluster "west/shop/web-abc".
std::optional<ir::PodId> find_pod(const ir::Cluster& cluster, std::string_view text) {
  const std::size_t last = text.rfind('/'), first = text.find('/');
  if (first == last) return cluster.find_pod(text.substr(0, first), text.substr(first + 1));
  return cluster.find_pod(text.substr(first + 1, last - first - 1), text.substr(last + 1), text.substr(0, first));
}

/// Who speaks for the gateway: reserved:ingress, or the pods of its proxy. Empty: not known.
std::vector<ir::Endpoint> gateway_ends(const Walk& walk) {
  if (walk.listener.cilium) return {ir::ingress_endpoint()};
  std::vector<ir::Endpoint> out;
  for (const std::string& proxy : walk.listener.proxies)
    if (const auto id = find_pod(walk.resolved.cluster, proxy)) out.push_back(ir::endpoint_of(walk.resolved.cluster, *id));
  return out;
}

EndpointPolicy told(const Walk& walk, const std::string& pod, const ir::GatewayVerdict& found) {
  const ir::PolicySet& policies = walk.resolved.policies;
  const ir::GatewayStep& step = found.steps[found.step];
  EndpointPolicy out{.pod = pod, .verdict = found.verdict, .step = step.name, .decided_by = {},
                     .isolated_by = {}, .asked = {}, .requests = {}, .status = found.status};
  if (found.by_request) {
    out.decided_by = decided_by(policies, walk.files, *step.request);
  } else {
    out.decided_by = decided_by(policies, walk.files, step.side, step.direction);
    out.isolated_by = isolated_by(policies, walk.files, step.side);
  }
  for (const ir::GatewayStep& one : found.steps) {
    out.asked.push_back(one.side);
    if (one.request) out.requests.push_back(*one.request);
  }
  return out;
}

/// A gateway whose identity nobody knows: only a pod that isolates itself from nobody surely lets it in.
EndpointPolicy judge_unknown(const Walk& walk, const std::string& pod, const ir::GatewayPath& path) {
  const ir::Flow flow{{.labels = {}, .host_labels = {}, .address = {}, .node = {}, .name = "gateway", .dns_names = {}}, path.backend, ir::Protocol::Tcp, path.port, 0, {}};
  const ir::SideDecision side = ir::decide_side(walk.resolved.policies, walk.resolved.cluster, flow, ir::Direction::Ingress);
  EndpointPolicy out{.pod = pod, .verdict = side.enforced ? ir::Verdict::Unknown : ir::Verdict::Allowed, .step = "backend ingress",
                     .decided_by = {}, .isolated_by = {}, .asked = {side}, .requests = {}, .status = 0};
  if (!side.enforced) return out;
  walk.assumptions.push_back("this gateway is not Cilium's as far as the input says, and no pod of its proxy is known (label "
                             "gateway.networking.k8s.io/gateway-name), so neither is the identity it shows to the backends");
  return out;
}

/// One answer for the pod: of several proxies that fare differently none.
EndpointPolicy together(std::vector<EndpointPolicy> all) {
  EndpointPolicy out = std::move(all.front());
  for (std::size_t i = 1; i < all.size(); ++i) {
    out.asked.insert(out.asked.end(), all[i].asked.begin(), all[i].asked.end());
    if (all[i].verdict == out.verdict && all[i].step == out.step) continue;
    out.verdict = ir::Verdict::Unknown;
    out.step = "the pods of the gateway, which fare differently";
  }
  return out;
}

ir::Result<EndpointPolicy> judge(const Walk& walk, const std::string& name, const ir::BackendShare& share, ir::PodId pod, std::uint16_t port) {
  ir::GatewayPath path{.listener = walk.listener, .client = {}, .gateway = {}, .backend = ir::endpoint_of(walk.resolved.cluster, pod),
                       .port = port, .sent = content_of(walk.question.request, walk.listener),
                       .forwarded = content_of(share.forwarded, walk.listener)};
  if (walk.question.from) {
    const auto client = ir::endpoint_of(walk.resolved.cluster, *walk.question.from, &path.backend);
    if (!client) return tl::unexpected(client.error());
    path.client = *client;
  }
  const auto gateways = gateway_ends(walk);
  if (gateways.empty()) return judge_unknown(walk, name, path);
  std::vector<EndpointPolicy> all;
  for (const ir::Endpoint& gateway : gateways) {
    path.gateway = gateway;
    const ir::GatewayVerdict found = ir::decide_path(walk.resolved.policies, walk.resolved.cluster, path);
    walk.assumptions.insert(walk.assumptions.end(), found.assumptions.begin(), found.assumptions.end());
    all.push_back(told(walk, name, found));
  }
  return together(std::move(all));
}

ir::Result<std::vector<EndpointPolicy>> judge_backend(const Walk& walk, const ir::BackendShare& share) {
  std::vector<EndpointPolicy> out;
  const ir::Backend& backend = share.backend;
  for (std::size_t i = 0; share.status == 0 && i < backend.pods.size(); ++i) {
    const auto id = find_pod(walk.resolved.cluster, backend.pods[i]);
    if (!id) return ir::failure("the route table names the pod `" + backend.pods[i] + "`, which is not there");
    auto one = judge(walk, backend.pods[i], share, *id, backend.pod_ports[i]);
    if (!one) return tl::unexpected(one.error());
    out.push_back(std::move(*one));
  }
  return out;
}

ir::Result<void> add_policy(const compiler::Resolved& resolved, const ir::Files& files, const RouteQuestion& question,
                            RouteAnswer& out) {
  const Walk walk{resolved, files, question, *out.listener, out.assumptions};
  for (const ir::BackendShare& share : out.decision.backends) {
    auto verdicts = judge_backend(walk, share);
    if (!verdicts) return tl::unexpected(verdicts.error());
    out.policy.push_back(std::move(*verdicts));
  }
  return {};
}

MatchedRoute matched(const ir::RouteTable& table, const ir::RouteChoice& choice, const ir::Files& files) {
  const ir::Route& route = table.routes[choice.route];
  const ir::RouteRule& rule = route.rules[choice.rule];
  MatchedRoute out{.kind = route.kind, .namespace_name = route.namespace_name, .name = route.name, .rule = choice.rule,
                   .match = choice.match, .file = {}, .line = rule.origin.line,
                   .text = ir::to_text(rule.matches[choice.match])};
  if (rule.origin.known() && rule.origin.file.index < files.files.size()) out.file = files.at(rule.origin.file).name;
  return out;
}

bool has_gateway(const ir::RouteTable& table, const ir::Request& request) {
  return std::any_of(table.listeners.begin(), table.listeners.end(), [&](const ir::Listener& l) {
    return l.gateway == request.gateway && l.gateway_namespace == request.gateway_namespace;
  });
}

}  // namespace

ir::Result<RouteAnswer> route(const compiler::Resolved& resolved, const ir::Files& files, const RouteQuestion& question) {
  const ir::Request& request = question.request;
  if (!request.gateway.empty() && !has_gateway(resolved.routes, request))
    return ir::failure("the input has no Gateway `" + request.gateway_namespace + "/" + request.gateway + "`", 2);
  if (request.gateway.empty() && resolved.routes.listeners.empty()) return ir::failure("the input has no Gateway", 2);
  RouteAnswer out;
  out.request = request;
  out.decision = ir::route(resolved.routes, request);
  out.assumptions = out.decision.assumptions;
  if (out.decision.listener) out.listener = resolved.routes.listeners[*out.decision.listener];
  if (out.decision.choice) out.route = matched(resolved.routes, *out.decision.choice, files);
  if (question.with_policy && out.listener)
    if (const auto done = add_policy(resolved, files, question, out); !done) return tl::unexpected(done.error());
  std::sort(out.assumptions.begin(), out.assumptions.end());
  out.assumptions.erase(std::unique(out.assumptions.begin(), out.assumptions.end()), out.assumptions.end());
  out.shares = shares_of(out);
  return out;
}

std::optional<ir::Verdict> common_verdict(const std::vector<EndpointPolicy>& pods) {
  if (pods.empty()) return std::nullopt;
  const ir::Verdict first = pods.front().verdict;
  const bool same = std::all_of(pods.begin(), pods.end(), [&](const EndpointPolicy& p) { return p.verdict == first; });
  return same ? std::optional(first) : std::nullopt;
}

}  // namespace weir::simulator
