#include "simulator/ask/route.h"

#include <algorithm>
#include <charconv>

#include "ir/flow/decided_by.h"
#include "ir/eval/eval.h"
#include "ir/flow/endpoint.h"
#include "simulator/ask/trace.h"

namespace weir::simulator {
namespace {

/// What the walk of gateway.md section 2 needs for one backend pod.
struct Walk {
  const compiler::Resolved& resolved;
  const ir::Files& files;
  const RouteQuestion& question;
  const ir::Listener& listener;
  const ir::Endpoint ingress;  // reserved:ingress: the gateway's Envoy
};

struct Step {
  std::string_view name;
  ir::Flow flow;
  ir::Direction direction;
};

ir::Party entity(std::string name) {
  ir::Party party{.kind = ir::PartyKind::Entity, .namespace_name = {}, .name = std::move(name), .labels = {}, .address = {}};
  return party;
}

/// gateway.md 2, rows 1, 2, 3 and 5, in the order in which they can deny. Row 1: a client pod's own egress policy is asked
/// about the backend. Rows 2 and 3: policies that select reserved:ingress. Row 5: the backend sees reserved:ingress.
ir::Result<std::vector<Step>> steps(const Walk& walk, const ir::Endpoint& backend, std::uint16_t port) {
  std::vector<Step> out;
  if (walk.question.from) {
    const auto client = ir::endpoint_of(walk.resolved.cluster, *walk.question.from, &backend);
    if (!client) return tl::unexpected(client.error());
    if (client->kind == ir::EndpointKind::Pod)
      out.push_back({"client egress", {*client, backend, ir::Protocol::Tcp, port, 0}, ir::Direction::Egress});
    out.push_back({"gateway ingress", {*client, walk.ingress, ir::Protocol::Tcp, walk.listener.port, 0},
                   ir::Direction::Ingress});
  }
  out.push_back({"gateway egress", {walk.ingress, backend, ir::Protocol::Tcp, port, 0}, ir::Direction::Egress});
  out.push_back({"backend ingress", {walk.ingress, backend, ir::Protocol::Tcp, port, 0}, ir::Direction::Ingress});
  return out;
}

/// The first step that denies, else the last one.
ir::Result<EndpointPolicy> judge(const Walk& walk, const std::string& name, const ir::Endpoint& pod, std::uint16_t port) {
  EndpointPolicy out{.pod = name, .verdict = ir::Verdict::Unknown, .step = {}, .decided_by = {}, .isolated_by = {},
                     .asked = {}};
  if (!walk.listener.cilium) return out;
  const auto all = steps(walk, pod, port);
  if (!all) return tl::unexpected(all.error());
  for (const Step& step : *all) {
    const ir::SideDecision side =
        ir::decide_side(walk.resolved.policies, walk.resolved.cluster, step.flow, step.direction);
    out.asked.push_back(side);
    out.verdict = side.verdict;
    out.step = std::string(step.name);
    out.decided_by = decided_by(walk.resolved.policies, walk.files, side, step.direction);
    out.isolated_by = isolated_by(walk.resolved.policies, walk.files, side);
    if (side.verdict == ir::Verdict::Denied) break;
  }
  return out;
}

/// "shop/web-abc"; of another cluster "west/shop/web-abc".
std::optional<ir::PodId> find_pod(const ir::Cluster& cluster, std::string_view text) {
  const std::size_t last = text.rfind('/'), first = text.find('/');
  if (first == last) return cluster.find_pod(text.substr(0, first), text.substr(first + 1));
  return cluster.find_pod(text.substr(first + 1, last - first - 1), text.substr(last + 1), text.substr(0, first));
}

ir::Result<std::vector<EndpointPolicy>> judge_backend(const Walk& walk, const ir::Backend& backend) {
  const ir::Cluster& cluster = walk.resolved.cluster;
  std::vector<EndpointPolicy> out;
  for (std::size_t i = 0; i < backend.pods.size(); ++i) {
    const auto id = find_pod(cluster, backend.pods[i]);
    if (!id) return ir::failure("the route table names the pod `" + backend.pods[i] + "`, which is not there");
    auto one = judge(walk, backend.pods[i], ir::endpoint_of(cluster, *id), backend.pod_ports[i]);
    if (!one) return tl::unexpected(one.error());
    out.push_back(std::move(*one));
  }
  return out;
}

ir::Result<bool> add_policy(const compiler::Resolved& resolved, const ir::Files& files, const RouteQuestion& question,
                            RouteAnswer& out) {
  const auto ingress = ir::endpoint_of(resolved.cluster, entity("ingress"), nullptr);
  if (!ingress) return tl::unexpected(ingress.error());
  const Walk walk{resolved, files, question, *out.listener, *ingress};
  for (const ir::BackendShare& share : out.decision.backends) {
    auto verdicts = judge_backend(walk, share.backend);
    if (!verdicts) return tl::unexpected(verdicts.error());
    out.policy.push_back(std::move(*verdicts));
  }
  if (!walk.listener.cilium)
    out.assumptions.push_back("this gateway is not Cilium's as far as the input says, so the identity its proxy "
                              "shows to the backends is not known");
  return true;
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
  return out;
}

std::optional<ir::Verdict> common_verdict(const std::vector<EndpointPolicy>& pods) {
  if (pods.empty()) return std::nullopt;
  const ir::Verdict first = pods.front().verdict;
  const bool same = std::all_of(pods.begin(), pods.end(), [&](const EndpointPolicy& p) { return p.verdict == first; });
  return same ? std::optional(first) : std::nullopt;
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" || scheme == "tls" ? 443 : 80; }

void set_path(ir::Request& request, std::string_view path_and_query) {
  path_and_query = path_and_query.substr(0, path_and_query.find('#'));
  const std::size_t mark = path_and_query.find('?');
  request.path = std::string(path_and_query.substr(0, mark));
  if (request.path.empty()) request.path = "/";
  if (mark == std::string_view::npos) return;
  std::string_view rest = path_and_query.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find('&'));
    const std::size_t equals = item.find('=');
    if (!item.empty())
      request.query.emplace_back(item.substr(0, equals),
                                 equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
  }
}

ir::Result<ir::Request> request_of(std::string_view url) {
  const auto refuse = [&] { return ir::failure("`" + std::string(url) + "` is no URL; write http://host/path", 2); };
  ir::Request request;
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return refuse();
  request.scheme = std::string(url.substr(0, colon));
  if (request.scheme != "http" && request.scheme != "https")
    return ir::failure("`" + request.scheme + "` is no scheme that weir routes; it is http or https", 2);
  const std::string_view rest = url.substr(colon + 3);
  const std::size_t end = rest.find_first_of("/?#");
  request.host = std::string(rest.substr(0, end));
  if (request.host.empty()) return refuse();
  request.port = default_port(request.scheme);
  const std::size_t port = request.host.rfind(':');
  if (port != std::string::npos && request.host.find(']', port) == std::string::npos) {
    const char* last = request.host.data() + request.host.size();
    const auto [at, error] = std::from_chars(request.host.data() + port + 1, last, request.port);
    if (error != std::errc() || at != last || request.port == 0) return refuse();
  }
  set_path(request, end == std::string_view::npos ? std::string_view("/") : rest.substr(end));
  return request;
}

}  // namespace weir::simulator
