// `weir diff` looks into requests: rules about HTTP, DNS and TLS names that differ are told with a request.
#include <catch2/catch.hpp>

#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"
#include "compiler/verify/policy_diff.h"

using namespace weir;
using namespace weir::compiler;

namespace {

constexpr const char* kInventory = R"(apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
spec: {nodeName: n1, containers: [{name: c, image: x}]}
status: {podIP: 10.0.1.1, podIPs: [{ip: 10.0.1.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api-1, namespace: shop, labels: {app: api}}
spec: {nodeName: n1, containers: [{name: c, image: x}]}
status: {podIP: 10.0.1.2, podIPs: [{ip: 10.0.1.2}]}
---
)";

struct Side {
  ir::Files files;
  Resolved resolved;
  [[nodiscard]] DiffSide side() const { return {resolved.policies, resolved.cluster}; }
};

std::string policy(const std::string& name, const std::string& app, const std::string& rules) {
  return "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: " + name + ", namespace: shop}\nspec: {endpointSelector: {matchLabels: {app: " +
         app + "}}, " + rules + "}\n---\n";
}

Side with(const std::string& policies) {
  Side out;
  ir::Diagnostics diagnostics;
  const auto sources = read_text("t.yaml", kInventory + policies, {}, out.files, diagnostics);
  const Objects objects = read(sources, out.files, diagnostics);
  out.resolved = resolve(objects, ir::settings_for(ir::Dialect::Cilium120), out.files, diagnostics, Lints::No);
  REQUIRE_FALSE(diagnostics.has(ir::Effect::Invalid));
  return out;
}

/// The api takes what `http` says from the web on 80.
std::string api(const std::string& http) {
  return policy("api", "api", "ingress: [{fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [" + http + "]}}]}]");
}

std::string web(const std::string& http) {
  return policy("web", "web", "egress: [{toEndpoints: [{matchLabels: {app: api}}], toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [" + http + "]}}]}]");
}

std::string dns(const std::string& patterns) {
  return policy("dns", "web", "egress: [{toEntities: [world], toPorts: [{ports: [{port: \"53\", protocol: UDP}], rules: {dns: [" + patterns + "]}}]}]");
}

std::string secret(const std::string& value) {
  return "apiVersion: v1\nkind: Secret\nmetadata: {name: token, namespace: shop}\nstringData: {value: " + value + "}\n---\n";
}
const std::string kToken = "{headerMatches: [{name: X-Token, secret: {name: token, namespace: shop}}]}";

}  // namespace

TEST_CASE("what changes for requests is told with one of them", "[verify][diff][requests]") {
  struct Case { std::string_view why; std::string before, after, lost, won; };
  const auto c = GENERATE(values<Case>({
      {"a path goes", api("{path: /a}, {path: /b}"), api("{path: /a}"), "http GET www.example.com/b", ""},
      {"a path comes", api("{path: /a}"), api("{path: /a}, {path: '/items/[0-9]+'}"), "", "http GET www.example.com/items/0"},
      {"a method goes", api("{method: 'GET|PUT'}"), api("{method: GET}"), "http PUT www.example.com/", ""},
      {"a header is asked for", api("{path: /a}"), api("{path: /a, headers: ['X-Token: 1']}"), "http GET www.example.com/a", ""},
      {"one path for another", api("{path: /a}"), api("{path: /b}"), "http GET www.example.com/a", "http GET www.example.com/b"},
      {"one name for another", dns("{matchName: a.example.com}"), dns("{matchName: b.example.com}"), "dns a.example.com", "dns b.example.com"},
      {"a Secret has another value", secret("one") + api(kToken), secret("two") + api(kToken), "http GET www.example.com/ x-token: (before: Secret shop/token)",
       "http GET www.example.com/ x-token: (after: Secret shop/token)"},
      {"a Secret goes", secret("one") + api(kToken), api(kToken), "http GET www.example.com/ x-token: (before: Secret shop/token)", ""},
      {"a Secret that is not looked at has another value", secret("one") + api("{path: /a}"), secret("two") + api("{path: /a}"), "", ""},
      {"written otherwise", api("{path: '/a|/b'}"), api("{path: /b}, {path: /a}"), "", ""},
      {"one inside the other", api("{path: '/a.*'}"), api("{path: '/a.*'}, {path: '/abc'}"), "", ""},
      {"alternatives by methods", api("{method: 'GET|PUT', path: /a}"), api("{method: GET, path: /a}, {method: PUT, path: /a}"), "", ""},
      {"the sender has never let it out", web("{path: /a}") + api("{path: /a}, {path: /b}"), web("{path: /a}") + api("{path: /a}"), "", ""},
      {"the sender lets out only what is new", web("{path: '/items/.*'}") + api("{path: /a}"), web("{path: '/items/.*'}") + api("{path: /a}, {path: '/items/[5-9]'}"), "",
       "http GET www.example.com/items/5"},
      {"a name goes", dns("{matchName: a.example.com}, {matchPattern: '*.example.org'}"), dns("{matchPattern: '*.example.org'}"), "dns a.example.com", ""},
      {"a pattern holds the name", dns("{matchName: a.example.com}, {matchPattern: '*.example.com'}"), dns("{matchPattern: '*.example.com'}"), "", ""}}));
  INFO(c.why);
  const Side before = with(c.before), after = with(c.after);
  const PolicyDiff diff = diff_policies(before.side(), after.side(), {});
  CHECK(diff.complete());
  CHECK(diff.equal() == (c.lost.empty() && c.won.empty()));
  std::string lost, won;
  for (const AnyDifference& one : diff.any->found) {
    REQUIRE(one.connection.flow.request);
    (one.after.verdict == ir::Verdict::Allowed ? won : lost) = to_text(*one.connection.flow.request);
  }
  CHECK(lost == c.lost);
  CHECK(won == c.won);
  CHECK(diff.today->requests.empty() == diff.equal());
  CHECK(relation(Relation::Equivalent, before.side(), after.side(), {}).status == (diff.equal() ? ProofStatus::Holds : ProofStatus::Violated));
  CHECK(relation(Relation::Contains, before.side(), after.side(), {}).status == (c.lost.empty() ? ProofStatus::Holds : ProofStatus::Violated));
  CHECK(relation(Relation::Contained, before.side(), after.side(), {}).status == (c.won.empty() ? ProofStatus::Holds : ProofStatus::Violated));
}

TEST_CASE("requests between today's pods are told by workload", "[verify][diff][requests]") {
  const Side before = with(api("{path: /a}, {path: /b}")), after = with(api("{path: /a}"));
  const PolicyDiff diff = diff_policies(before.side(), after.side(), {.today = true, .any = false});
  CHECK(diff.today->changes.empty());
  REQUIRE(diff.today->requests.size() == 1);
  const TodayRequest& one = diff.today->requests.front();
  CHECK(one.source == "shop/web-1[Pod]");
  CHECK(one.destination == "shop/api-1[Pod]");
  CHECK(one.flow.port == 80);
  CHECK(one.before.verdict == ir::Verdict::Allowed);
  CHECK(one.after.verdict == ir::Verdict::Denied);
}

TEST_CASE("rules about requests to names are told for those names", "[verify][diff][requests]") {
  const auto names = [](const std::string& http) {
    return policy("out", "web", "egress: [{toFQDNs: [{matchName: api.example.com}], toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [" + http + "]}}]}, {toEntities: [world], toPorts: [{ports: [{port: \"53\", protocol: UDP}], rules: {dns: [{matchPattern: '*'}]}}]}]");
  };
  const Side before = with(names("{path: /a}, {path: /b}")), after = with(names("{path: /a}"));
  const PolicyDiff diff = diff_policies(before.side(), after.side(), {});
  REQUIRE(diff.today->requests.size() == 1);
  CHECK(diff.today->requests.front().destination == "fqdn:api.example.com");
  CHECK_FALSE(diff.equal());
}

TEST_CASE("what weir does not simulate is unknown, not equal", "[verify][diff][requests]") {
  const auto through = [](const std::string& config) {
    return policy("k", "web", "egress: [{toEndpoints: [{matchLabels: {app: api}}], toPorts: [{ports: [{port: \"80\", protocol: TCP}], listener: {envoyConfig: {kind: CiliumEnvoyConfig, name: " + config + "}, name: l}}]}]");
  };
  const Side before = with(through("one")), after = with(through("two"));
  const PolicyDiff diff = diff_policies(before.side(), after.side(), {});
  CHECK_FALSE(diff.complete());
  CHECK(relation(Relation::Equivalent, before.side(), after.side(), {}).status == ProofStatus::Unknown);
}
