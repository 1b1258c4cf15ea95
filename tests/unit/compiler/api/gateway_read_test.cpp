// What the readers of the gateway kinds make of their manifests: defaults (gateway.md 1.1 item 2), references, filters, and
// the Secrets and ConfigMaps that are kept. What they refuse is tested by gateway_rules_test.cpp.
#include <catch2/catch.hpp>

#include "compiler/api/emit.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/object_set.h"
#include "ir/base/code.h"

using namespace weir;
using namespace weir::compiler;

namespace {

struct Front {
  ir::Files files;
  ir::Diagnostics diagnostics;
  Objects objects;
};

Front read_objects(const std::string& text) {
  Front out;
  out.objects = read(read_text("t.yaml", text, {}, out.files, out.diagnostics), out.files, out.diagnostics);
  return out;
}

GatewayObjects good(const std::string& text) {
  Front front = read_objects(text);
  for (const ir::Diagnostic& d : front.diagnostics.list()) {
    INFO(d.detail);
    CHECK(ir::info(d.kind).severity != ir::Severity::Error);
  }
  return std::move(front.objects.gateway);
}

std::string object(const std::string& kind, const std::string& spec, const std::string& space = "shop") {
  return "apiVersion: gateway.networking.k8s.io/v1\nkind: " + kind + "\nmetadata: {name: x, namespace: " + space + "}\nspec: {" +
         spec + "}\n---\n";
}

FilterObject filter(const std::string& text) {
  const GatewayObjects objects = good(object("HTTPRoute", "rules: [{filters: [{" + text + "}]}]"));
  REQUIRE(objects.routes.size() == 1);
  REQUIRE(objects.routes[0].rules[0].filters.size() == 1);
  return objects.routes[0].rules[0].filters[0];
}

template <class T>
T filter_as(const std::string& text) {
  const FilterObject found = filter(text);
  CHECK(found.unknown.empty());
  REQUIRE(std::holds_alternative<T>(found.what));
  return std::get<T>(found.what);
}

}  // namespace

TEST_CASE("defaults of a Gateway and a ListenerSet", "[gateway]") {
  const GatewayObjects objects =
      good(object("Gateway", "gatewayClassName: c, listeners: [{name: a, port: 443, protocol: https, tls: {certificateRefs: [{name: s}]}}]") +
           object("ListenerSet", "parentRef: {name: web}, listeners: [{name: b, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: HTTPRoute}]}}]"));
  REQUIRE(objects.gateways.size() == 1);
  const GatewayObject& gateway = objects.gateways[0];
  CHECK(gateway.listener_sets.from == NamespacesFrom::None);
  CHECK(gateway.frontend.empty());
  const ListenerObject& listener = gateway.listeners.at(0);
  CHECK(listener.protocol == "HTTPS");
  CHECK(listener.routes.from == NamespacesFrom::Same);
  CHECK(listener.tls->mode == ir::TlsMode::Terminate);
  const ObjectRef& ref = listener.tls->certificates.at(0);
  CHECK(ref.group + "|" + ref.kind + "|" + ref.namespace_name + "|" + ref.name == "|Secret|shop|s");
  REQUIRE(objects.listener_sets.size() == 1);
  const ParentRef& parent = objects.listener_sets[0].parent;
  CHECK(parent.group + "|" + parent.kind + "|" + parent.namespace_name == "gateway.networking.k8s.io|Gateway|shop");
  CHECK(objects.listener_sets[0].listeners.at(0).kinds.at(0).group == "gateway.networking.k8s.io");
}

TEST_CASE("client certificates: the default, ports of their own, and who is let in without one", "[gateway]") {
  const std::string ca = "caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]";
  const GatewayObjects objects = good(object(
      "Gateway", "gatewayClassName: c, listeners: [{name: a, port: 80, protocol: HTTP}], tls: {frontend: {default: {validation: {" + ca +
                     "}}, perPort: [{port: 8443, tls: {validation: {mode: AllowInsecureFallback, " + ca +
                     "}}}, {port: 9443, tls: {}}]}, backend: {clientCertificateRef: {name: me, namespace: tools}}}"));
  const auto& frontend = objects.gateways.at(0).frontend;
  REQUIRE(frontend.size() == 3);
  CHECK(!frontend[0].port);
  CHECK(!frontend[0].insecure_fallback);
  CHECK(frontend[0].authorities.at(0).namespace_name == "shop");
  CHECK((frontend[1].port == 8443 && frontend[1].insecure_fallback));
  CHECK((frontend[2].port == 9443 && frontend[2].authorities.empty()));
  CHECK(objects.gateways[0].client_certificate->namespace_name == "tools");
}

TEST_CASE("defaults of routes", "[gateway]") {
  const GatewayObjects objects =
      good(object("HTTPRoute", "parentRefs: [{name: w}]") +
           object("GRPCRoute", "rules: [{backendRefs: [{name: s, port: 1}], matches: [{method: {service: a.B}}, {}]}]") +
           object("TLSRoute", "hostnames: [a.io], rules: [{backendRefs: [{name: s, port: 1}]}]") +
           object("TCPRoute", "useDefaultGateways: All, rules: [{backendRefs: [{name: s, port: 1}]}]") +
           object("UDPRoute", "rules: [{backendRefs: [{name: s, port: 1, weight: 0}]}]"));
  REQUIRE(objects.routes.size() == 5);
  const RouteObject& http = objects.routes[0];
  CHECK(http.rules.size() == 1);
  CHECK(http.rules[0].matches.at(0).match == ir::RouteMatch{});
  CHECK(http.rules[0].backends.empty());
  CHECK(http.parents[0].kind + "|" + http.parents[0].namespace_name == "Gateway|shop");
  const RouteObject& grpc = objects.routes[1];
  CHECK(grpc.rules[0].matches.at(0).match.grpc->service == "a.B");
  CHECK(grpc.rules[0].matches.at(0).match.grpc->kind == ir::ValueKind::Exact);
  CHECK(!grpc.rules[0].matches.at(1).match.grpc);
  const BackendRef& backend = grpc.rules[0].backends.at(0);
  CHECK(backend.group + "|" + backend.kind + "|" + backend.namespace_name == "|Service|shop");
  CHECK(backend.weight == 1);
  for (std::size_t i = 2; i < 5; ++i) CHECK(objects.routes[i].rules.at(0).matches.at(0).match == ir::RouteMatch{});
  CHECK(objects.routes[3].default_gateways);
  CHECK(objects.routes[4].rules[0].backends.at(0).weight == 0);
}

TEST_CASE("filters as they are meant", "[gateway]") {
  const auto edit = filter_as<ir::RequestHeaders>(
      "type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: A, value: b}], add: [{name: C, value: d}], remove: [E]}").edit;
  CHECK((edit.set == ir::HeaderList{{"A", "b"}} && edit.add == ir::HeaderList{{"C", "d"}} && edit.remove == std::vector<std::string>{"E"}));
  const auto redirect = filter_as<ir::RequestRedirect>(
      "type: RequestRedirect, requestRedirect: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /a}}");
  CHECK(redirect.status == 302);
  CHECK((!redirect.scheme && !redirect.hostname && !redirect.port));
  CHECK(redirect.path == ir::PathEdit{ir::PathEditKind::Prefix, "/a"});
  const auto rewrite = filter_as<ir::UrlRewrite>("type: URLRewrite, urlRewrite: {hostname: a.io, path: {type: ReplaceFullPath, replaceFullPath: /}}");
  CHECK((rewrite.hostname == "a.io" && rewrite.path == ir::PathEdit{ir::PathEditKind::Full, "/"}));
  const auto cors = filter_as<ir::Cors>("type: CORS, cors: {allowOrigins: ['https://*.a.io'], allowMethods: [GET]}");
  CHECK((cors.max_age == 5 && !cors.credentials && cors.origins.size() == 1 && cors.methods.size() == 1));
  const auto extension = filter_as<ExtensionObject>("type: ExtensionRef, extensionRef: {group: a.io, kind: M, name: m}");
  CHECK((extension.ref.namespace_name == "shop" && !extension.external_auth));
  CHECK(filter_as<ExtensionObject>("type: ExternalAuth, externalAuth: {protocol: HTTP, http: {}, backendRef: {name: a, port: 1}}").external_auth);
}

TEST_CASE("how much is mirrored", "[gateway]") {
  struct Case { std::string_view text; std::uint32_t numerator, denominator; };
  const auto c = GENERATE(values<Case>({{"", 100, 100}, {", percent: 7", 7, 100}, {", percent: 0", 0, 100},
                                        {", fraction: {numerator: 3}", 3, 100}, {", fraction: {numerator: 1, denominator: 1000}", 1, 1000}}));
  const auto mirror = filter_as<MirrorObject>("type: RequestMirror, requestMirror: {backendRef: {name: m, port: 9}" + std::string(c.text) + "}");
  CHECK((mirror.namespace_name == "shop" && mirror.kind == "Service" && mirror.port == 9));
  CHECK((mirror.numerator == c.numerator && mirror.denominator == c.denominator));
}

TEST_CASE("what a controller judges is kept with its reason", "[gateway]") {
  CHECK(filter("type: Magic").unknown == "there is no filter of type `Magic`");
  CHECK(filter("type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: b}], remove: [A]}").unknown ==
        "the header `A` has more than one action");
}

TEST_CASE("durations of GEP-2257 in milliseconds", "[gateway]") {
  CHECK(milliseconds("1h30m") == 5'400'000);
  CHECK(milliseconds("1s1ms") == 1001);
  CHECK(milliseconds("0s") == 0);
  CHECK(milliseconds("99999h99999h99999h99999h") == 4ull * 99999 * 3'600'000);
  for (const char* bad : {"", "1", "s", "1d", "1.5s", "100000s", "1s1s1s1s1s", "-1s", " 1s"}) CHECK(!milliseconds(bad));
}

namespace {

const std::string kNames =
    object("Gateway",
           "gatewayClassName: c, listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: cert}, {name: far, "
           "namespace: tools}]}}], tls: {frontend: {default: {validation: {caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]}}}}") +
    object("BackendTLSPolicy",
           "targetRefs: [{group: '', kind: Service, name: s}], validation: {hostname: a.io, caCertificateRefs: [{group: '', kind: "
           "ConfigMap, name: empty}]}");

std::string secret(const std::string& name, const std::string& space, const std::string& data) {
  return "apiVersion: v1\nkind: Secret\nmetadata: {name: " + name + ", namespace: " + space + "}\ntype: kubernetes.io/tls\n" + data + "\n---\n";
}

std::string config_map(const std::string& name, const std::string& data) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: shop}\ndata: {" + data + "}\n---\n";
}

}  // namespace

TEST_CASE("only the Secrets and ConfigMaps that are named are kept, and nothing of them is printed", "[gateway]") {
  // "sesame" in base64
  const std::string text = kNames + secret("cert", "shop", "data: {tls.crt: c2VzYW1l, tls.key: c2VzYW1l, other: c2VzYW1l}") +
                           secret("far", "tools", "stringData: {tls.crt: sesame}") + secret("cert", "tools", "data: {tls.crt: c2VzYW1l}") +
                           config_map("ca", "ca.crt: sesame, more: sesame") + config_map("empty", "more: sesame") + config_map("other", "ca.crt: sesame");
  const Front front = read_objects(text);
  CHECK(front.diagnostics.list().empty());
  const GatewayObjects& objects = front.objects.gateway;
  REQUIRE(objects.secrets.size() == 2);
  CHECK(objects.secrets[0].type == "kubernetes.io/tls");
  CHECK((objects.secrets[0].certificate == "sesame" && objects.secrets[0].key == "sesame" && !objects.secrets[0].authority));
  CHECK((objects.secrets[1].meta.namespace_name == "tools" && objects.secrets[1].certificate == "sesame" && !objects.secrets[1].key));
  REQUIRE(objects.config_maps.size() == 2);
  CHECK(objects.config_maps[0].authority == "sesame");
  CHECK(!objects.config_maps[1].authority);
  CHECK(front.objects.skipped == std::vector<std::string>{"v1/ConfigMap", "v1/Secret"});
  CHECK(front.objects.inventory.secrets.empty());
  const std::string shown = to_text(front.objects);
  CHECK(shown.find("Secret shop/cert kubernetes.io/tls tls.crt tls.key\n") != std::string::npos);
  CHECK(shown.find("ConfigMap shop/ca ca.crt\n") != std::string::npos);
  CHECK(shown.find("sesame") == std::string::npos);
  CHECK(shown.find("c2VzYW1l") == std::string::npos);
}

TEST_CASE("a broken Secret is reported without a byte of it", "[gateway]") {
  for (const char* data : {"data: {tls.crt: 'sesame!'}", "data: sesame", "data: {tls.crt: [sesame]}", "sesame: {a: sesame}"}) {
    const Front front = read_objects(kNames + secret("cert", "shop", data));
    INFO(data);
    CHECK(!front.diagnostics.list().empty());
    for (const ir::Diagnostic& d : front.diagnostics.list()) CHECK((d.detail + d.fix).find("sesame") == std::string::npos);
  }
  // Nobody names it: it is not looked at.
  CHECK(read_objects(secret("cert", "shop", "data: sesame")).diagnostics.list().empty());
}

TEST_CASE("a Secret that a rule and a listener name goes to both", "[gateway]") {
  const std::string policy =
      "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {endpointSelector: {}, ingress: "
      "[{toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {http: [{headerMatches: [{name: a, secret: {namespace: shop, name: cert}}]}]}}]}]}\n---\n";
  const Front front = read_objects(kNames + policy + secret("cert", "shop", "data: {tls.crt: c2VzYW1l}"));
  REQUIRE(front.objects.inventory.secrets.size() == 1);
  CHECK(front.objects.inventory.secrets[0].value == "sesame");
  CHECK(front.objects.gateway.secrets.size() == 1);
}

TEST_CASE("objects that an ExtensionRef can name are of a group that is not Kubernetes' own", "[gateway]") {
  const Front front = read_objects(
      "apiVersion: a.io/v1\nkind: Magic\nmetadata: {name: m, namespace: shop}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: "
      "Role\nmetadata: {name: r, namespace: shop}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s, namespace: shop}\n");
  REQUIRE(front.objects.gateway.extensions.size() == 1);
  const ObjectRef& ref = front.objects.gateway.extensions[0];
  CHECK(ref.group + "|" + ref.kind + "|" + ref.namespace_name + "|" + ref.name == "a.io|Magic|shop|m");
  CHECK(front.objects.skipped.size() == 3);
}

TEST_CASE("objects of other clusters", "[gateway]") {
  ir::Files files;
  ir::Diagnostics diagnostics;
  Sources sources = read_text("t.yaml", object("GRPCRoute", "rules: []") + config_map("ca", "a: b"), {}, files, diagnostics);
  for (Document& document : sources.documents) document.cluster = "west";
  const Objects objects = read(sources, files, diagnostics);
  REQUIRE(diagnostics.list().size() == 1);
  CHECK(diagnostics.list()[0].kind == ir::Code::UnsupportedKind);
  CHECK(objects.gateway == GatewayObjects{});
  CHECK(objects.skipped == std::vector<std::string>{"v1/ConfigMap"});
}
