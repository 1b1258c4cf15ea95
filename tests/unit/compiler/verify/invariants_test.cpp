#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

#include "ir/base/code.h"
#include "tests/unit/compiler/verify/verified.h"

using namespace weir::compiler;
using namespace weir::ir;
using namespace weir::test;
namespace fs = std::filesystem;

namespace {

struct Read {
  Diagnostics diagnostics;
  Invariants invariants;
};

Read read(const std::string& text) {
  Read run;
  Files files;
  const FileId file = files.add({"test.weir", std::make_shared<const std::string>(text)});
  run.invariants = read_invariants(file, files, run.diagnostics);
  return run;
}

/// Namespace shop: the backend takes the frontend on 8080 and nobody marked as legacy; dev is not isolated.
const std::string kShop = R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: dev}
---
apiVersion: v1
kind: Pod
metadata: {name: frontend-1, namespace: shop, labels: {app: frontend}}
spec: {containers: [{name: c, image: c}]}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: 192.0.2.10}]}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: backend, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: backend}}
  ingress:
  - fromEndpoints: [{matchLabels: {app: frontend}}]
    toPorts: [{ports: [{port: "8080", protocol: TCP}]}]
  - fromCIDRSet: [{cidr: 198.51.100.0/24, except: [198.51.100.128/25]}]
  - fromEndpoints: [{matchLabels: {io.cilium.k8s.namespace.labels.team: ops}}]
    toPorts: [{ports: [{port: "9090", protocol: TCP}]}]
  ingressDeny:
  - fromEndpoints: [{matchLabels: {legacy: "true"}}]
)";

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("statements are read and written back in one form", "[invariants]") {
  struct Case { std::string_view why; std::string line, text; };
  const auto c = GENERATE(values<Case>({
      {"two parties", "deny from namespace:dev to namespace:pci", "deny from namespace:dev to namespace:pci"},
      {"a bare port is TCP", "allow from pod:a/b to workload:c/d on 8080", "allow from pod:a/b to workload:c/d on 8080/TCP"},
      {"labels are sorted", "deny from labels:a/z=1,b=2 to ip:192.0.2.1", "deny from labels:a/b=2,z=1 to ip:192.0.2.1"},
      {"a range, a protocol and a type", "deny from entity:world to namespace:a on 8000-8100/udp, ICMP,8/icmp",
       "deny from entity:world to namespace:a on 8000-8100/UDP, ICMP, 8/ICMP"},
      {"a prefix", "deny from cidr:10.1.2.3/8 to cidr:2001:db8::/32", "deny from cidr:10.0.0.0/8 to cidr:2001:db8::/32"},
      {"spaces and a comment", "\t deny  from namespace:a\tto namespace:b # why: \xc3\xa4", "deny from namespace:a to namespace:b"},
      {"several parties", "deny from namespace:a or labels:b/c=d to fqdn:example.com", "deny from namespace:a or labels:b/c=d to fqdn:example.com"},
      {"a set, defined anywhere", "isolated both\nset both = namespace:a or namespace:b", "isolated namespace:a or namespace:b"},
      {"a set of sets", "set a = namespace:a\nset b = a or cluster:east\nisolated b", "isolated namespace:a or cluster:east"},
      {"only", "only namespace:a may reach node:role=edge on 443", "only namespace:a may reach node:role=edge on 443/TCP"},
      {"policy of pods", "every pod in namespace:a has egress policy severity note", "every pod in namespace:a has egress policy"},
      {"a bandwidth", "egress-bandwidth of namespace:a at most 1.5G", "egress-bandwidth of namespace:a at most 1500000000"},
      {"a bandwidth without a unit", "egress-bandwidth of namespace:a at most 1000", "egress-bandwidth of namespace:a at most 1000"},
      {"a route", "route https://shop.example.com/cart?a=b reaches shop/cart:80", "route https://shop.example.com/cart?a=b reaches shop/cart:80"},
      {"a hidden party", "no route exposes labels:pci/app=vault because \"it is # secret\"", "no route exposes labels:pci/app=vault"},
      {"a line end of Windows", "deny from namespace:a to namespace:b\r\n", "deny from namespace:a to namespace:b"}}));
  INFO(c.why);
  const Read run = read(c.line);
  CHECK(run.diagnostics.list().empty());
  REQUIRE(run.invariants.statements.size() == 1);
  CHECK(to_text(run.invariants.statements[0]) == c.text);
}

TEST_CASE("a line that cannot be read is told with its place", "[invariants]") {
  struct Case { std::string_view why; std::string line, detail; unsigned column; };
  const auto c = GENERATE(values<Case>({
      {"no claim", "forbid from namespace:a to namespace:b", "found `forbid` where", 1},
      {"a word is missing", "deny namespace:a to namespace:b", "found `namespace:a` where `from` should stand", 6},
      {"the line ends early", "deny from namespace:a to", "the line ends where a party such as", 25},
      {"something is left over", "deny from namespace:a to namespace:b 80", "found `80` where", 38},
      {"no such kind of party", "deny from team:a to namespace:b", "unknown kind of party `team`", 11},
      {"no such entity", "deny from entity:moon to namespace:b", "unknown entity `moon`", 11},
      {"not a CIDR", "deny from cidr:10.0.0.0/33 to namespace:b", "is not a CIDR", 11},
      {"not a namespace", "deny from namespace:A to namespace:b", "is not the name of a namespace", 11},
      {"a port too great", "deny from namespace:a to namespace:b on 65536", "is beyond 65535", 41},
      {"a type too great", "deny from namespace:a to namespace:b on 256/ICMP", "is beyond 255", 41},
      {"a range turned round", "deny from namespace:a to namespace:b on 90-80", "ends before it begins", 41},
      {"no such protocol", "deny from namespace:a to namespace:b on 80/XTP", "is no port", 41},
      {"a number is never a protocol", "deny from namespace:a to namespace:b on 80/6", "is no port", 41},
      {"a misspelt word", "deny form namespace:a to namespace:b", "found `form` where `from` should stand", 6},
      {"no such set", "isolated vualt", "there is no set `vualt`", 10},
      {"a name in capitals", "every pod in namespace:a has both policy", "found `both` where", 30},
      {"no bandwidth", "egress-bandwidth of namespace:a at most 12q", "is no bandwidth", 41},
      {"not a Service", "route http://a/ reaches shop", "found `shop` where a Service", 25},
      {"no such scheme", "route ftp://a/ reaches shop/cart", "", 7},
      {"a port of a Service too great", "route http://a/ reaches shop/cart:70000", "is no port of a Service", 25},
      {"no such severity", "isolated namespace:a severity fatal", "is no severity", 31},
      {"not a label of a node", "isolated node:role", "is not a label", 10},
      {"bytes that are no text", "deny from namespace:a to \xff\xfe", "found `?` where a party", 26}}));
  INFO(c.why);
  const Read run = read("# first\n" + c.line + "\ndeny from namespace:a to namespace:b\n");
  REQUIRE(run.diagnostics.list().size() == 1);
  const Diagnostic& error = run.diagnostics.list()[0];
  INFO(error.detail);
  CHECK(error.kind == Code::InvariantSyntax);
  CHECK(error.detail.find(c.detail) != std::string::npos);
  CHECK(error.primary.line == 2);
  CHECK(error.primary.column == c.column);
  // The line after it is read all the same.
  REQUIRE(run.invariants.statements.size() == 1);
  CHECK(run.invariants.statements[0].origin.line == 3);
}

TEST_CASE("sets and exceptions that cannot be read are told with their place", "[invariants]") {
  struct Case { std::string_view why; std::string text, detail; unsigned line, column; };
  const auto c = GENERATE(values<Case>({
      {"a set twice", "set x = namespace:a\nset x = namespace:b", "the set `x` is defined twice", 2, 5},
      {"a label with two values", "deny from labels:a/x=1,x=2 to namespace:b", "is asked for with two values", 1, 11},
      {"an exception to a route", "route http://x/ reaches a/b\nexcept namespace:a because \"r\" until 2027-01-01", "has no exceptions", 2, 1},
      {"two reasons, on lines of their own", "deny from namespace:a to namespace:b\n  because \"a\"\n  because \"b\"", "`because` stands here twice", 3, 3},
      {"two severities", "deny from namespace:a to namespace:b severity note severity error", "`severity` stands here twice", 1, 52},
      {"a set of itself", "set x = namespace:a or x", "is defined by itself", 1, 24},
      {"no such day", "isolated namespace:a\nexcept from namespace:b to namespace:a because \"x\" until 2026-02-30", "is no day", 2, 58},
      {"an exception without a reason", "isolated namespace:a\nexcept from namespace:b to namespace:a until 2026-02-20", "where", 2, 40},
      {"an exception to nothing", "except from namespace:b to namespace:a because \"x\" until 2026-02-20", "no statement stands above", 1, 1},
      {"an exception of another form", "isolated namespace:a\nexcept namespace:b because \"x\" until 2026-02-20", "wants `from PARTY to PARTY`", 2, 1},
      {"an exception about connections to pods", "no route exposes namespace:a\nexcept from namespace:b to namespace:a because \"x\" until 2026-02-20",
       "names pods alone", 2, 1}}));
  INFO(c.why);
  const Read run = read(c.text);
  REQUIRE(run.diagnostics.list().size() == 1);
  const Diagnostic& error = run.diagnostics.list()[0];
  INFO(error.detail << error.fix);
  CHECK(error.kind == Code::InvariantSyntax);
  CHECK((error.detail + error.fix).find(c.detail) != std::string::npos);
  CHECK(error.primary.line == c.line);
  CHECK(error.primary.column == c.column);
}

TEST_CASE("a misspelt word gets a suggestion", "[invariants]") {
  struct Case { std::string line, fix; };
  const auto c = GENERATE(values<Case>({{"deny form namespace:a to namespace:b", "write `from`"},
                                        {"dney from namespace:a to namespace:b", "did you mean `deny`?"},
                                        {"isolated namespace:a becuase \"x\"", "did you mean `because`?"},
                                        {"deny from namespace:a ot namespace:b", "write `to`"},
                                        {"set vault = namespace:a\nisolated vualt", "did you mean `vault`?"},
                                        {"every pod in namespace:a has ingres policy", "did you mean `ingress`?"}}));
  const Read run = read(c.line);
  REQUIRE(run.diagnostics.list().size() == 1);
  CHECK(run.diagnostics.list()[0].fix == c.fix);
}

TEST_CASE("severity, reason and exceptions belong to the statement above", "[invariants]") {
  const Read run = read(R"(isolated namespace:a severity warning because "PCI DSS 1.4"
deny from namespace:a to namespace:b
severity note because "later"
except from namespace:c to namespace:b on 443 because "audit" until 2027-01-31
except from namespace:a to labels:b/x=y because "old" until 2026-12-31
isolated namespace:c)");
  CHECK(run.diagnostics.list().empty());
  const auto& all = run.invariants.statements;
  REQUIRE(all.size() == 3);
  CHECK((all[0].severity == Severity::Warning && all[0].reason == "PCI DSS 1.4" && all[0].exceptions.empty()));
  CHECK((all[1].severity == Severity::Note && all[1].reason == "later"));
  REQUIRE(all[1].exceptions.size() == 2);
  CHECK((all[1].exceptions[0].until == "2027-01-31" && all[1].exceptions[0].reason == "audit" && all[1].exceptions[0].ports->size() == 1));
  CHECK((all[1].exceptions[1].origin.line == 5 && to_text(all[1].exceptions[1].destination) == "labels:b/x=y"));
  CHECK((all[2].severity == Severity::Error && all[2].reason.empty() && all[2].exceptions.empty()));
}

TEST_CASE("empty files and comments alone say nothing", "[invariants]") {
  for (const char* text : {"", "\n\n", "# only this", "   \n\t\n# and this\n"}) {
    const Read run = read(text);
    CHECK(run.diagnostics.list().empty());
    CHECK(run.invariants.statements.empty());
  }
}

TEST_CASE("no bytes break the reader", "[invariants]") {
  std::mt19937 random(5);
  const std::vector<std::string> parts = {"deny", "allow", " from ", " to ", " on ", "namespace:a", "ip:1.2.3.4", "80/TCP", ",", "\n", "#", "\xff",
                                          "\r", "-", "/", ":", "labels:a/b=c", "cidr:", std::string(1, '\0'), "\t"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (unsigned n = random() % 20; n > 0; --n) text += parts[random() % parts.size()];
    const Read run = read(text);
    for (const Diagnostic& error : run.diagnostics.list()) CHECK(error.kind == Code::InvariantSyntax);
    for (const Invariant& invariant : run.invariants.statements) {
      // What is read can be written and read again.
      const Read again = read(to_text(invariant));
      REQUIRE(again.invariants.statements.size() == 1);
      CHECK(again.invariants.statements[0].statement == invariant.statement);
    }
  }
}

TEST_CASE("properties over all label sets", "[invariants][verify]") {
  struct Case { std::string_view why; std::string line; ProofStatus status; };
  const auto c = GENERATE(values<Case>({
      {"only 8080 is open", "deny from namespace:shop to labels:shop/app=backend on 1-8079/TCP, 8081-65535/TCP, UDP", ProofStatus::Holds},
      {"8080 is open to some", "deny from namespace:shop to labels:shop/app=backend on 8080", ProofStatus::Violated},
      {"a frontend may also be marked as legacy", "allow from labels:shop/app=frontend to labels:shop/app=backend on 8080", ProofStatus::Violated},
      {"today's frontend is not", "allow from pod:shop/frontend-1 to labels:shop/app=backend on 8080", ProofStatus::Holds},
      {"its workload neither", "allow from workload:shop/frontend-1 to labels:shop/app=backend on 8080", ProofStatus::Holds},
      {"nor by its address", "allow from ip:10.0.0.1 to labels:shop/app=backend on 8080", ProofStatus::Holds},
      {"a label that is no part of an identity changes nothing",
       "deny from labels:shop/pod-template-hash=1,app=x to labels:shop/app=backend", ProofStatus::Holds},
      {"another namespace stays out", "deny from namespace:dev to labels:shop/app=backend", ProofStatus::Holds},
      {"a namespace of the inventory has the labels written there", "deny from namespace:dev to labels:shop/app=backend on 9090", ProofStatus::Holds},
      {"one that is not there yet may have any", "deny from namespace:new to labels:shop/app=backend on 9090", ProofStatus::Violated},
      {"a pod without that label is not isolated", "deny from namespace:dev to namespace:shop", ProofStatus::Violated},
      {"the outside is let in from one block", "deny from entity:world to labels:shop/app=backend", ProofStatus::Violated},
      {"not from the excepted half", "deny from cidr:198.51.100.128/25 to labels:shop/app=backend", ProofStatus::Holds},
      {"every address of the block", "allow from cidr:198.51.100.0/25 to labels:shop/app=backend", ProofStatus::Holds},
      {"one address too many", "allow from cidr:198.51.100.0/24 to labels:shop/app=backend", ProofStatus::Violated},
      {"an address outside of it", "deny from ip:203.0.113.1 to labels:shop/app=backend", ProofStatus::Holds},
      {"a pod's own node always reaches it", "deny from entity:host to labels:shop/app=backend", ProofStatus::Violated},
      {"another node does not", "deny from entity:remote-node to labels:shop/app=backend", ProofStatus::Holds},
      {"a node's address may be the own one", "deny from ip:192.0.2.10 to labels:shop/app=backend", ProofStatus::Violated},
      {"nobody isolates the frontend's egress", "allow from labels:shop/app=frontend to entity:world", ProofStatus::Holds},
      {"who is not there", "deny from pod:shop/none to namespace:shop", ProofStatus::Unknown},
      {"which workload is not there", "allow from workload:shop/none to namespace:shop", ProofStatus::Unknown}}));
  INFO(c.why << ": " << c.line);
  const Verified by_sets = verified(kShop, c.line);
  REQUIRE(by_sets.report.proofs.size() == 1);
  CHECK(by_sets.report.proofs[0].status == c.status);
  CHECK(by_sets.report.proofs[0].method == "sets");
  CHECK((by_sets.find("WEIR0210") != nullptr) == (c.status == ProofStatus::Violated));
  CHECK(by_sets.report.proofs[0].why.empty() == (c.status != ProofStatus::Unknown));
  // The same without set algebra.
  const Verified by_solver = verified(kShop, c.line, {}, {.solver_millis = 20000, .pieces = 0});
  CHECK(by_solver.report.proofs[0].status == c.status);
  if (c.status == ProofStatus::Holds) CHECK(by_solver.report.proofs[0].method == "z3");
}

TEST_CASE("enforcement=always denies what no rule matches", "[invariants][verify]") {
  const std::string joins = R"(
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: web}}
  enableDefaultDeny: {egress: false, ingress: false}
  egress: [{toEndpoints: [{}]}]
  ingress: [{fromEndpoints: [{}]}]
)";
  struct Case { std::string_view why; std::string line; ProofStatus status; };
  const auto c = GENERATE(values<Case>({
      {"to the own node nothing is let out", "deny from namespace:shop to entity:host", ProofStatus::Holds},
      {"the own node is let in where a rule selects the pod", "deny from entity:host to namespace:shop", ProofStatus::Violated},
      {"and only there (issue 48444)", "deny from entity:host to labels:shop/app=other", ProofStatus::Holds},
      {"what a rule matches passes", "allow from labels:shop/app=web to labels:shop/app=web", ProofStatus::Holds},
      {"a pod that no rule selects sends nothing", "deny from labels:shop/app=other to namespace:shop", ProofStatus::Holds}}));
  INFO(c.why);
  Settings always;
  always.enforcement = Enforcement::Always;
  for (const std::size_t pieces : {4000, 0}) {
    const Verified run = verified(joins, c.line, always, {.solver_millis = 20000, .pieces = pieces});
    REQUIRE(run.report.proofs.size() == 1);
    CHECK(run.report.proofs[0].status == c.status);
    if (pieces > 0) CHECK(run.report.proofs[0].method == "sets");
  }
}

TEST_CASE("what only others know ends as unknown, with the reason", "[invariants][verify]") {
  const std::string policies = R"(
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: names, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egress:
  - toFQDNs: [{matchName: api.example.com}]
    toPorts: [{ports: [{port: "443", protocol: TCP}]}]
  - toCIDR: [192.0.2.0/24]
    toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{path: /a}]}}]
  ingress:
  - fromNodes: [{matchLabels: {"node:role": edge}}]
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: audited, namespace: shop, labels: {weir.dev/enforcement: audit}}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egressDeny:
  - toEntities: [world]
)";
  struct Case { std::string_view why; std::string line; ProofStatus status; std::string reason, assumption; };
  const auto c = GENERATE(values<Case>({
      {"which addresses have the name", "deny from labels:shop/app=web to entity:world on 443", ProofStatus::Unknown,
       "a rule names `api.example.com`", ""},
      {"that not all addresses have it is not known either", "allow from labels:shop/app=web to entity:world on 443", ProofStatus::Unknown, "", ""},
      {"no name admits another port", "deny from labels:shop/app=web to entity:world on 444", ProofStatus::Holds, "", "in audit"},
      {"the block is let through; a deny in audit is not enforced", "allow from labels:shop/app=web to cidr:192.0.2.0/24 on 80",
       ProofStatus::Holds, "", "about connections"},
      {"and so it is no secret", "deny from labels:shop/app=web to cidr:192.0.2.0/24 on 80", ProofStatus::Violated, "", ""},
      {"which nodes have the label", "deny from entity:remote-node to labels:shop/app=web", ProofStatus::Unknown, "labels of nodes", ""},
      {"pods have no labels of nodes", "deny from namespace:shop to labels:shop/app=web", ProofStatus::Holds, "", "in audit"}}));
  INFO(c.why << ": " << c.line);
  Settings settings;
  settings.node_selector_labels = true;
  for (const std::size_t pieces : {4000, 0}) {
    const Verified run = verified(policies, c.line, settings, {.solver_millis = 20000, .pieces = pieces});
    REQUIRE_FALSE(run.diagnostics.has(Effect::Invalid));
    REQUIRE(run.report.proofs.size() == 1);
    const ProofResult& proof = run.report.proofs[0];
    INFO(proof.why);
    CHECK(to_text(proof.status) == to_text(c.status));
    CHECK(proof.why.find(c.reason) != std::string::npos);
    std::string assumptions;
    for (const std::string& one : proof.assumptions) assumptions += one + "\n";
    CHECK(assumptions.find(c.assumption) != std::string::npos);
  }
  Settings audit = settings;
  audit.audit_mode = true;
  const Verified nothing = verified(policies, c.line, audit);
  CHECK(to_text(nothing.report.proofs[0].status) == (c.line.starts_with("allow") ? "holds" : "violated"));
  CHECK(nothing.report.proofs[0].assumptions.front() == "audit_mode: no policy is enforced");
}

TEST_CASE("the host firewall judges nodes, about which nothing is proven", "[invariants][verify]") {
  const std::string nodes = R"(
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: nodes}
spec:
  nodeSelector: {}
  ingress: [{fromEntities: [cluster]}]
)";
  Settings settings;
  settings.host_firewall = true;
  const Verified run = verified(nodes, "allow from entity:world to entity:host\nallow from namespace:a to namespace:b", settings);
  REQUIRE(run.report.proofs.size() == 2);
  CHECK(run.report.proofs[0].status == ProofStatus::Unknown);
  CHECK(run.report.proofs[0].why.find("host firewall") != std::string::npos);
  CHECK(run.report.proofs[1].status == ProofStatus::Holds);
}

TEST_CASE("without time for the solver a property is unknown", "[invariants][verify]") {
  const Verified run = verified(kShop, "deny from namespace:dev to labels:shop/app=backend", {}, {.solver_millis = 0, .pieces = 0});
  REQUIRE(run.report.proofs.size() == 1);
  CHECK(run.report.proofs[0].status == ProofStatus::Unknown);
  CHECK(run.report.proofs[0].why == "the solver was given no time");
  CHECK(run.findings("WEIR0210").empty());
}

TEST_CASE("a violation names the deciding rule and a connection", "[invariants][verify]") {
  const Verified run = verified(kShop, "\nallow from labels:shop/app=frontend to labels:shop/app=backend on 8080");
  const Diagnostic* found = run.find("WEIR0210");
  REQUIRE(found);
  CHECK(found->primary.line == 2);
  CHECK(found->detail == "`labels:shop/app=frontend,legacy=true -> labels:shop/app=backend:8080/TCP` does not pass");
  REQUIRE(found->labels.size() == 1);
  CHECK(run.files.line(found->labels[0].span.file, found->labels[0].span.line).find("legacy") != std::string_view::npos);
  CHECK(found->witness == R"({"src":"labels:shop/app=frontend,legacy=true","dst":"labels:shop/app=backend","protocol":"TCP",)"
                          R"("port":8080,"verdict":"denied"})");
}

TEST_CASE("an empty policy set lets everything pass", "[invariants][verify]") {
  const Verified run = verified("", "deny from namespace:a to namespace:b\nallow from namespace:a to namespace:b");
  REQUIRE(run.report.proofs.size() == 2);
  CHECK(run.report.proofs[0].status == ProofStatus::Violated);
  CHECK(run.report.proofs[1].status == ProofStatus::Holds);
}

TEST_CASE("the questions as SMT-LIB text are the same every time", "[invariants][verify]") {
  const Verified run = verified(kShop, "deny from namespace:dev to labels:shop/app=backend on 443");
  const std::string text = smt2(run.resolved.policies, run.resolved.cluster, run.invariants, run.files);
  CHECK(text.find("; test.weir:1:1: deny from namespace:dev to labels:shop/app=backend on 443/TCP") == 0);
  CHECK(text.find("; app: 0 absent, 1 backend, 2 frontend, 3 any other\n") != std::string::npos);
  CHECK(text.find("(check-sat)") != std::string::npos);
  CHECK(text == smt2(run.resolved.policies, run.resolved.cluster, run.invariants, run.files));
}

namespace {

/// Runs a script of scripts/ that writes into a folder, and demands that what it writes is what the project keeps.
int compared(const std::string& script, const fs::path& kept) {
  const fs::path root = WEIR_SOURCE_DIR, out = fs::temp_directory_path() / ("weir-generated-" + std::to_string(std::random_device{}()));
  REQUIRE(std::system(("'" + (root / "scripts" / script).string() + "' '" + out.string() + "'").c_str()) == 0);
  int count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    if (!entry.is_regular_file()) continue;
    const fs::path name = fs::relative(entry.path(), out);
    INFO(name);
    CHECK(file_text(entry.path()) == file_text(root / kept / name));
    ++count;
  }
  fs::remove_all(out);
  return count;
}

}  // namespace

TEST_CASE("the generated parser is what the grammar gives", "[invariants]") {
  if (std::system("command -v antlr4 >/dev/null 2>&1") != 0) {
    std::cout << "SKIPPED: antlr4 is not installed\n";
    return;
  }
  CHECK(compared("regenerate-invariants", "compiler/invariants/generated") == 4);
}

TEST_CASE("the diagrams are what the grammar gives", "[invariants]") {
  if (std::system("/usr/bin/python3 -c 'import railroad' >/dev/null 2>&1") != 0) {
    std::cout << "SKIPPED: python3-railroad-diagrams is not installed\n";
    return;
  }
  CHECK(compared("regenerate-grammar-diagrams", "docs") > 10);
}

TEST_CASE("a party that sets name many times is there once", "[verify]") {
  std::string text = "set s0 = namespace:shop\n";
  for (int i = 1; i <= 40; ++i) text += "set s" + std::to_string(i) + " = s" + std::to_string(i - 1) + " or s" + std::to_string(i - 1) + "\n";
  weir::ir::Files files;
  weir::ir::Diagnostics diagnostics;
  const weir::ir::FileId file = files.add({"t.weir", std::make_shared<const std::string>(text + "isolated s40\n")});
  const weir::compiler::Invariants read = weir::compiler::read_invariants(file, files, diagnostics);
  REQUIRE(read.statements.size() == 1);
  CHECK(std::get<weir::compiler::IsolatedInvariant>(read.statements.front().statement).who.size() == 1);
}
