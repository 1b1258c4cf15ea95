#include "compiler/resolve/recheck.h"

#include <catch2/catch.hpp>

#include "ir/base/code.h"
#include "tests/unit/compiler/resolve/support.h"

namespace weir::test {
namespace {

/// A world, and one policy in a file of its own.
struct Two {
  ir::Files files;
  ir::Diagnostics diagnostics;
  compiler::Objects objects;
  compiler::Resolved resolved;

  Two(const std::string& world, const std::string& policy) {
    compiler::Sources all = compiler::read_text("world.yaml", world, {}, files, diagnostics);
    compiler::Sources one = compiler::read_text("policy.yaml", policy, {}, files, diagnostics);
    for (compiler::Document& document : one.documents) all.documents.push_back(std::move(document));
    objects = compiler::read(all, files, diagnostics);
    resolved = compiler::resolve(objects, {}, files, diagnostics);
  }
};

const std::string kWorld = R"(
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: a, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: web}}
  ingress: [{fromEntities: [cluster], toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {http: [{method: GET}]}}]}]
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: z, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egress: [{toCIDR: [203.0.113.7/32]}]
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: admin}
spec: {priority: 5, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: x}}}]}]}
---
)";

std::string cilium(const std::string& spec) {
  return "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: m, namespace: shop}\nspec:\n"
         "  endpointSelector: {matchLabels: {app: web}}\n  " + spec + "\n";
}

std::string kubernetes(const std::string& spec) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: m, namespace: shop}\nspec:\n"
         "  podSelector: {matchLabels: {app: web}}\n  " + spec + "\n";
}

std::string admin(const std::string& spec) {
  return "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: m}\nspec:\n"
         "  priority: 5\n  subject: {namespaces: {}}\n  " + spec + "\n";
}

/// The file of the edit is the third; in a whole run it is the second.
void as_second(ir::Span& span) {
  if (span.file == ir::FileId{2}) span.file = ir::FileId{1};
}

ir::PolicySet as_whole(ir::PolicySet policies) {
  for (ir::PolicyObject& policy : policies.policies) as_second(policy.origin);
  for (ir::Rule& rule : policies.rules) as_second(rule.origin);
  return policies;
}

/// Code and place of what `keep` takes.
template <class Keep>
std::string findings(ir::Diagnostics diagnostics, Keep keep) {
  for (ir::Diagnostic& one : diagnostics.list()) as_second(one.primary);
  diagnostics.sort();
  std::string out;
  for (const ir::Diagnostic& one : diagnostics.list())
    if (keep(one))
      out += std::string(ir::info(one.kind).id) + "@" + std::to_string(one.primary.file.index) + ":" +
             std::to_string(one.primary.line) + " " + one.detail + "\n";
  return out;
}

bool in_policy(const ir::Diagnostic& one) { return one.primary.file == ir::FileId{1}; }
bool of_rules(const ir::Diagnostic& one) {
  return one.kind == ir::Code::DenyWiderThanAllow || one.kind == ir::Code::NoDnsEgress || one.kind == ir::Code::FqdnWithoutDns ||
         one.kind == ir::Code::L7Void;
}

/// Replaces one after the other and compares with whole runs.
void check(const std::vector<std::string>& texts, const std::string& world = kWorld) {
  Two first(world, texts.front());
  compiler::Recheck kept(first.objects, first.resolved);
  for (std::size_t i = 1; i < texts.size(); ++i) {
    INFO(texts[i]);
    ir::Files files;
    files.files.resize(2);
    ir::Diagnostics reading;
    const auto sources = compiler::read_text("policy.yaml", texts[i], {}, files, reading);
    const auto found = kept.replace(compiler::read(sources, files, reading));
    REQUIRE(found);
    ir::Diagnostics all = *found;
    for (const ir::Diagnostic& one : reading.list()) all.report(one);
    const Two whole(world, texts[i]);
    CHECK(as_whole(kept.resolved().policies) == whole.resolved.policies);
    CHECK(kept.resolved().cluster == whole.resolved.cluster);
    CHECK(findings(all, in_policy) == findings(whole.diagnostics, in_policy));
    CHECK(findings(all, of_rules) == findings(whole.diagnostics, of_rules));
  }
}

TEST_CASE("an edited policy is as if everything had been read again", "[resolve]") {
  SECTION("CiliumNetworkPolicy") {
    check({cilium("ingress: [{fromEntities: [world]}]"),
           cilium("ingress: [{fromEndpoints: [{matchLabels: {app: db}}]}, {fromEntities: [host]}]\n  egress: [{}]"),
           cilium("egressDeny: [{toEntities: [world]}]"),                                // leaves nothing of `z`
           cilium("egress: [{toFQDNs: [{matchName: a.example.com}]}]"),                  // nobody learns the name
           cilium("egress: [{toEndpoints: [{matchLabels: {app: nobody}}]}]"),            // selects nothing
           cilium("ingress: [{fromEntities: [cluster], toPorts: [{ports: [{port: http}]}]}]"),  // labels of pods change
           cilium("ingress: [{fromEntities: [cluster], toPorts: [{ports: [{port: '81'}]}]}]")});
  }
  SECTION("a conflict with another policy comes and goes") {
    const std::string other = cilium(
        "ingress: [{fromEntities: [cluster], toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {l7proto: p, l7: [{a: b}]}}]}]");
    check({cilium("ingress: [{fromEntities: [world]}]"), other, cilium("ingress: [{fromEntities: [world]}]"),
           cilium("ingress: [{fromEntities: [cluster], authentication: {mode: required}}]"), other});
  }
  SECTION("NetworkPolicy") {
    check({kubernetes("policyTypes: [Ingress]"), kubernetes("ingress: [{from: [{podSelector: {}}], ports: [{port: http}]}]"),
           kubernetes("policyTypes: [Egress]\n  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]")});
  }
  SECTION("policies of the Admin tiers are resolved together") {
    check({admin("ingress: []"), admin("ingress: [{action: Pass, from: [{namespaces: {}}]}]"),
           admin("ingress: [{action: Allow, from: [{namespaces: {matchLabels: {team: y}}}]}]")});
  }
}

/// Three namespaces with a finding of each kind of whole rules in each; `wide` is for all of them.
std::string spaces(const std::string& wide) {
  std::string out;
  for (const std::string space : {"shop", "bank", "mail"}) {
    for (const std::string app : {"web", "db"})
      out += "apiVersion: v1\nkind: Pod\nmetadata: {name: " + app + ", namespace: " + space + ", labels: {app: " + app + "}}\n---\n";
    const auto policy = [&](const std::string& name, const std::string& spec) {
      out += "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: " + name + ", namespace: " + space + "}\nspec:\n" +
             "  endpointSelector: {matchLabels: {app: web}}\n  " + spec + "\n---\n";
    };
    policy("denied", "ingressDeny: [{fromEntities: [world]}]\n  ingress: [{fromEntities: [world], toPorts: [{ports: [{port: '8', protocol: TCP}]}]}]");
    policy("names", "egress: [{toFQDNs: [{matchName: a.example.com}]}]");
    policy("peers", "egress: [{toEndpoints: [{matchLabels: {app: db}}]}]");
    policy("requests", "ingress: [{fromEntities: [cluster], toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {http: [{method: GET}]}}]}]");
  }
  return out + wide + "---\n";
}

TEST_CASE("what an edit makes and unmakes of the findings of other policies", "[resolve]") {
  const std::string wide = GENERATE(values<std::string>(
      {"# nothing\n",
       "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: wide}\n"
       "spec: {endpointSelector: {}, ingress: [{fromEntities: [health]}]}\n",
       "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: wide}\n"
       "spec: {endpointSelector: {}, ingressDeny: [{fromEntities: [remote-node]}]}\n",
       "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: wide}\n"
       "spec: {endpointSelector: {matchExpressions: [{key: 'k8s:io.kubernetes.pod.namespace', operator: In, values: [bank, shop]}]}, "
       "egress: [{toEntities: [cluster]}]}\n",
       "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: wide}\n"
       "spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Pass, from: [{namespaces: {}}]}]}\n"}));
  INFO(wide);
  check({cilium("ingress: [{fromEntities: [health]}]"), cilium("ingress: [{fromEntities: [cluster]}]"),
         cilium("ingress: [{fromEntities: [world]}]\n  ingressDeny: [{fromEntities: [all]}]"),
         cilium("egress: [{toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system}}], toPorts: [{ports: "
                "[{port: '53', protocol: ANY}], rules: {dns: [{matchPattern: '*'}]}}]}]"),
         cilium("egress: [{toFQDNs: [{matchName: b.example.com}]}]"), cilium("egressDeny: [{toEntities: [all]}]"),
         cilium("ingress: [{fromEntities: [remote-node]}]"), cilium("ingress: [{fromEntities: [health]}]")},
        spaces(wide));
}

TEST_CASE("what is no edit of one policy is refused and changes nothing", "[resolve]") {
  const std::string text = cilium("ingress: [{fromEntities: [world]}]");
  Two first(kWorld, text);
  const ir::PolicySet before = first.resolved.policies;
  compiler::Recheck kept(first.objects, first.resolved);
  struct Case { std::string why, text; };
  const std::string pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: shop}\n";
  for (const Case& c : {Case{"a mistake", cilium("ingress: [{fromEntities: [nobody]}]")}, Case{"nothing", "# nothing\n"},
                        Case{"a pod with it", text + pod},
                        Case{"a Secret", cilium("ingress: [{toPorts: [{ports: [{port: '80', protocol: TCP}], rules: {http: [{headerMatches: "
                                                "[{name: X-Key, secret: {name: s, namespace: shop}}]}]}}]}]")},
                        Case{"another name", "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: new, namespace: shop}\n"
                                             "spec: {endpointSelector: {}, ingress: [{}]}\n"},
                        Case{"two", text + "---\n" + kubernetes("policyTypes: [Ingress]")}}) {
    INFO(c.why);
    ir::Files files;
    ir::Diagnostics reading;
    const auto sources = compiler::read_text("policy.yaml", c.text, {}, files, reading);
    CHECK_FALSE(kept.replace(compiler::read(sources, files, reading)));
    CHECK(kept.resolved().policies == before);
  }
}

}  // namespace
}  // namespace weir::test
