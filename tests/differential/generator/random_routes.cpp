#include "tests/differential/generator/random_routes.h"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::tests {
namespace {

using ir::ListenerProtocol;
using Texts = std::vector<std::string>;

const Texts kHosts{"", "a.example.com", "b.example.com", "x.a.example.com", "*.example.com", "*.a.example.com", "*.com", "example.com", "a.org"};
const Texts kPaths{"/", "/a", "/a/", "/a/b", "/a/b/", "/a/bc", "/b", "/a//b", "/a//", "/%61", "/s.S/Do", "/s.S", "//", "/a/b/c/d"};
const Texts kPathExpressions{"/a.*", "/.*", "/a/[a-z]+", "/(a|b)(/.*)?", "(", "", "/a", "/s.S/.*", "^/a$", "(?i)/A/B", "/a|/b", "/[^/]+/?"};
const Texts kValues{"1", "2", "1,2", "", "grpc", "application/grpc", "a.example.com"};
const Texts kValueExpressions{"[0-9]", "1|2", ".*", "(", "1,.", "", "(?i)GRPC", "application/grpc.*"};
const Texts kHeaders{"x-a", "x-b", "x-a", "host", "content-type", "x-rather-long"};
const Texts kParameters{"q", "Q", "v"};
const Texts kMethods{"", "", "", "GET", "POST", "PUT"};
const Texts kServices{"", "s.S", "t.T", "s"}, kRpcs{"", "Do", "Undo", "D"};
const Texts kTimes{"", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"};
const std::vector<std::uint16_t> kPorts{80, 443, 8080};

struct Draw {
  const Below& below;

  [[nodiscard]] bool chance(std::uint32_t percent) const { return below(100) < percent; }
  template <class T>
  [[nodiscard]] const T& pick(const std::vector<T>& from) const { return from[below(static_cast<std::uint32_t>(from.size()))]; }

  /// One of the list, or now and then any text that might be an expression.
  [[nodiscard]] std::string text(const Texts& from) const {
    if (!chance(4)) return pick(from);
    constexpr std::string_view kBytes = "/ab.*+?()[]|^$\\-12,%{}\xc3\xa9";
    std::string out;
    for (std::uint32_t count = below(7); count > 0; --count) out += kBytes[below(static_cast<std::uint32_t>(kBytes.size()))];
    return out;
  }

  [[nodiscard]] ir::Listener listener(std::uint32_t number) const {
    ir::Listener out;
    out.gateway_namespace = chance(70) ? "infra" : "other";
    out.gateway = chance(80) ? "web" : "edge";
    out.name = "l" + std::to_string(number);
    if (chance(20)) out.set_namespace = "shop", out.set = "more";
    out.protocol = static_cast<ListenerProtocol>(chance(60) ? below(2) : below(5));
    out.port = chance(70) ? out.protocol == ListenerProtocol::Http ? std::uint16_t{80} : std::uint16_t{443} : pick(kPorts);
    const bool named = out.protocol != ListenerProtocol::Tcp && out.protocol != ListenerProtocol::Udp;
    if (named) out.hostname = pick(kHosts);
    if (out.protocol == ListenerProtocol::Https) out.tls = ir::TlsMode::Terminate;
    if (out.protocol == ListenerProtocol::Tls) out.tls = chance(50) ? ir::TlsMode::Terminate : ir::TlsMode::Passthrough;
    out.usable = !chance(10);
    if (chance(8) && out.tls == ir::TlsMode::Terminate) out.broken = "InvalidCertificateRef";
    return out;
  }

  [[nodiscard]] ir::ValueMatch value(const Texts& names) const {
    const bool regex = chance(25);
    return {pick(names), regex ? ir::ValueKind::Regex : ir::ValueKind::Exact, text(regex ? kValueExpressions : kValues)};
  }

  /// `crowded`: one path for all, so that headers and parameters decide.
  [[nodiscard]] ir::RouteMatch match(bool grpc, bool crowded) const {
    ir::RouteMatch out;
    const auto kind = crowded ? ir::PathKind::Prefix : static_cast<ir::PathKind>(below(3));
    if (!grpc || chance(5)) out.path = {kind, crowded ? "/" : text(kind == ir::PathKind::Regex ? kPathExpressions : kPaths)};
    if (grpc ? chance(80) : chance(2))
      out.grpc = ir::GrpcMatch{chance(25) ? ir::ValueKind::Regex : ir::ValueKind::Exact, text(kServices), chance(20) ? "D.*" : text(kRpcs)};
    while (chance(crowded ? 60 : 25)) out.headers.push_back(value(kHeaders));
    while (chance(crowded ? 40 : 15)) out.query.push_back(value(kParameters));
    if (!grpc) out.method = pick(kMethods);
    return out;
  }

  [[nodiscard]] ir::Backend backend() const {
    ir::Backend out;
    out.namespace_name = "shop";
    out.service = "s" + std::to_string(below(4));
    out.port = 80;
    out.weight = pick(std::vector<std::uint32_t>{0, 1, 1, 9});
    if (chance(10)) out.invalid = "BackendNotFound";
    if (chance(5)) out.tls_invalid = "NoValidCACertificate";
    if (!chance(10)) out.pods = {"shop/p"}, out.pod_ports = {8080};
    if (chance(15)) out.filters.push_back(filter());
    return out;
  }

  [[nodiscard]] ir::Filter filter() const {
    const std::optional<ir::PathEdit> path = chance(50) ? std::optional(ir::PathEdit{chance(50) ? ir::PathEditKind::Prefix : ir::PathEditKind::Full, pick(kPaths)}) : std::nullopt;
    switch (below(7)) {
      case 0: return ir::RequestHeaders{{{{"X-A", "2"}}, {{"x-b", "3"}}, {"host"}}};
      case 1: return ir::ResponseHeaders{{{{"X-A", "2"}}, {{"X-a", "3"}}, {"x-b"}}};
      case 2: return ir::RequestRedirect{chance(50) ? std::optional<std::string>("https") : std::nullopt, std::nullopt, path, std::nullopt, 301};
      case 3: return ir::UrlRewrite{chance(50) ? std::optional<std::string>("inside") : std::nullopt, path};
      case 4: return ir::RequestMirror{"shop", "copy", 80, chance(20) ? "BackendNotFound" : "", below(3), 1000};
      case 5: return ir::Cors{{chance(50) ? "*" : "https://*.example.com"}, {"GET"}, {"*"}, {"X-A"}, chance(50), 5};
      default: return ir::BrokenFilter{500, "no such extension"};
    }
  }

  [[nodiscard]] ir::RouteRule rule(const std::string& kind, bool crowded) const {
    ir::RouteRule out;
    const bool http = kind == "HTTPRoute" || kind == "GRPCRoute";
    for (std::uint32_t count = http ? 1 + below(3) : 1; count > 0; --count)
      out.matches.push_back(http ? match(kind == "GRPCRoute", crowded) : ir::RouteMatch{});
    if (http && chance(20)) out.filters.push_back(filter());
    while (chance(60) && out.backends.size() < 4) out.backends.push_back(backend());
    if (chance(10)) out.request_timeout = below(3) * 100;
    if (chance(10)) out.backend_timeout = below(3) * 50;
    return out;
  }

  [[nodiscard]] ir::Route route(std::uint32_t number, std::uint32_t listeners, bool crowded) const {
    ir::Route out;
    out.kind = pick(Texts{"HTTPRoute", "HTTPRoute", "HTTPRoute", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"});
    if (crowded && chance(80)) out.kind = "HTTPRoute";
    out.namespace_name = chance(50) ? "shop" : "shop-b";
    out.name = "r" + std::to_string(number);
    out.created = pick(kTimes);
    while (chance(crowded ? 20 : 50)) out.hostnames.push_back(pick(kHosts));
    std::erase(out.hostnames, "");
    for (std::uint32_t i = 0; i < listeners; ++i)
      if (chance(70)) out.listeners.push_back(i);
    for (std::uint32_t count = 1 + below(2); count > 0; --count) out.rules.push_back(rule(out.kind, crowded));
    return out;
  }

  /// A name that the pattern takes, or one beside it.
  [[nodiscard]] std::string host(const std::string& pattern) const {
    if (chance(10)) return pick(Texts{"192.0.2.1", "[2001:db8::1]", "", "unknown.net", ".com", "a.b.c.example.com"});
    if (pattern.empty()) return chance(50) ? "a.example.com" : pick(Texts{"b.example.com", "q.org", "x.a.example.com"});
    if (!pattern.starts_with("*.")) return pattern;
    return (chance(70) ? "a" : chance(50) ? "z.y" : "") + pattern.substr(1);
  }

  [[nodiscard]] std::string path(const ir::RouteMatch& match) const {
    std::string out = match.path.kind == ir::PathKind::Regex ? text({"/a", "/a/b", "/a/B", "/b/x", "/", "/s.S/Do"}) : match.path.value;
    if (match.grpc) out = "/" + text(kServices) + "/" + text(kRpcs);
    if (match.grpc && chance(70)) out = "/" + (match.grpc->service.empty() ? "s.S" : match.grpc->service) + "/" + (match.grpc->method.empty() ? "Do" : match.grpc->method);
    if (chance(20)) out += pick(Texts{"/", "/x", "x", "//", "/x/y/z", "%2f"});
    if (chance(8)) out = pick(Texts{"", "*", "a", "/A", "/zzz", "/s.S/", "//Do"});
    return out;
  }

  void fill(const std::vector<ir::ValueMatch>& from, const Texts& names, ir::HeaderList& into) const {
    for (const ir::ValueMatch& one : from) {
      if (chance(12)) continue;
      std::string name = one.name;
      if (chance(20)) name[0] = static_cast<char>(name[0] - 'a' + 'A');
      into.emplace_back(name, one.kind == ir::ValueKind::Exact && chance(90) ? one.value : text(kValues));
    }
    while (chance(15)) into.emplace_back(pick(names), pick(kValues));
  }

  [[nodiscard]] std::string scheme(ListenerProtocol protocol) const {
    if (chance(6)) return pick(Texts{"http", "https", "grpc", "tls", "tcp", "udp", "ftp"});
    switch (protocol) {
      case ListenerProtocol::Http: return chance(15) ? "grpc" : "http";
      case ListenerProtocol::Https: return chance(15) ? "grpc" : "https";
      case ListenerProtocol::Tls: return chance(30) ? "https" : "tls";
      case ListenerProtocol::Tcp: return "tcp";
      case ListenerProtocol::Udp: return "udp";
    }
    return "http";
  }

  void aim(const ir::RouteTable& table, ir::Request& out) const {
    const ir::Listener& listener = pick(table.listeners);
    if (chance(85)) out.gateway_namespace = listener.gateway_namespace, out.gateway = listener.gateway;
    if (chance(2)) out.gateway = "unknown";
    out.port = chance(95) ? listener.port : pick(kPorts);
    out.scheme = scheme(listener.protocol);
    out.host = host(listener.hostname);
    if (chance(20)) out.sni = chance(80) ? host(pick(kHosts)) : std::string();
  }
};

}  // namespace

ir::RouteTable random_route_table(const Below& below) {
  const Draw draw{below};
  ir::RouteTable out;
  out.dialect = static_cast<ir::GatewayDialect>(below(6));
  const bool crowded = draw.chance(30);
  for (std::uint32_t count = 1 + below(5), i = 0; i < count; ++i) out.listeners.push_back(draw.listener(i));
  const auto listeners = static_cast<std::uint32_t>(out.listeners.size());
  for (std::uint32_t count = below(crowded ? 30 : 9), i = 0; i < count; ++i) out.routes.push_back(draw.route(i, listeners, crowded));
  std::sort(out.routes.begin(), out.routes.end(), [](const ir::Route& a, const ir::Route& b) {
    return std::tie(a.namespace_name, a.name) < std::tie(b.namespace_name, b.name);
  });
  return out;
}

ir::Request random_route_request(const Below& below, const ir::RouteTable& table) {
  const Draw draw{below};
  ir::Request out;
  draw.aim(table, out);
  if (draw.chance(15)) out.host += ":8080";
  out.method = draw.pick(Texts{"GET", "GET", "POST", "PUT", "OPTIONS"});
  if (table.routes.empty()) return out;
  const ir::Route& route = draw.pick(table.routes);
  if (!route.hostnames.empty() && draw.chance(70)) out.host = draw.host(draw.pick(route.hostnames));
  const ir::RouteMatch& match = draw.pick(draw.pick(route.rules).matches);
  out.path = draw.path(match);
  if (!match.method.empty() && draw.chance(85)) out.method = match.method;
  draw.fill(match.headers, kHeaders, out.headers);
  draw.fill(match.query, kParameters, out.query);
  if (route.kind == "GRPCRoute" && draw.chance(80)) {
    out.method = "POST";
    out.headers.emplace_back("Content-Type", draw.pick(Texts{"application/grpc", "application/grpc+proto", "application/grpcx"}));
  }
  if (draw.chance(8)) out.headers.insert(out.headers.end(), {{"Origin", "https://a.example.com"}, {"Access-Control-Request-Method", "GET"}});
  return out;
}

}  // namespace weir::tests
