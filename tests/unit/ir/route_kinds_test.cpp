#include <catch2/catch.hpp>

#include "tests/unit/ir/route_samples.h"

using namespace weir::ir;

namespace {

RouteMatch grpc(std::string service, std::string method, ValueKind kind = ValueKind::Exact) {
  RouteMatch out;
  out.grpc = GrpcMatch{kind, std::move(service), std::move(method)};
  return out;
}

Route of_kind(Route route, std::string kind) {
  route.kind = std::move(kind);
  return route;
}

Request call(std::string path) {
  Request out = get("h", std::move(path));
  out.method = "POST";
  out.headers = {{"content-type", "application/grpc+proto"}};
  return out;
}

Request connection(std::string scheme, std::uint16_t port, std::string name = "") {
  Request out = get(name, "/");
  out.scheme = std::move(scheme);
  out.port = port;
  if (!name.empty()) out.sni = name;
  return out;
}

}  // namespace

TEST_CASE("gRPC: the longer service, then the longer method (gateway.md 35)", "[route]") {
  const RouteTable routes = table({of_kind(simple("any", grpc("", "")), "GRPCRoute"), of_kind(simple("service", grpc("a.B", "")), "GRPCRoute"),
                                   of_kind(simple("method", grpc("a.B", "Do")), "GRPCRoute"),
                                   of_kind(simple("regex", grpc("z\\.[A-C]", "", ValueKind::Regex)), "GRPCRoute")});
  CHECK(winner(routes, call("/a.B/Do")) == "method");
  CHECK(winner(routes, call("/a.B/Other")) == "service");
  CHECK(winner(routes, call("/c.D/Do")) == "any");
  CHECK(winner(routes, call("/z.C/Do")) == "regex");
  CHECK(winner(routes, call("/no-method")) == "404");
  CHECK(winner(routes, get("h", "/a.B/Do")) == "404");  // no gRPC
}

TEST_CASE("gRPC without a rule is UNIMPLEMENTED, without a backend UNAVAILABLE (gateway.md 17, 31, 35)", "[route]") {
  RouteTable routes = table({of_kind(simple("a", grpc("a.B", "")), "GRPCRoute")});
  CHECK(route(routes, call("/x.Y/Do")).grpc_status == 12u);
  CHECK_FALSE(route(routes, get("h", "/")).grpc_status);
  routes.routes[0].rules[0].backends[0].invalid = "BackendNotFound";
  CHECK(route(routes, call("/a.B/Do")).grpc_status == 14u);
}

TEST_CASE("gRPC meets an HTTPRoute too, and comes over TLS where only that is listened for", "[route]") {
  RouteTable routes = table({simple("web", path(PathKind::Prefix, "/"))}, {listener("https", "", ListenerProtocol::Https, 443)});
  CHECK(winner(routes, connection("https", 443, "h")) == "web");
  Request request = connection("grpc", 443, "h");
  CHECK(winner(routes, request) == "web");
  request.port = 80;
  CHECK(route(routes, request).outcome == RouteOutcome::NoListener);
}

TEST_CASE("TLSRoute: the name of the handshake alone (gateway.md 36)", "[route]") {
  const RouteTable routes = table({of_kind(simple("precise", {}, {"a.example.com"}), "TLSRoute"),
                                   of_kind(simple("wide", {}, {"*.example.com"}), "TLSRoute")},
                                  {listener("tls", "", ListenerProtocol::Tls, 443)});
  CHECK(winner(routes, connection("tls", 443, "a.example.com")) == "precise");
  CHECK(winner(routes, connection("tls", 443, "b.example.com")) == "wide");
  CHECK(winner(routes, connection("https", 443, "b.example.com")) == "wide");  // passed through
  CHECK(route(routes, connection("tls", 443, "other.org")).outcome == RouteOutcome::Rejected);
}

TEST_CASE("TCP and UDP: only the oldest route gets anything, in port spaces of their own (gateway.md 6, 36)", "[route]") {
  RouteTable routes = table({of_kind(simple("a", {}), "TCPRoute"), of_kind(simple("b", {}), "TCPRoute"), of_kind(simple("u", {}), "UDPRoute")},
                            {listener("tcp", "", ListenerProtocol::Tcp, 53), listener("udp", "", ListenerProtocol::Udp, 53)});
  routes.routes[2].listeners = {1};
  CHECK(winner(routes, connection("tcp", 53)) == "a");
  routes.routes[1].created = "2026-01-01T00:00:00Z";
  const RouteDecision older = route(routes, connection("tcp", 53));
  REQUIRE(older.backends.size() == 1);
  CHECK(older.backends[0].backend.service == "b");
  CHECK(winner(routes, connection("udp", 53)) == "u");
  routes.routes[2].listeners = {};
  CHECK(route(routes, connection("udp", 53)).outcome == RouteOutcome::Rejected);
}

TEST_CASE("a bad backend of a connection is a refusal (gateway.md 36)", "[route]") {
  RouteTable routes = table({of_kind(simple("a", {}), "TCPRoute")}, {listener("tcp", "", ListenerProtocol::Tcp, 53)});
  routes.routes[0].rules[0].backends[0].invalid = "BackendNotFound";
  CHECK(route(routes, connection("tcp", 53)).outcome == RouteOutcome::Rejected);
}

TEST_CASE("a listener without a certificate answers no handshake (gateway.md 37)", "[route]") {
  RouteTable routes = table({simple("web", path(PathKind::Prefix, "/"))}, {listener("https", "", ListenerProtocol::Https, 443)});
  routes.listeners[0].broken = "InvalidCertificateRef";
  const RouteDecision decision = route(routes, connection("https", 443, "h"));
  CHECK(decision.outcome == RouteOutcome::Rejected);
  CHECK(decision.why.find("InvalidCertificateRef") != std::string::npos);
}

TEST_CASE("the rank of a regular expression is the dialect's (gateway.md 22)", "[route]") {
  RouteTable routes = table({simple("regex", path(PathKind::Regex, "/impl.*")), simple("prefix", path(PathKind::Prefix, "/")),
                             simple("exact", path(PathKind::Exact, "/impl"))});
  for (const GatewayDialect dialect : {GatewayDialect::Spec, GatewayDialect::Cilium120, GatewayDialect::EnvoyGateway}) {
    routes.dialect = dialect;
    CHECK(winner(routes, get("h", "/implode")) == "regex");
    CHECK(winner(routes, get("h", "/impl")) == "exact");
  }
  routes.dialect = GatewayDialect::Istio;
  CHECK(winner(routes, get("h", "/implode")) == "prefix");
}

TEST_CASE("paths and queries are compared as sent (gateway.md 20, 21)", "[route]") {
  RouteMatch query;
  query.query = {{"q", ValueKind::Exact, "a b"}};
  const RouteTable routes = table({simple("path", path(PathKind::Exact, "/a%20b")), simple("query", query)});
  CHECK(winner(routes, get("h", "/a%20b")) == "path");
  CHECK(winner(routes, get("h", "/a b")) == "404");
  Request asked = get("h", "/");
  asked.query = {{"q", "a%20b"}};
  CHECK(winner(routes, asked) == "404");
  asked.query = {{"q", "a b"}};
  CHECK(winner(routes, asked) == "query");
}

TEST_CASE("a backend whose TLS cannot be verified gives 502 (gateway.md 39)", "[route]") {
  RouteTable routes = table({simple("a", path(PathKind::Prefix, "/"))});
  routes.routes[0].rules[0].backends[0].tls_invalid = "NoValidCACertificate";
  CHECK(route(routes, get("h", "/")).status == 502);
}
