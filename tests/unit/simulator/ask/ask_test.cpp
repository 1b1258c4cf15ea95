// trace, route and test on documents in memory and in a temporary folder.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"
#include "simulator/ask/expect.h"
#include "simulator/ask/route.h"
#include "simulator/ask/test.h"
#include "simulator/ask/trace.h"

using namespace weir;
using simulator::TraceQuestion;

namespace {

constexpr const char* kCluster = R"(
apiVersion: v1
kind: Pod
metadata: {name: front, namespace: shop, labels: {app: front}}
spec: {nodeName: n1, containers: [{name: c, image: x}]}
status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: back, namespace: shop, labels: {app: back}}
spec: {nodeName: n1, containers: [{name: c, image: x, ports: [{name: http, containerPort: 8080}]}]}
status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}]}
---
apiVersion: v1
kind: Pod
metadata: {name: back-old, namespace: shop, labels: {app: back, old: "yes"}}
spec: {nodeName: n2, containers: [{name: c, image: x}]}
status: {podIP: 10.0.0.3, podIPs: [{ip: 10.0.0.3}]}
---
apiVersion: v1
kind: Service
metadata: {name: back, namespace: shop}
spec: {clusterIP: 10.96.0.1, selector: {app: back}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: old, namespace: shop}
spec:
  endpointSelector: {matchLabels: {old: "yes"}}
  ingress: [{}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec: {gatewayClassName: cilium, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: all, namespace: shop}
spec: {parentRefs: [{name: web}], rules: [{backendRefs: [{name: back, port: 80}]}]}
)";

struct World {
  ir::Files files;
  compiler::Resolved resolved;
};

World world(const std::string& text = kCluster) {
  World out;
  ir::Diagnostics diagnostics;
  const auto sources = compiler::read_text("cluster.yaml", text, {}, out.files, diagnostics);
  const auto objects = compiler::read(sources, out.files, diagnostics);
  out.resolved = compiler::resolve(objects, ir::Settings{}, out.files, diagnostics);
  for (const ir::Diagnostic& d : diagnostics.list()) UNSCOPED_INFO(d.detail);
  REQUIRE_FALSE(diagnostics.has(ir::Effect::Refuse));
  REQUIRE_FALSE(diagnostics.has(ir::Effect::Invalid));
  return out;
}

TraceQuestion ask(const std::string& from, const std::string& to, std::uint16_t port) {
  return {*ir::parse_party(from, "shop"), *ir::parse_party(to, "shop"), ir::Protocol::Tcp, port, 0};
}

/// A folder of its own, removed at the end.
struct Folder {
  std::filesystem::path path;
  Folder() : path(std::filesystem::temp_directory_path() / "weir-ask-test") {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
};

}  // namespace

TEST_CASE("a trace says who decided and who isolates", "[ask]") {
  const World w = world();
  const auto allowed = simulator::trace(w.resolved, w.files, ask("pod:front", "pod:back", 8080));
  REQUIRE(allowed);
  CHECK(allowed->decision.verdict == ir::Verdict::Allowed);
  REQUIRE(allowed->ingress.decided_by.size() == 1);
  CHECK(allowed->ingress.decided_by[0].name == "default-allow");

  const auto denied = simulator::trace(w.resolved, w.files, ask("pod:front", "pod:back-old", 8080));
  REQUIRE(denied);
  CHECK(denied->decision.verdict == ir::Verdict::Denied);
  REQUIRE(denied->ingress.decided_by.size() == 1);
  CHECK(denied->ingress.decided_by[0].kind == "Default");
  CHECK(denied->ingress.decided_by[0].name == "default-deny");
  CHECK(denied->ingress.decided_by[0].file == "cluster.yaml");
  CHECK(denied->ingress.decided_by[0].line > 0);
  REQUIRE(denied->ingress.isolated_by.size() == 1);
  CHECK(denied->ingress.isolated_by[0].name == "old");
  CHECK(simulator::denying_side(denied->decision) == "ingress");
  CHECK(simulator::denial_reason(denied->decision) == "policy-denied");
}

TEST_CASE("the address of a Service is translated (policy.md 4.5)", "[ask]") {
  const World w = world();
  const auto both = simulator::trace(w.resolved, w.files, ask("pod:front", "ip:10.96.0.1", 80));
  REQUIRE(both);
  CHECK(both->flow.port == 8080);
  CHECK(both->decision.verdict == ir::Verdict::Unknown);  // one pod is isolated, the other is not
  CHECK_FALSE(both->decision.assumptions.empty());
  const auto no_port = simulator::trace(w.resolved, w.files, ask("pod:front", "ip:10.96.0.1", 81));
  REQUIRE_FALSE(no_port);
  CHECK(no_port.error().exit_code == 2);
}

TEST_CASE("a party that is not there is a bad question", "[ask]") {
  const World w = world();
  const auto missing = simulator::trace(w.resolved, w.files, ask("pod:nobody", "pod:back", 80));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().exit_code == 2);
  simulator::RouteQuestion question;
  question.request = *ir::request_of("http://h/");
  question.request.gateway_namespace = "shop";
  question.request.gateway = "none";
  CHECK(simulator::route(w.resolved, w.files, question).error().exit_code == 2);
}

TEST_CASE("the own node is found whichever end names it", "[ask]") {
  const World w = world();
  const auto own = simulator::trace(w.resolved, w.files, ask("entity:host", "pod:back-old", 8080));
  REQUIRE(own);
  CHECK(own->decision.verdict == ir::Verdict::Allowed);
  CHECK(own->ingress.decided_by[0].name == "allow-localhost");
  const auto other = simulator::trace(w.resolved, w.files, ask("entity:remote-node", "pod:back-old", 8080));
  CHECK(other->decision.verdict == ir::Verdict::Denied);
}

TEST_CASE("each pod of a backend has its own verdict", "[ask]") {
  const World w = world();
  simulator::RouteQuestion question;
  question.request = *ir::request_of("http://shop.example.com/a?x=1");
  const auto answer = simulator::route(w.resolved, w.files, question);
  REQUIRE(answer);
  CHECK(answer->decision.outcome == ir::RouteOutcome::Backends);
  REQUIRE(answer->policy.size() == 1);
  REQUIRE(answer->policy[0].size() == 2);
  CHECK(answer->policy[0][0].verdict == ir::Verdict::Allowed);
  CHECK(answer->policy[0][1].verdict == ir::Verdict::Denied);
  CHECK(answer->policy[0][1].step == "backend ingress");
  CHECK_FALSE(simulator::common_verdict(answer->policy[0]));
  CHECK_FALSE(simulator::policy_of(*answer));
  REQUIRE(answer->route);
  CHECK(answer->route->name == "all");
  CHECK(answer->route->file == "cluster.yaml");
}

TEST_CASE("a gateway of another class shows an identity nobody here knows", "[ask]") {
  const World w = world(std::string(kCluster) +
                        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: cilium}\n"
                        "spec: {controllerName: example.com/other}\n");
  simulator::RouteQuestion question;
  question.request = *ir::request_of("http://h/");
  const auto answer = simulator::route(w.resolved, w.files, question);
  REQUIRE(answer);
  REQUIRE(answer->policy.size() == 1);
  // One pod isolates itself from nobody, so it lets any gateway in.
  CHECK(answer->policy[0][0].verdict == ir::Verdict::Allowed);
  CHECK(answer->policy[0][1].verdict == ir::Verdict::Unknown);
  REQUIRE(answer->shares.size() == 2);
  CHECK(answer->shares[0].status == 200);
  CHECK(answer->shares[1].verdict == ir::Verdict::Unknown);
  CHECK_FALSE(answer->assumptions.empty());
}

TEST_CASE("URLs", "[ask]") {
  struct Case { std::string_view why, url, host, path; std::uint16_t port; bool good; };
  const auto c = GENERATE(values<Case>({
      {"plain", "http://a.example.com/x", "a.example.com", "/x", 80, true},
      {"no path", "https://a.example.com", "a.example.com", "/", 443, true},
      {"a port", "https://a:8443/", "a:8443", "/", 8443, true},
      {"IPv6", "http://[2001:db8::1]:81/", "[2001:db8::1]:81", "/", 81, true},
      {"IPv6 without port", "http://[2001:db8::1]/", "[2001:db8::1]", "/", 80, true},
      {"a query without path", "http://a?x=1", "a", "/", 80, true},
      {"a fragment is dropped", "http://a/b#c", "a", "/b", 80, true},
      {"no scheme", "a.example.com/x", "", "", 0, false},
      {"another scheme", "ftp://a/", "", "", 0, false},
      {"no host", "http:///x", "", "", 0, false},
      {"a bad port", "http://a:99999/", "", "", 0, false}}));
  INFO(c.why);
  const auto request = ir::request_of(c.url);
  REQUIRE(request.has_value() == c.good);
  if (!request) return;
  CHECK(request->host == c.host);
  CHECK(request->path == c.path);
  CHECK(request->port == c.port);
}

TEST_CASE("parameters of a path, as sent", "[ask]") {
  ir::Request request;
  ir::set_path(request, "/a?x=1&x=2&flag&e=&=v");
  CHECK(request.path == "/a");
  const std::vector<std::pair<std::string, std::string>> expected = {{"x", "1"}, {"x", "2"}, {"flag", ""}, {"e", ""}, {"", "v"}};
  CHECK(request.query == expected);
}

TEST_CASE("a test run compares, counts and covers", "[ask]") {
  const Folder folder;
  folder.write("cluster.yaml", kCluster);
  folder.write("test.yaml", R"(
apiVersion: weir.dev/v1alpha1
kind: PolicyTest
metadata: {name: t}
spec:
  resources: [cluster.yaml]
  checks:
  - {name: right, from: {pod: shop/front}, to: {pod: shop/back-old}, port: 80, expect: denied, side: ingress, reason: policy-denied, by: [CiliumNetworkPolicy/shop/old]}
  - {name: wrong verdict, from: {pod: shop/front}, to: {pod: shop/back}, port: 80, expect: denied}
  - {name: wrong reason, from: {pod: shop/front}, to: {pod: shop/back-old}, port: 80, expect: denied, reason: policy-deny}
  - {name: wrong side, from: {pod: shop/front}, to: {pod: shop/back-old}, port: 80, expect: denied, side: egress}
  - {name: wrong policy, from: {pod: shop/front}, to: {pod: shop/back-old}, port: 80, expect: denied, by: [NetworkPolicy/shop/old]}
  - {name: nobody, from: {pod: shop/nobody}, to: {pod: shop/back}, port: 80, expect: allowed}
  - {name: no such port, from: {pod: shop/front}, to: {pod: shop/back}, port: metrics, expect: allowed}
  - {name: undecided, from: {pod: shop/front}, to: {ip: 10.96.0.1}, port: 80, expect: allowed}
  - {name: expected to be undecided, from: {pod: shop/front}, to: {ip: 10.96.0.1}, port: 80, expect: unknown}
  - {name: named port, from: {pod: shop/front}, to: {pod: shop/back}, port: http, expect: allowed}
  routes:
  - {name: right, gateway: shop/web, request: {host: h}, expect: {backend: 'shop/back:80', shares: {shop/back: 1}, status: [200, 503]}}
  - {name: wrong backend, gateway: shop/web, request: {host: h}, expect: {backend: 'shop/front:80'}}
  - {name: wrong share, gateway: shop/web, request: {host: h}, expect: {shares: {shop/back: 0.5}}}
  - {name: wrong listener, gateway: shop/web, listener: https, request: {host: h}, expect: {backend: 'shop/back:80'}}
)");
  ir::Files files;
  ir::Diagnostics diagnostics;
  const auto tests = simulator::load_tests({(folder.path / "test.yaml").string()}, files, diagnostics);
  REQUIRE(tests);
  REQUIRE(tests->size() == 1);
  const auto result = simulator::run_test(tests->front(), {}, files, diagnostics);
  REQUIRE(result);
  for (const auto& check : result->checks) {
    INFO(check.name);
    const bool should_pass = check.name == "right" || check.name == "named port" || check.name == "expected to be undecided";
    CHECK(check.pass == should_pass);
    CHECK(check.problems.empty() == should_pass);
  }
  for (const auto& check : result->routes) {
    INFO(check.name);
    CHECK(check.pass == (check.name == "right"));
  }
  const auto summary = simulator::summary_of({*result});
  CHECK(summary.passed == 4);
  CHECK(summary.failed == 10);
  CHECK(summary.undecided == 1);
  CHECK(summary.rules.total == 1);
  CHECK(summary.rules.exercised == 1);  // it only isolates, and the default deny it causes decided
  CHECK(simulator::percent(summary.rules) == Approx(100));
}

TEST_CASE("settings: strong beats the test, the test beats weak", "[ask]") {
  const Folder folder;
  folder.write("cluster.yaml", kCluster);
  folder.write("test.yaml", R"(
apiVersion: weir.dev/v1alpha1
kind: PolicyTest
metadata: {name: t}
spec:
  config: {enforcement: never}
  resources: [cluster.yaml]
  checks:
  - {name: c, from: {pod: shop/front}, to: {pod: shop/back-old}, port: 80, expect: allowed}
)");
  ir::Files files;
  ir::Diagnostics diagnostics;
  const auto tests = simulator::load_tests({(folder.path / "test.yaml").string()}, files, diagnostics);
  REQUIRE(tests);
  const auto passes = [&](const simulator::TestOptions& options) {
    const auto result = simulator::run_test(tests->front(), options, files, diagnostics);
    REQUIRE(result);
    return result->checks.front().pass;
  };
  CHECK(passes({}));
  CHECK(passes({.weak = {{"enforcement", "default"}}, .strong = {}}));
  CHECK_FALSE(passes({.weak = {}, .strong = {{"enforcement", "default"}}}));
  const auto bad = simulator::run_test(tests->front(), {.weak = {}, .strong = {{"no_such_key", "1"}}}, files, diagnostics);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().exit_code == 2);
}

TEST_CASE("refused resources refuse the test", "[ask]") {
  const Folder folder;
  folder.write("policy.yaml", "apiVersion: cilium.io/v2\nkind: [\n");
  folder.write("test.yaml", "apiVersion: weir.dev/v1alpha1\nkind: PolicyTest\nmetadata: {name: t}\n"
                            "spec: {resources: [policy.yaml]}\n");
  ir::Files files;
  ir::Diagnostics diagnostics;
  const auto tests = simulator::load_tests({(folder.path / "test.yaml").string()}, files, diagnostics);
  REQUIRE(tests);
  const auto result = simulator::run_test(tests->front(), {}, files, diagnostics);
  REQUIRE_FALSE(result);
  CHECK(result.error().exit_code == 3);
  CHECK(diagnostics.has(ir::Effect::Refuse));
}
