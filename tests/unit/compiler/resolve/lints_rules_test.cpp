#include <catch2/catch.hpp>

#include "tests/unit/compiler/resolve/support.h"

namespace weir::test {
namespace {

struct CodesOf {
  ir::Settings settings;
  /// Codes and lines of what is found in rules of these pods and policies: "0306@3 ".
  std::string operator()(std::string_view yaml) const {
    const Run out = run(yaml, settings);
    std::string text;
    for (const ir::Diagnostic& d : out.diagnostics.list())
      text += std::string(ir::info(d.kind).id.substr(4)) + "@" + std::to_string(d.primary.line) + " ";
    return text;
  }
};

std::string policy(std::string_view spec, std::string_view name = "p", std::string_view labels = "{}") {
  return "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: " + std::string(name) +
         ", namespace: shop, labels: " + std::string(labels) + "}\nspec:\n" + std::string(spec) + "---\n";
}

std::string pod(std::string_view name, std::string_view labels, std::string_view space = "shop") {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + std::string(name) + ", namespace: " + std::string(space) +
         ", labels: " + std::string(labels) + "}\nspec: {}\n---\n";
}

constexpr std::string_view kWeb = "  endpointSelector: {matchLabels: {app: web}}\n";
const CodesOf kCodes;

TEST_CASE("a deny wider than an allow of the same pods", "[resolve]") {
  struct Case { std::string_view why, deny, allow, codes; };
  const auto c = GENERATE(values<Case>({
      {"the world, and one address", "egressDeny: [{toEntities: [world]}]", "egress: [{toCIDR: [203.0.113.7/32]}]", "0306@6 "},
      {"a block, and one inside", "egressDeny: [{toCIDR: [203.0.113.0/24]}]", "egress: [{toCIDR: [203.0.113.7/32]}]", "0306@6 "},
      {"the other way round", "egressDeny: [{toCIDR: [203.0.113.7/32]}]", "egress: [{toCIDR: [203.0.113.0/24]}]", ""},
      {"excepted", "egressDeny: [{toCIDRSet: [{cidr: 203.0.113.0/24, except: [203.0.113.7/32]}]}]", "egress: [{toCIDR: [203.0.113.7/32]}]", ""},
      {"one port of all", "egressDeny: [{toEntities: [world], toPorts: [{ports: [{port: '80'}]}]}]", "egress: [{toCIDR: [203.0.113.7/32]}]", ""},
      {"the same port", "egressDeny: [{toEntities: [world], toPorts: [{ports: [{port: '80'}]}]}]",
       "egress: [{toCIDR: [203.0.113.7/32], toPorts: [{ports: [{port: '80', protocol: TCP}]}]}]", "0306@6 "},
      {"other direction", "ingressDeny: [{fromEntities: [world]}]", "egress: [{toCIDR: [203.0.113.7/32]}]", ""},
      {"all pods, and some", "ingressDeny: [{fromEndpoints: [{}]}]", "ingress: [{fromEndpoints: [{matchLabels: {app: a}}]}]", "0306@6 "},
      {"an allow of nobody", "ingressDeny: [{fromEntities: [all]}]", "ingress: [{}]", ""},
      {"everybody", "ingressDeny: [{fromEntities: [all]}]", "ingress: [{fromEntities: [cluster]}]", "0306@6 "},
  }));
  INFO(c.why);
  CHECK(kCodes(policy(std::string(kWeb) + "  " + std::string(c.deny) + "\n  " + std::string(c.allow) + "\n")) == c.codes);
}

TEST_CASE("a deny for fewer pods is an exception", "[resolve]") {
  const std::string allow = policy("  endpointSelector: {}\n  ingress: [{fromEntities: [world]}]\n", "allow");
  const std::string deny = policy(std::string(kWeb) + "  ingressDeny: [{fromEntities: [world]}]\n", "deny");
  CHECK(kCodes(allow + deny).empty());
  // Unless these are all the pods there are.
  CHECK(kCodes(allow + deny + pod("a", "{app: web}")) == "0306@13 ");
  CHECK(kCodes(allow + deny + pod("a", "{app: web}") + pod("b", "{app: other}")).empty());
  // What is in audit denies nothing.
  const std::string staged = policy(std::string(kWeb) + "  ingressDeny: [{fromEntities: [world]}]\n", "deny", "{weir.dev/enforcement: audit}");
  CHECK(kCodes(allow + staged + pod("a", "{app: web}")) == "0317@10 ");
}

TEST_CASE("request rules beside a plain allow", "[resolve]") {
  const std::string http = "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {http: [{method: GET}]}}]\n";
  struct Case { std::string_view why, rule; bool is_void; };
  const auto c = GENERATE(values<Case>({
      {"another port", "  - toPorts: [{ports: [{port: '81', protocol: TCP}]}]\n", false},
      {"other peers", "  - fromEndpoints: [{matchLabels: {app: b}}]\n", false},
      {"everybody, this port", "  - toPorts: [{ports: [{port: '80', protocol: TCP}]}]\n", true},
      {"everybody, a range", "  - toPorts: [{ports: [{port: '1', endPort: 1024, protocol: TCP}]}]\n", true},
      {"the peer, every port", "  - fromEndpoints: [{matchLabels: {app: a}}]\n", true},
      {"request rules too", "  - toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {http: [{path: /x}]}}]\n", false},
  }));
  INFO(c.why);
  CHECK(kCodes(policy(std::string(kWeb) + http + std::string(c.rule))) == (c.is_void ? "0312@8 " : ""));
}

TEST_CASE("request rules that refuse nothing on purpose", "[resolve]") {
  CHECK(kCodes(policy(std::string(kWeb) + "  ingress:\n  - toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {http: [{}]}}]\n  - fromEntities: [all]\n")).empty());
}

// policy.md 4.2a
TEST_CASE("request rules on pods that nothing isolates", "[resolve]") {
  const std::string open = "  enableDefaultDeny: {ingress: false}\n";
  const auto rules = [](const std::string& more) {
    return "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts: [{ports: [{port: '443', protocol: TCP}], " + more + "}]\n";
  };
  const std::string http = policy(std::string(kWeb) + open + rules("rules: {http: [{method: GET}]}"));
  CHECK(kCodes(http) == "0312@9 ");
  CHECK(kCodes(policy(std::string(kWeb) + open + rules("serverNames: [a.example.com]"))) == "0312@9 ");
  CHECK(kCodes(policy(std::string(kWeb) + rules("rules: {http: [{method: GET}]}"))).empty());
  CHECK(kCodes(policy(std::string(kWeb) + open + rules("rules: {http: [{}]}"))).empty());
  const std::string isolates = "  ingress: [{}]\n", other = "  endpointSelector: {matchLabels: {app: db}}\n";
  CHECK(kCodes(http + policy(std::string(kWeb) + isolates, "isolate")).empty());
  CHECK(kCodes(http + policy("  endpointSelector: {matchLabels: {team: x}}\n" + isolates, "isolate")).empty());  // perhaps some of them
  CHECK(kCodes(http + policy(other + isolates, "isolate")) == "0312@9 ");
  CHECK(kCodes(http + policy(std::string(kWeb) + "  egress: [{}]\n", "isolate")) == "0312@9 ");
  CodesOf always;
  always.settings.enforcement = ir::Enforcement::Always;
  CHECK(always(http).empty());
  // The proxy refuses a name that DNS rules do not have.
  CHECK(kCodes(policy(std::string(kWeb) + "  enableDefaultDeny: {egress: false}\n  egress:\n  - toPorts: [{ports: [{port: '53', protocol: UDP}], rules: {dns: [{matchName: a.example.com}]}}]\n")).empty());
}

// policy.md 5.3
TEST_CASE("server names are lifted by another selector", "[resolve]") {
  const auto rule = [](const std::string& peers, const std::string& ports) { return "  - fromEndpoints: [" + peers + "]\n    toPorts: [{ports: [" + ports + "]}]\n"; };
  const std::string a = "{matchLabels: {app: a}}", some = "{matchExpressions: [{key: app, operator: Exists}]}", port = "{port: '443', protocol: TCP}";
  const std::string names = std::string(kWeb) + "  ingress:\n  - fromEndpoints: [" + a + "]\n    toPorts: [{ports: [" + port + "], serverNames: [a.example.com]}]\n";
  CHECK(kCodes(policy(names + rule(a, port))).empty());
  CHECK(kCodes(policy(names + rule(some, port))) == "0312@8 ");
  CHECK(kCodes(policy(names + rule(a + ", " + some, port))) == "0312@8 ");
  CHECK(kCodes(policy(names + rule(a, port + ", {port: '8443', protocol: TCP}"))).empty());
  CHECK(kCodes(policy(names + rule(a, "{port: '1', endPort: 1024, protocol: TCP}"))) == "0312@8 ");
}

TEST_CASE("only an allow of the same port lifts rules for names", "[resolve]") {
  const std::string dns = "  egress:\n  - toEndpoints: [{matchLabels: {a: b}}]\n    toPorts: [{ports: [{port: '53', protocol: UDP}], rules: {dns: [{matchName: a.example.com}]}}]\n";
  CHECK(kCodes(policy(std::string(kWeb) + dns + "  - toEntities: [all]\n")).empty());  // policy.md 5.4
  CHECK(kCodes(policy(std::string(kWeb) + dns + "  - toPorts: [{ports: [{port: '53', protocol: UDP}]}]\n")) == "0312@8 ");
  CodesOf other;
  other.settings.derived_l3_allow_keeps_dns_rules = false;
  CHECK(other(policy(std::string(kWeb) + dns + "  - toEntities: [all]\n")) == "0312@8 ");
}

TEST_CASE("names that nobody learns", "[resolve]") {
  const std::string names = "  egress:\n  - toFQDNs: [{matchName: api.example.com}, {matchPattern: '*.cdn.example.com'}]\n";
  const auto with = [&](std::string_view dns) {
    return policy(std::string(kWeb) + names + "  - toPorts: [{ports: [{port: '53', protocol: ANY}], rules: {dns: " + std::string(dns) + "}}]\n");
  };
  CHECK(kCodes(policy(std::string(kWeb) + names)) == "0307@7 ");
  CHECK(kCodes(with("[{matchPattern: '*'}]")).empty());
  CHECK(kCodes(with("[{matchName: api.example.com}, {matchPattern: '*.cdn.example.com'}]")).empty());
  CHECK(kCodes(with("[{matchPattern: '*.example.com'}, {matchName: x.cdn.example.com}]")).empty());  // some of the names
  CHECK(kCodes(with("[{matchPattern: '*.example.org'}]")) == "0307@7 ");
  CHECK(kCodes(with("[{matchName: api.example.com}]")) == "0307@7 ");
  // A DNS rule of another policy counts when it is for the same pods.
  const std::string all = policy("  endpointSelector: {}\n  egress: [{toPorts: [{ports: [{port: '53'}], rules: {dns: [{matchPattern: '*'}]}}]}]\n", "dns");
  const std::string others = policy("  endpointSelector: {matchLabels: {app: db}}\n  egress: [{toPorts: [{ports: [{port: '53'}], rules: {dns: [{matchPattern: '*'}]}}]}]\n", "dns");
  const std::string web = pod("a", "{app: web}"), db = pod("d", "{app: db}");
  CHECK(kCodes(policy(std::string(kWeb) + names) + all).empty());
  CHECK(kCodes(policy(std::string(kWeb) + names) + others) == "0307@7 ");
  CHECK(kCodes(policy(std::string(kWeb) + names) + all + web + db).empty());
  CHECK(kCodes(policy(std::string(kWeb) + names) + others + web + db).starts_with("0307@7 "));
}

TEST_CASE("egress without DNS", "[resolve]") {
  const std::string web = pod("a", "{app: web}") + pod("d", "{app: db}");
  struct Case { std::string_view why, egress; bool lacks_dns; };
  const auto c = GENERATE(values<Case>({
      {"to pods", "[{toEndpoints: [{matchLabels: {app: db}}]}]", true},
      {"to anybody on one port", "[{toPorts: [{ports: [{port: '443', protocol: TCP}]}]}]", true},
      {"nothing at all", "[{}]", false},
      {"only addresses", "[{toCIDR: [198.51.100.0/24]}]", false},
      {"DNS for all", "[{toEndpoints: [{matchLabels: {app: db}}]}, {toPorts: [{ports: [{port: '53', protocol: UDP}]}]}]", false},
      {"DNS by address", "[{toEndpoints: [{matchLabels: {app: db}}]}, {toCIDR: [198.51.100.1/32], toPorts: [{ports: [{port: '53', protocol: UDP}]}]}]", false},
      {"the whole cluster", "[{toEntities: [cluster]}]", false},
      {"all pods of kube-system", "[{toEndpoints: [{matchLabels: {app: db}}, {matchLabels: {'k8s:io.kubernetes.pod.namespace': kube-system}}]}]", false},
      {"the node", "[{toEndpoints: [{matchLabels: {app: db}}]}, {toEntities: [host]}]", false},
      {"everything", "[{toEntities: [all]}]", false},
  }));
  INFO(c.why);
  const std::string yaml = policy(std::string(kWeb) + "  egress: " + std::string(c.egress) + "\n");
  CHECK(kCodes(yaml + web) == (c.lacks_dns ? "0309@6 " : ""));
  CHECK(kCodes(yaml).empty());  // nobody knows the pods
  CodesOf off;
  off.settings.enforcement = ir::Enforcement::Never;
  CHECK(off(yaml + web).empty());
}

TEST_CASE("egress that is not isolated needs no rule for DNS", "[resolve]") {
  const std::string web = pod("a", "{app: web}") + pod("d", "{app: db}");
  const std::string spec = std::string(kWeb) + "  enableDefaultDeny: {egress: false}\n  egress: [{toEndpoints: [{matchLabels: {app: db}}]}]\n";
  CHECK(kCodes(policy(spec) + web).empty());
  CHECK(kCodes(policy(spec) + policy("  endpointSelector: {}\n  egress: [{}]\n", "all") + web) == "0309@7 ");
}

}  // namespace
}  // namespace weir::test
