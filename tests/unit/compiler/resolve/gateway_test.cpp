// Reading and resolving Gateway and HTTPRoute: the rules of the API server (gateway.md 1.1 item 3), attachment (1.3) and
// backends (1.7). What requests then meet is tested by tests/unit/ir/route_test.cpp.
#include <catch2/catch.hpp>

#include "ir/base/code.h"
#include "tests/unit/compiler/resolve/support.h"

using namespace weir;

namespace {

std::string gateway(std::string_view listeners, std::string_view more = "") {
  return "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: web, namespace: shop}\nspec: {"
         "gatewayClassName: cilium, listeners: [" + std::string(listeners) + "]" + std::string(more) + "}\n";
}

std::string route(std::string_view spec) {
  return "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r, namespace: shop}\nspec: {" +
         std::string(spec) + "}\n";
}

/// The codes of a run, without notes about what is ignored on purpose and without what needs the rest of a cluster.
std::string codes(const test::Run& run) {
  const auto apart = [](ir::Code code) {
    return code == ir::Code::FieldIgnored || code == ir::Code::RouteNotAttached || code == ir::Code::BackendInvalid;
  };
  std::string text;
  for (const ir::Diagnostic& d : run.diagnostics.list())
    if (!apart(d.kind)) text += (text.empty() ? "" : " ") + std::string(ir::info(d.kind).id);
  return text;
}

std::string repeated(std::string_view item, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += (i == 0 ? "" : ", ") + std::string(item);
  return text;
}

constexpr std::string_view kHttp = "{name: http, port: 80, protocol: HTTP}";

constexpr std::string_view kServices = R"(---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec: {selector: {app: a}, ports: [{port: 80, targetPort: web}, {port: 53, protocol: UDP}]}
---
apiVersion: v1
kind: Service
metadata: {name: byhand, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: a-1, namespace: shop, labels: {app: a}}
spec: {containers: [{name: c, image: x, ports: [{name: web, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: a-2, namespace: shop, labels: {app: a}}
spec: {containers: [{name: c, image: x, ports: [{name: web, containerPort: 9090}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: a-3, namespace: shop, labels: {app: a}}
spec: {containers: [{name: c, image: x}]}
---
apiVersion: v1
kind: Pod
metadata: {name: a-4, namespace: shop, labels: {app: a}}
spec: {containers: [{name: c, image: x, ports: [{name: web, containerPort: 8080}]}]}
status: {conditions: [{type: Ready, status: "False"}]}
---
)";

}  // namespace

TEST_CASE("listeners by the rules of the API server", "[gateway]") {
  struct Case { std::string_view why, listeners, codes; };
  const auto c = GENERATE(values<Case>({
      {"the least one", "{name: a, port: 80, protocol: HTTP}", ""},
      {"none", "", "WEIR0104"},
      {"no protocol", "{name: a, port: 80}", "WEIR0105 WEIR0403"},
      {"port 0", "{name: a, port: 0, protocol: HTTP}", "WEIR0104"},
      {"two of one name", "{name: a, port: 80, protocol: HTTP}, {name: a, port: 81, protocol: HTTP}", "WEIR0104"},
      {"two of one place", "{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}", "WEIR0104 WEIR0402"},
      {"told apart by hostname",
       "{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP, hostname: a.example.com}", ""},
      {"a wildcard name", "{name: a, port: 80, protocol: HTTP, hostname: '*.example.com'}", ""},
      {"a wildcard inside", "{name: a, port: 80, protocol: HTTP, hostname: 'a.*.com'}", "WEIR0104"},
      {"upper case", "{name: a, port: 80, protocol: HTTP, hostname: A.example.com}", "WEIR0104"},
      {"an address is no name", "{name: a, port: 80, protocol: HTTP, hostname: 192.0.2.1}", "WEIR0104"},
      {"TCP has no hostname", "{name: a, port: 80, protocol: TCP, hostname: a.example.com}", "WEIR0108"},
      {"HTTP has no tls", "{name: a, port: 80, protocol: HTTP, tls: {certificateRefs: [{name: c}]}}", "WEIR0108"},
      {"HTTPS terminates",
       "{name: a, port: 443, protocol: HTTPS, tls: {mode: Passthrough, certificateRefs: [{name: c}]}}", "WEIR0104"},
      {"to terminate takes a certificate", "{name: a, port: 443, protocol: HTTPS, tls: {mode: Terminate}}", "WEIR0105"},
      {"TLS needs a mode", "{name: a, port: 443, protocol: TLS, tls: {certificateRefs: [{name: c}]}}", "WEIR0105 WEIR0403 WEIR0422"},
      {"HTTPS without tls", "{name: a, port: 443, protocol: HTTPS}", "WEIR0403"},
      {"an unknown protocol", "{name: a, port: 80, protocol: SPDY}", "WEIR0403"},
      {"HTTP and HTTPS on one port",
       "{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}",
       "WEIR0402 WEIR0422"},
      {"UDP has ports of its own", "{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: UDP}", ""},
      {"a selector without one",
       "{name: a, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector}}}", "WEIR0105"},
      {"an unknown from", "{name: a, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Some}}}", "WEIR0104"},
      {"client certificates are refused",
       "{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}], frontendValidation: {}}}", "WEIR0422 WEIR0102"},
      {"a field that is none", "{name: a, port: 80, protocol: HTTP, hostnames: [a]}", "WEIR0101"}}));
  const test::Run run = test::run(gateway(c.listeners));
  INFO(c.why << "\n" << test::diagnostics_text(run));
  CHECK(codes(run) == c.codes);
}

TEST_CASE("HTTPS beside TLS is a matter of dialect (gateway.md 6)", "[gateway]") {
  const std::string text = gateway(
      "{name: a, port: 443, protocol: HTTPS, hostname: a.example.com, tls: {certificateRefs: [{name: c}]}}, "
      "{name: b, port: 443, protocol: TLS, hostname: b.example.com, tls: {mode: Passthrough}}");
  CHECK(codes(test::run(text, ir::settings_for(ir::Dialect::Cilium120))) == "WEIR0422 WEIR0402");
  CHECK(codes(test::run(text, ir::settings_for(ir::Dialect::Cilium119))) == "WEIR0422");
}

TEST_CASE("routes by the rules of the API server", "[gateway]") {
  const std::string match = "rules: [{matches: [{";
  struct Case { std::string why, spec, codes; };
  const std::vector<Case> cases = {
      {"a good path", match + "path: {type: Exact, value: /a-b/%20}}]}]", ""},
      {"no slash in front", match + "path: {value: a}}]}]", "WEIR0104"},
      {"two slashes", match + "path: {value: /a//b}}]}]", "WEIR0104"},
      {"a step up", match + "path: {value: /a/../b}}]}]", "WEIR0104"},
      {"an end of dots", match + "path: {value: /a/..}}]}]", "WEIR0104"},
      {"an escaped slash", match + "path: {value: /a%2Fb}}]}]", "WEIR0104"},
      {"a bad escape", match + "path: {value: /a%2}}]}]", "WEIR0104"},
      {"a question mark", match + "path: {value: '/a?b'}}]}]", "WEIR0104"},
      {"a regular expression may hold anything", match + "path: {type: RegularExpression, value: 'a//b?'}}]}]", ""},
      {"one that RE2 does not read", match + "headers: [{name: x, type: RegularExpression, value: '('}]}]}]", "WEIR0401"},
      {"an unknown type", match + "path: {type: Glob, value: /}}]}]", "WEIR0104"},
      {"an unknown method", match + "method: get}]}]", "WEIR0104"},
      {"a bad header name", match + "headers: [{name: 'a b', value: x}]}]}]", "WEIR0104"},
      {"a header without value", match + "headers: [{name: a}]}]}]", "WEIR0105"},
      {"a header twice", match + "headers: [{name: a, value: x}, {name: a, value: z}]}]}]", "WEIR0104"},
      {"the same header in another case is ignored", match + "headers: [{name: a, value: x}, {name: A, value: z}]}]}]", ""},
      {"a bad hostname", "hostnames: ['*']", "WEIR0104"},
      {"too many hostnames", "hostnames: [" + repeated("a.example.com", 17) + "]", "WEIR0104"},
      {"too many rules", "rules: [" + repeated("{}", 17) + "]", "WEIR0104"},
      {"too many matches in a rule", "rules: [{matches: [" + repeated("{}", 65) + "]}]", "WEIR0104"},
      {"too many matches in all",
       "rules: [" + repeated("{matches: [" + repeated("{}", 50) + "]}", 3) + "]", "WEIR0104"},
      {"too much weight", "rules: [{backendRefs: [{name: a, port: 80, weight: 1000001}]}]", "WEIR0104"},
      {"a Service without port", "rules: [{backendRefs: [{name: a}]}]", "WEIR0105"},
      {"no filters are none", "rules: [{filters: []}]", ""},
      {"one Gateway twice", "parentRefs: [{name: web}, {name: web}]", "WEIR0104"},
      {"one Gateway, whole and in part", "parentRefs: [{name: web}, {name: web, sectionName: http}]", "WEIR0104"},
  };
  for (const Case& c : cases) {
    const test::Run run = test::run(route(c.spec));
    INFO(c.why << "\n" << test::diagnostics_text(run));
    CHECK(codes(run) == c.codes);
  }
}

TEST_CASE("defaults of a route (gateway.md 1.1 item 2)", "[gateway]") {
  const test::Run run = test::run(route("parentRefs: [{name: web}]"));
  REQUIRE(run.objects.gateway.routes.size() == 1);
  const compiler::RouteObject& object = run.objects.gateway.routes[0];
  REQUIRE(object.rules.size() == 1);
  REQUIRE(object.rules[0].matches.size() == 1);
  CHECK(object.rules[0].matches[0].match == ir::RouteMatch{});
  CHECK(object.rules[0].backends.empty());
  CHECK(object.parents[0].kind == "Gateway");
  CHECK(object.parents[0].namespace_name == "shop");
}

TEST_CASE("attachment and its reasons (gateway.md 10 to 12)", "[gateway]") {
  struct Case { std::string_view why, listener, spec, reason; };
  const auto c = GENERATE(values<Case>({
      {"accepted", "", "parentRefs: [{name: web}]", ""},
      {"no such Gateway", "", "parentRefs: [{name: other}]", "NoMatchingParent"},
      {"in another namespace", "", "parentRefs: [{name: web, namespace: tools}]", "NoMatchingParent"},
      {"no such section", "", "parentRefs: [{name: web, sectionName: x}]", "NoMatchingParent"},
      {"section right, port wrong", "", "parentRefs: [{name: web, sectionName: http, port: 81}]", "NoMatchingParent"},
      {"the kind is not allowed", ", allowedRoutes: {kinds: [{kind: GRPCRoute}]}", "parentRefs: [{name: web}]",
       "NotAllowedByListeners"},
      {"the selector does not match",
       ", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: x}}}}", "parentRefs: [{name: web}]",
       "NotAllowedByListeners"},
      {"the selector by the namespace's name",
       ", allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: "
       "[{key: kubernetes.io/metadata.name, operator: In, values: [shop]}]}}}",
       "parentRefs: [{name: web}]", ""},
      {"no hostname meets", ", hostname: a.example.com", "parentRefs: [{name: web}], hostnames: [b.example.com]",
       "NoMatchingListenerHostname"},
      {"one hostname of two meets", ", hostname: a.example.com",
       "parentRefs: [{name: web}], hostnames: [b.example.com, '*.example.com']", ""}}));
  const std::string text = gateway("{name: http, port: 80, protocol: HTTP" + std::string(c.listener) + "}") + "---\n" +
                           route(c.spec);
  const test::Run run = test::run(text);
  INFO(c.why << "\n" << test::diagnostics_text(run));
  const std::string diagnostics = test::diagnostics_text(run);
  CHECK((diagnostics.find("WEIR0404") == std::string::npos) == c.reason.empty());
  CHECK(diagnostics.find(c.reason) != std::string::npos);
  REQUIRE(run.resolved.routes.routes.size() == 1);
  CHECK(run.resolved.routes.routes[0].listeners.empty() != c.reason.empty());
}

TEST_CASE("backends and their pods (gateway.md 30, 33)", "[gateway]") {
  struct Case { std::string_view why, ref, text; };
  const auto c = GENERATE(values<Case>({
      {"ready pods with the named port, each its own number", "{name: a, port: 80}",
       "shop/a:80 weight 1 (2 pods)"},
      {"no such Service", "{name: gone, port: 80}", "shop/gone:80 weight 1 (BackendNotFound)"},
      {"no such port", "{name: a, port: 8080}", "shop/a:8080 weight 1 (BackendNotFound)"},
      {"not TCP", "{name: a, port: 53}", "shop/a:53 weight 1 (UnsupportedProtocol)"},
      {"another namespace, existing or not", "{name: gone, namespace: tools, port: 80}",
       "tools/gone:80 weight 1 (RefNotPermitted)"},
      {"another kind", "{group: example.com, kind: Bucket, name: a}", "shop/a weight 1 (InvalidKind)"},
      {"endpoints written by hand are not known", "{name: byhand, port: 80}",
       "shop/byhand:80 weight 1 (endpoints not known)"}}));
  const test::Run run = test::run(gateway(kHttp) + std::string(kServices) +
                                  route("parentRefs: [{name: web}], rules: [{backendRefs: [" + std::string(c.ref) + "]}]"));
  INFO(c.why << "\n" << test::diagnostics_text(run));
  REQUIRE(run.resolved.routes.routes.size() == 1);
  const ir::Backend& backend = run.resolved.routes.routes[0].rules[0].backends[0];
  CHECK(ir::to_text(backend) == c.text);
  if (c.ref == "{name: a, port: 80}") {
    CHECK(backend.pods == std::vector<std::string>{"shop/a-1", "shop/a-2"});
    CHECK(backend.pod_ports == std::vector<std::uint16_t>{8080, 9090});
  }
}

TEST_CASE("the stage prints the same table whatever the order of the documents", "[gateway]") {
  const std::string one = gateway(kHttp), two = route("parentRefs: [{name: web}], rules: [{backendRefs: [{name: a, port: 80}]}]");
  const std::string first = ir::to_text(test::run(one + std::string(kServices) + two).resolved.routes);
  const std::string second = ir::to_text(test::run(two + std::string(kServices) + one).resolved.routes);
  CHECK(first == second);
  CHECK(first ==
        "listener 0 shop/web/http HTTP/80 *\n"
        "HTTPRoute shop/r\n"
        "  on listener 0\n"
        "  rule 0\n"
        "    match PathPrefix /\n"
        "    backend shop/a:80 weight 1 (2 pods)\n");
}
