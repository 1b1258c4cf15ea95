// Reading PolicyTest documents: what a check must say, and what this version refuses.
#include <catch2/catch.hpp>

#include "tests/unit/compiler/resolve/support.h"

using namespace weir;

namespace {

test::Run spec(std::string_view text) {
  return test::run("apiVersion: weir.dev/v1alpha1\nkind: PolicyTest\nmetadata: {name: t}\nspec: {" + std::string(text) + "}\n");
}

std::string codes(const test::Run& run) {
  std::string text;
  for (const ir::Diagnostic& d : run.diagnostics.list()) text += (text.empty() ? "" : " ") + std::string(ir::info(d.kind).id);
  return text;
}

}  // namespace

TEST_CASE("checks say what they ask", "[policytest]") {
  struct Case { std::string_view why, check, codes; };
  const auto c = GENERATE(values<Case>({
      {"whole", "from: {pod: a/b}, to: {ip: 192.0.2.1}, port: 80, expect: allowed", ""},
      {"a named port", "from: {pod: a/b}, to: {pod: a/c}, port: http, expect: denied", ""},
      {"ICMP by its type", "from: {pod: a/b}, to: {pod: a/c}, icmp: {type: 8}, expect: unknown", ""},
      {"a protocol that is no text", "from: {pod: a/b}, to: {pod: a/c}, protocol: 47, port: 1, expect: denied", "WEIR0103"},
      {"another protocol as text", "from: {pod: a/b}, to: {pod: a/c}, protocol: '47', expect: denied", ""},
      {"no port", "from: {pod: a/b}, to: {pod: a/c}, expect: allowed", "WEIR0105"},
      {"ICMP without type", "from: {pod: a/b}, to: {pod: a/c}, protocol: ICMP, expect: allowed", "WEIR0105"},
      {"no end", "from: {pod: a/b}, port: 80, expect: allowed", "WEIR0105"},
      {"no expectation", "from: {pod: a/b}, to: {pod: a/c}, port: 80", "WEIR0105"},
      {"an unknown verdict", "from: {pod: a/b}, to: {pod: a/c}, port: 80, expect: maybe", "WEIR0104"},
      {"an unknown protocol", "from: {pod: a/b}, to: {pod: a/c}, port: 80, protocol: XYZ, expect: allowed", "WEIR0104"},
      {"an unknown reason", "from: {pod: a/b}, to: {pod: a/c}, port: 80, expect: denied, reason: none", "WEIR0104"},
      {"two ways to name a party", "from: {pod: a/b, ip: 192.0.2.1}, to: {pod: a/c}, port: 80, expect: allowed", "WEIR0701"},
      {"no way", "from: {}, to: {pod: a/c}, port: 80, expect: allowed", "WEIR0701"},
      {"a bad address", "from: {ip: 192.0.2.256}, to: {pod: a/c}, port: 80, expect: allowed", "WEIR0701"},
      {"labels", "from: {namespace: a, labels: {k: v}}, to: {workload: a/c}, port: 80, expect: allowed", ""},
      {"an HTTP request", "from: {pod: a/b}, to: {pod: a/c}, port: 80, http: {path: /, headers: {A: b}}, expect: allowed", ""},
      {"no field of it", "from: {pod: a/b}, to: {pod: a/c}, port: 80, http: {url: /}, expect: allowed", "WEIR0101"},
      {"a lookup", "from: {pod: a/b}, to: {pod: a/c}, port: 53, dns: {query: a.b}, expect: allowed, reason: l7-denied", ""},
      {"a lookup of nothing", "from: {pod: a/b}, to: {pod: a/c}, port: 53, dns: {}, expect: allowed", "WEIR0105"},
      {"a lookup in a request", "from: {pod: a/b}, to: {pod: a/c}, port: 53, dns: {query: a}, http: {}, expect: allowed", "WEIR0104"},
      {"TLS without a name", "from: {pod: a/b}, to: {pod: a/c}, port: 443, tls: {sni: ''}, expect: allowed", ""},
      {"a pod of a remote cluster", "from: {pod: a/b, cluster: x}, to: {pod: a/c}, port: 80, expect: allowed", ""},
      {"an address is of no cluster", "from: {ip: 192.0.2.1, cluster: x}, to: {pod: a/c}, port: 80, expect: allowed", "WEIR0701"},
      {"a slip of the pen", "from: {pod: a/b}, to: {pod: a/c}, port: 80, expected: allowed", "WEIR0105 WEIR0101"}}));
  const test::Run run = spec("checks: [{name: c, " + std::string(c.check) + "}]");
  INFO(c.why << "\n" << test::diagnostics_text(run));
  CHECK(codes(run) == c.codes);
}

TEST_CASE("routes say what they expect", "[policytest]") {
  struct Case { std::string_view why, route, codes; };
  const auto c = GENERATE(values<Case>({
      {"whole", "gateway: a/web, request: {host: h}, expect: {backend: 'a/b:80'}", ""},
      {"one status", "gateway: a/web, request: {host: h}, expect: {status: 404}", ""},
      {"several", "gateway: a/web, request: {host: h}, expect: {status: [404, 500]}", ""},
      {"no status", "gateway: a/web, request: {host: h}, expect: {status: 1000}", "WEIR0104"},
      {"shares and statuses", "gateway: a/web, request: {host: h}, expect: {shares: {a/b: 0.5, a/c: 0.5}, statuses: {200: 1}}", ""},
      {"a share over one", "gateway: a/web, request: {host: h}, expect: {shares: {a/b: 1.5}}", "WEIR0104"},
      {"nothing", "gateway: a/web, request: {host: h}, expect: {}", "WEIR0105"},
      {"no gateway", "request: {host: h}, expect: {status: 404}", "WEIR0105"},
      {"no request", "gateway: a/web, expect: {status: 404}", "WEIR0105"},
      {"gRPC", "gateway: a/web, request: {scheme: grpc, host: h}, expect: {grpcStatus: 12}", ""},
      {"several of gRPC", "gateway: a/web, request: {scheme: grpc, host: h}, expect: {grpcStatus: [12, 14]}", ""},
      {"no status of gRPC", "gateway: a/web, request: {scheme: grpc, host: h}, expect: {grpcStatus: 17}", "WEIR0104"},
      {"a redirect", "gateway: a/web, request: {host: h}, expect: {redirect: {status: 301, scheme: https, host: g, port: 8443, path: '/a?b'}}", ""},
      {"a redirect to nowhere", "gateway: a/web, request: {host: h}, expect: {redirect: {status: 200}}", "WEIR0104"},
      {"no field of a redirect", "gateway: a/web, request: {host: h}, expect: {redirect: {location: x}}", "WEIR0101"},
      {"what the backend sees", "gateway: a/web, request: {host: h}, expect: {request: {host: g, path: /, headers: {A: b}, absent: [C]}}", ""},
      {"answers", "gateway: a/web, request: {host: h}, expect: {responseHeaders: {set: {A: b}, add: {C: d}, remove: [E]}}", ""},
      {"copies", "gateway: a/web, request: {host: h}, expect: {mirrors: [a/c:80]}", ""},
      {"a copy that is no text", "gateway: a/web, request: {host: h}, expect: {mirrors: [{a: c}]}", "WEIR0104"}}));
  const test::Run run = spec("routes: [{name: r, " + std::string(c.route) + "}]");
  INFO(c.why << "\n" << test::diagnostics_text(run));
  CHECK(codes(run).substr(0, 8) == c.codes);
}

TEST_CASE("values of a PolicyTest as they are kept", "[policytest]") {
  const test::Run run = spec(
      "dialect: k8s, config: {enforcement: always, dual_stack: true}, resources: [., ../x.yaml], "
      "routes: [{gateway: web, listener: l, request: {host: h, path: '/a?x=1', sni: '', headers: {B: 1, A: 2}}, expect: {rejected: true}}]");
  REQUIRE(run.objects.tests.size() == 1);
  const compiler::PolicyTest& kept = run.objects.tests[0];
  CHECK(kept.dialect->value == "k8s");
  REQUIRE(kept.config.size() == 2);
  CHECK(kept.config[1].value == "true");
  CHECK(kept.resources[1].path == "../x.yaml");
  REQUIRE(kept.routes.size() == 1);
  CHECK(kept.routes[0].gateway_namespace == "default");
  CHECK(kept.routes[0].request.sni == "");
  CHECK(kept.routes[0].request.headers ==
        std::vector<std::pair<std::string, std::string>>{{"B", "1"}, {"A", "2"}});  // in the order of the file
  const test::Run named = spec("names: {API.example.com.: [192.0.2.2, 192.0.2.1, 192.0.2.2]}, checks: [{from: {pod: a/b}, "
                               "to: {fqdn: api.example.com}, port: 443, tls: {sni: ''}, expect: allowed}]");
  REQUIRE(named.objects.tests.size() == 1);
  CHECK(named.objects.tests[0].names.at("api.example.com") ==
        std::vector<ir::IpAddress>{*ir::parse_address("192.0.2.1"), *ir::parse_address("192.0.2.2")});
  CHECK(named.objects.tests[0].checks[0].request->sni == "");
  CHECK(spec("names: {a.b: [x]}").diagnostics.has(ir::Effect::Invalid));
  CHECK(spec("dialect: cilium-2").diagnostics.has(ir::Effect::Invalid));
}
