// `weir policy trace` in the layout of the old tool (policy.md 9.1).
#include <catch2/catch.hpp>

#include "cli/report/policy_trace_report.h"
#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"
#include "simulator/ask/policy_trace.h"
#include "simulator/ask/trace.h"

using namespace weir;

namespace {

constexpr const char* kPods = R"(
apiVersion: v1
kind: Pod
metadata: {name: front, namespace: shop, labels: {app: front}}
spec: {nodeName: n1, containers: [{name: c, image: x}]}
status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: back, namespace: shop, labels: {app: back}}
spec: {nodeName: n2, containers: [{name: c, image: x}]}
status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}]}
)";

struct World {
  ir::Files files;
  compiler::Resolved resolved;
};

World world(const std::string& text) {
  World out;
  ir::Diagnostics diagnostics;
  const auto sources = compiler::read_text("p.yaml", text, {}, out.files, diagnostics);
  out.resolved = compiler::resolve(compiler::read(sources, out.files, diagnostics), ir::Settings{}, out.files, diagnostics);
  for (const ir::Diagnostic& d : diagnostics.list()) UNSCOPED_INFO(d.detail);
  REQUIRE_FALSE(diagnostics.has(ir::Effect::Refuse));
  REQUIRE_FALSE(diagnostics.has(ir::Effect::Invalid));
  return out;
}

std::string policy(const std::string& body) {
  return std::string(kPods) + "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\n"
                              "spec:\n  endpointSelector: {matchLabels: {app: back}}\n" + body;
}

ir::Flow flow_of(const World& at) {
  const auto answer = simulator::trace(at.resolved, at.files, {*ir::parse_party("pod:shop/front", "shop"),
                                                               *ir::parse_party("pod:shop/back", "shop"), ir::Protocol::Tcp, 80});
  REQUIRE(answer);
  return answer->flow;
}

}  // namespace

TEST_CASE("policy trace: deny-only policies isolate, egress is asked, ports come in ranges", "[ask]") {
  const World at = world(policy("  ingressDeny:\n  - toPorts: [{ports: [{port: \"90\", protocol: TCP}]}]\n"));
  const ir::Flow flow = flow_of(at);
  const std::vector<simulator::AskedPort> port{{{ir::Protocol::Tcp}, 80}};
  const cli::PolicyTracePair pair{"[a]", "[b]", port, simulator::policy_trace(at.resolved, at.files, flow, port)};
  CHECK(final_verdict(pair.trace, port) == ir::Verdict::Denied);
  const std::string text = cli::policy_trace_text(pair, true);
  CHECK(text.starts_with(std::string(64, '-') + "\nTracing From: [a] => To: [b] Ports: [80/TCP]\n\n"));
  CHECK(text.find("Resolving egress policy for [a]\n") != std::string::npos);
  CHECK(text.find("Resolving ingress policy for [b]\n* Rule {") != std::string::npos);
  CHECK(text.find("1/1 rules selected\nFound no allow rule\nFound no deny rule\nNo rule decides: default-deny\nIngress verdict: denied\n") != std::string::npos);
  CHECK(text.ends_with("Final verdict: DENIED\n"));
  const World open = world(policy("  ingress:\n  - toPorts: [{ports: [{port: \"90\", endPort: 95, protocol: TCP}]}]\n"));
  const auto every = simulator::policy_trace(open.resolved, open.files, flow, {});
  REQUIRE(every.ports.size() >= 3);
  CHECK(every.ports[1].first == 90);
  CHECK(every.ports[1].last == 95);
  CHECK(every.ports[1].answer.decision.verdict == ir::Verdict::Allowed);
  CHECK(final_verdict(every, {}) == ir::Verdict::Denied);
}
