// Tested by tests/unit/compiler/verify/route_reach_test.cpp and tests/differential/reach_test.cpp.
#include "compiler/verify/route_space.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "compiler/lower/router_parts.h"
#include "ir/eval/route.h"
#include "ir/sets/request_sets.h"

namespace weir::compiler {
namespace {

constexpr std::size_t kMethods = 60;
const FieldName kHost{FieldPlace::Header, "host"}, kContentType{FieldPlace::Header, "content-type"};

Texts shared(std::optional<ir::Automaton> set) {
  return set ? std::make_shared<const ir::Automaton>(std::move(*set)) : nullptr;
}

ir::RouteMatch sorted(ir::RouteMatch match) {
  std::sort(match.headers.begin(), match.headers.end());
  std::sort(match.query.begin(), match.query.end());
  return match;
}

/// gateway.md 8.
bool serves(const ir::Listener& listener, const ir::Route& route) {
  switch (listener.protocol) {
    case ir::ListenerProtocol::Http:
    case ir::ListenerProtocol::Https: return route.kind == "HTTPRoute" || route.kind == "GRPCRoute";
    case ir::ListenerProtocol::Tls: return route.kind == "TLSRoute";
    case ir::ListenerProtocol::Tcp: return route.kind == "TCPRoute";
    case ir::ListenerProtocol::Udp: return route.kind == "UDPRoute";
  }
  return false;
}

bool stands_on(const ir::RouteTable& table, const ir::Route& route, std::uint32_t listener) {
  return std::binary_search(route.listeners.begin(), route.listeners.end(), listener) && serves(table.listeners[listener], route);
}

/// Names are compared where a request has one (gateway.md 36).
bool has_names(const ir::Listener& listener) {
  return listener.protocol != ir::ListenerProtocol::Tcp && listener.protocol != ir::ListenerProtocol::Udp;
}

std::vector<std::string> hostnames_of(const ir::Route& route) { return route.hostnames.empty() ? std::vector<std::string>{""} : route.hostnames; }

/// gateway.md 13, 22a: the most specific hostname that takes the host.
std::optional<std::string> hostname_for(const ir::Listener& listener, const ir::Route& route, const std::string& host) {
  std::optional<std::string> best;
  for (const std::string& hostname : hostnames_of(route)) {
    if (!ir::hostname_matches(hostname, host)) continue;
    const auto both = ir::intersect(listener.hostname, hostname);
    if (!both || !ir::hostname_matches(*both, host)) continue;
    if (!best || ir::host_rank(hostname) > ir::host_rank(*best)) best = hostname;
  }
  return best;
}

std::string scheme_of(ir::ListenerProtocol protocol) {
  switch (protocol) {
    case ir::ListenerProtocol::Http: return "http";
    case ir::ListenerProtocol::Https: return "https";
    case ir::ListenerProtocol::Tls: return "tls";
    case ir::ListenerProtocol::Tcp: return "tcp";
    case ir::ListenerProtocol::Udp: return "udp";
  }
  return "http";
}

/// A host that this pattern takes, and no precise name of the list: a longer wildcard has another label there.
std::string fresh_host(const std::string& pattern, const std::set<std::string>& patterns) {
  for (int number = 0;; ++number) {
    const std::string label = number == 0 ? "any" : "any-" + std::to_string(number);
    std::string host = label + (pattern.empty() ? "-host" : pattern.substr(1));
    if (!patterns.count(host)) return host;
  }
}

/// A request of the point that the context's own host and type already bring.
bool is_given(const FieldName& name, const std::string& value, const RouteContext& context) {
  return (name == kHost && value == context.base.host) || (name == kContentType && context.grpc && value == "application/grpc");
}

}  // namespace

std::vector<std::string> example_hosts(const std::set<std::string>& patterns) {
  std::vector<std::string> out;
  for (const std::string& pattern : patterns)
    out.push_back(pattern.empty() || ir::is_wildcard(pattern) ? fresh_host(pattern, patterns) : pattern);
  return out;
}

RouteSpace::RouteSpace(const ir::RouteTable& table, const ir::RouteTable* beside) : table_(table), bare_{table.dialect, table.listeners, {}} {
  name_methods(beside);
  number_matches();
  rank_matches();
}

void RouteSpace::name_methods(const ir::RouteTable* beside) {
  std::set<std::string> methods = {"GET", "POST"};
  for (const ir::RouteTable* table : {&table_, beside})
    for (const ir::Route& route : table == nullptr ? std::vector<ir::Route>{} : table->routes)
      for (const ir::RouteRule& rule : route.rules)
        for (const ir::RouteMatch& match : rule.matches)
          if (!match.method.empty()) methods.insert(match.method);
  methods_ = {"GET"};
  for (const std::string& method : methods)
    if (method != "GET") methods_.push_back(method);
  std::string other = "PATCH";
  for (const char* one : {"PUT", "DELETE", "PATCH", "REPORT", "SEARCH"})
    if (!methods.count(one)) other = one;
  methods_.push_back(methods.count(other) ? "X-OTHER" : other);
}

std::uint64_t RouteSpace::every_method() const { return methods_.size() < 64 ? (std::uint64_t{1} << methods_.size()) - 1 : UINT64_MAX; }

std::uint64_t RouteSpace::method_bit(const std::string& method) const {
  return std::uint64_t{1} << (std::find(methods_.begin(), methods_.end() - 1, method) - methods_.begin());
}

void RouteSpace::number_matches() {
  std::map<ir::RouteMatch, std::size_t> texts;
  for (std::uint32_t r = 0; r < table_.routes.size(); ++r) {
    const ir::Route& route = table_.routes[r];
    first_.emplace_back();
    for (std::uint32_t u = 0; u < route.rules.size(); ++u) {
      first_.back().push_back(static_cast<std::uint32_t>(matches_.size()));
      for (std::uint32_t m = 0; m < route.rules[u].matches.size(); ++m) {
        const ir::RouteMatch& match = route.rules[u].matches[m];
        RankedMatch one;
        one.choice = {r, u, m};
        one.text = texts.emplace(sorted(match), texts.size()).first->second;
        one.http = box_of(route, match, false);
        one.grpc = route.kind == "GRPCRoute" || match.grpc ? box_of(route, match, true) : one.http;
        matches_.push_back(std::move(one));
      }
    }
  }
}

void RouteSpace::rank_matches() {
  std::vector<router::Ranked> all;
  for (std::uint32_t r = 0; r < table_.routes.size(); ++r)
    for (router::Ranked& one : router::ranked(table_, r)) all.push_back(std::move(one));
  std::vector<std::uint32_t> order(all.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return router::before(all[a], all[b]); });
  for (std::size_t i = 0; i < order.size(); ++i) matches_[order[i]].rank = i;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return router::older(all[a], all[b]); });
  for (std::size_t i = 0; i < order.size(); ++i) matches_[order[i]].age = i;
}

std::uint32_t RouteSpace::number_of(const ir::RouteChoice& choice) const { return first_[choice.route][choice.rule] + choice.match; }

bool RouteSpace::is_http(std::uint32_t listener) const {
  const ir::ListenerProtocol protocol = table_.listeners[listener].protocol;
  return protocol == ir::ListenerProtocol::Http || protocol == ir::ListenerProtocol::Https;
}

std::optional<RequestBox> RouteSpace::box_of(const ir::Route& route, const ir::RouteMatch& match, bool grpc_scheme) const {
  static const Texts kPaths = shared(ir::request_paths()), kTypes = shared(ir::intersect(ir::grpc_types(), ir::header_values()));
  RequestBox out;
  out.path = kPaths;
  out.methods = every_method();
  // gateway.md 36: TLS, TCP and UDP see no request.
  const bool grpc = route.kind == "GRPCRoute";
  if (!grpc && route.kind != "HTTPRoute") return out;
  if (methods_.size() > kMethods) return std::nullopt;
  auto path = ir::path_set(match.path);
  if (path && match.grpc) {
    const auto rpc = ir::grpc_path_set(*match.grpc);
    path = rpc ? ir::intersect(*path, *rpc) : std::nullopt;
  }
  if (path) path = ir::intersect(*path, *kPaths);
  if (!path) return std::nullopt;
  out.path_prefix = path->common_prefix().value_or("");
  out.path = shared(std::move(path));
  if (!match.method.empty()) out.methods = method_bit(match.method);
  // gateway.md 21: the first entry of a name counts.
  for (const auto& [place, entries] : {std::pair(FieldPlace::Header, &match.headers), std::pair(FieldPlace::Query, &match.query)})
    for (const ir::ValueMatch& entry : *entries) {
      if (out.fields.count({place, entry.name})) continue;
      const auto set = ir::value_set(entry);
      const auto sent = set ? ir::intersect(*set, *any_value(place).present) : std::nullopt;
      if (!sent) return std::nullopt;
      out.fields[{place, entry.name}] = {false, shared(sent)};
    }
  if (grpc_scheme || !(grpc || match.grpc)) return out;
  // gateway.md 35: a POST with the content type of gRPC.
  RequestBox typed;
  typed.path = kPaths;
  typed.methods = method_bit("POST");
  typed.fields[kContentType] = {false, kTypes};
  return intersect(out, typed);
}

RequestBox RouteSpace::everything(const RouteContext& context) const {
  static const Texts kPaths = shared(ir::request_paths());
  RequestBox out;
  out.path = kPaths;
  out.methods = context.grpc ? method_bit("POST") : every_method();
  // Both are there whether the client names them or not.
  out.fields[kHost] = {false, any_value(FieldPlace::Header).present};
  if (context.grpc) out.fields[kContentType] = {false, any_value(FieldPlace::Header).present};
  return out;
}

std::vector<RequestBox> RouteSpace::sendable(const RouteContext& context, const RequestBox& box) const {
  static const Texts kPaths = shared(ir::path_set({ir::PathKind::Prefix, "/"})), kServer = shared(ir::Automaton::literal("*"));
  if (!is_http(context.listener) || !box.path->contains("*")) return {box};
  RequestBox server = box;
  server.path = kServer;
  server.path_prefix = "*";
  server.methods &= method_bit("OPTIONS");
  auto path = ir::intersect(*box.path, *kPaths);
  if (!path) return {box};
  RequestBox rest = box;
  rest.path_prefix = path->common_prefix().value_or("");
  rest.path = shared(std::move(path));
  return {std::move(rest), std::move(server)};
}

bool RouteSpace::has_grpc(std::uint32_t listener) const {
  return std::any_of(table_.routes.begin(), table_.routes.end(), [&](const ir::Route& route) {
    if (!stands_on(table_, route, listener)) return false;
    return route.kind == "GRPCRoute" || std::any_of(route.rules.begin(), route.rules.end(), [](const ir::RouteRule& rule) {
             return std::any_of(rule.matches.begin(), rule.matches.end(), [](const ir::RouteMatch& match) { return match.grpc.has_value(); });
           });
  });
}

std::vector<std::string> RouteSpace::hosts(std::uint32_t listener) const {
  std::set<std::string> patterns = {""};
  if (has_names(table_.listeners[listener])) {
    for (const ir::Listener& one : table_.listeners) patterns.insert(one.hostname);
    for (const ir::Route& route : table_.routes)
      if (stands_on(table_, route, listener)) patterns.insert(route.hostnames.begin(), route.hostnames.end());
  }
  return example_hosts(patterns);
}

std::vector<RouteContext> RouteSpace::contexts(std::uint32_t listener) const {
  const ir::Listener& own = table_.listeners[listener];
  std::vector<RouteContext> out;
  if (!own.usable) return out;
  const std::vector<std::string> all = hosts(listener);
  const bool http = is_http(listener), grpc = http && has_grpc(listener);
  for (const std::string& host : all) {
    const std::size_t before = out.size();
    add_context(listener, host, all, false, out);
    // Who asks nothing of gRPC answers it like any POST, which need not be asked twice.
    if (grpc || (http && out.size() == before)) add_context(listener, host, all, true, out);
  }
  return out;
}

void RouteSpace::add_context(std::uint32_t listener, const std::string& host, const std::vector<std::string>& names, bool grpc,
                             std::vector<RouteContext>& out) const {
  const ir::Listener& own = table_.listeners[listener];
  RouteContext context{listener, {}, grpc};
  ir::Request& base = context.base;
  base.gateway_namespace = own.gateway_namespace, base.gateway = own.gateway, base.port = own.port;
  base.scheme = grpc ? "grpc" : scheme_of(own.protocol), base.host = host;
  const auto comes = [&] { return ir::pick(bare_, base).listener == listener; };
  // With TLS the handshake chooses the listener, and any name may stand there beside any host (gateway.md 16, 18).
  if (own.protocol == ir::ListenerProtocol::Https && !comes()) {
    const bool found = std::any_of(names.begin(), names.end(), [&](const std::string& name) { return base.sni = name, comes(); });
    if (!found) return;
  }
  const ir::RoutePick pick = ir::pick(bare_, base);
  if (pick.listener == listener && pick.reason == ir::RouteReason::NoRule) out.push_back(std::move(context));
}

std::vector<ContextMatch> RouteSpace::standing(const RouteContext& context) const {
  const ir::Listener& listener = table_.listeners[context.listener];
  std::vector<ContextMatch> out;
  for (std::uint32_t r = 0; r < table_.routes.size(); ++r) {
    const ir::Route& route = table_.routes[r];
    if (!stands_on(table_, route, context.listener)) continue;
    const auto hostname = has_names(listener) ? hostname_for(listener, route, context.base.host) : std::string();
    if (!hostname) continue;
    for (std::uint32_t u = 0; u < route.rules.size(); ++u)
      for (std::uint32_t m = 0; m < route.rules[u].matches.size(); ++m) out.push_back({first_[r][u] + m, ir::host_rank(*hostname), *hostname});
  }
  return out;
}

std::vector<ContextMatch> RouteSpace::in_order(const RouteContext& context) const {
  std::vector<ContextMatch> out = standing(context);
  // gateway.md 36: of TCP and UDP routes the oldest takes all.
  const bool by_age = !has_names(table_.listeners[context.listener]);
  std::sort(out.begin(), out.end(), [&](const ContextMatch& a, const ContextMatch& b) {
    if (by_age) return matches_[a.match].age < matches_[b.match].age;
    return a.host != b.host ? a.host > b.host : matches_[a.match].rank < matches_[b.match].rank;
  });
  return out;
}

bool RouteSpace::shares(const RouteContext& context, const ContextMatch& first, const ContextMatch& other) const {
  const RankedMatch &a = matches_[first.match], &b = matches_[other.match];
  if (a.text != b.text || first.hostname != other.hostname || !is_http(context.listener)) return false;
  const ir::GatewayBehaviour& rules = ir::behaviour(table_.dialect);
  if (table_.routes[a.choice.route].kind != table_.routes[b.choice.route].kind) return false;
  if (a.choice.route != b.choice.route) return rules.joins_rules_across_routes;
  return rules.joins_rules_of_a_route && a.choice.rule != b.choice.rule;
}

RequestPoint RouteSpace::point_of(const RouteContext& context, const RequestBox& box) const {
  RequestPoint out;
  out.path = box.path->witness().value_or("");
  out.method = box.methods & (~box.methods + 1);
  for (const auto& [name, cell] : box.fields) {
    if (cell.absent) continue;
    for (const std::string& usual : {context.base.host, std::string("application/grpc")})
      if (is_given(name, usual, context) && cell.present->contains(usual)) out.fields[name] = usual;
    if (!out.fields.count(name)) out.fields[name] = cell.present->witness().value_or("");
  }
  return out;
}

ir::Request RouteSpace::request_of(const RouteContext& context, const RequestPoint& point) const {
  ir::Request out = context.base;
  if (!is_http(context.listener)) return out;
  out.path = point.path;
  for (std::size_t i = 0; i < methods_.size(); ++i)
    if (point.method == std::uint64_t{1} << i) out.method = methods_[i];
  if (point.path == "*" && point.method == method_bit("OPTIONS")) out.method = "OPTIONS";
  for (const auto& [name, value] : point.fields)
    if (!is_given(name, value, context)) (name.first == FieldPlace::Header ? out.headers : out.query).emplace_back(name.second, value);
  return out;
}

}  // namespace weir::compiler
