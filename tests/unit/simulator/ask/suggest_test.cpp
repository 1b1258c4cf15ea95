// Suggested edits on documents in memory. What suggest prints is compiled again here and asked anew with the YAML put
// where it says.
#include <catch2/catch.hpp>

#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"
#include "simulator/ask/suggest.h"
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

simulator::TraceAnswer asked(const World& at, const std::string& from, std::uint16_t port, std::optional<ir::L7Request> request = {}) {
  const auto answer = simulator::trace(at.resolved, at.files, {*ir::parse_party(from, "shop"), *ir::parse_party("pod:shop/back", "shop"),
                                                               ir::Protocol::Tcp, port, 0, std::move(request)});
  REQUIRE(answer);
  return *answer;
}

std::vector<simulator::Suggestion> suggested(const World& at, const simulator::TraceAnswer& answer) {
  return simulator::suggest(at.resolved, at.files, answer);
}

}  // namespace

TEST_CASE("a port that is missing beside the peer", "[ask]") {
  const World at = world(policy("  ingress:\n  - fromEndpoints: [{matchLabels: {app: front}}]\n    toPorts: [{ports: [{port: \"80\"}]}]\n"));
  const auto edits = suggested(at, asked(at, "pod:shop/front", 81));
  REQUIRE(edits.size() == 1);
  REQUIRE(edits[0].edits.size() == 1);
  CHECK(edits[0].edits[0].action == "add this port to the element");
  CHECK(edits[0].edits[0].yaml == "toPorts: [{ports: [{port: \"81\", protocol: TCP}]}]");
  CHECK(edits[0].edits[0].place.find("(p.yaml:") != std::string::npos);
}

TEST_CASE("a new element where growing one would open more", "[ask]") {
  const std::string body = "  ingress:\n  - fromEndpoints: [{matchLabels: {app: other}}]\n    toPorts: [{ports: [{port: \"80\"}, {port: \"82\"}]}]\n";
  const World at = world(policy(body));
  const auto edits = suggested(at, asked(at, "pod:shop/front", 80));
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].edits[0].action == "add this element to `spec.ingress`");
  const World after = world(policy(body + "  " + edits[0].edits[0].yaml + "\n"));
  CHECK(asked(after, "pod:shop/front", 80).decision.verdict == ir::Verdict::Allowed);
  CHECK(asked(after, "pod:shop/front", 82).decision.verdict == ir::Verdict::Denied);
}

TEST_CASE("an explicit deny, then the default", "[ask]") {
  const World at = world(policy("  ingressDeny:\n  - fromEntities: [world]\n"));
  const auto edits = suggested(at, asked(at, "ip:192.0.2.7", 80));
  REQUIRE(edits.size() == 1);
  REQUIRE(edits[0].edits.size() == 2);
  CHECK(edits[0].edits[0].action.starts_with("narrow this element"));
  CHECK(edits[0].edits[1].yaml.find("fromCIDR: [\"192.0.2.7/32\"]") != std::string::npos);
}

TEST_CASE("a request that no rule admits", "[ask]") {
  const World at = world(policy("  ingress:\n  - toPorts:\n    - ports: [{port: \"80\", protocol: TCP}]\n      rules: {http: [{path: /a}]}\n"));
  ir::L7Request request;
  request.http = ir::HttpRequest{"GET", "/b?x=1", "", {}};
  const auto answer = asked(at, "pod:shop/front", 80, request);
  CHECK(answer.decision.verdict == ir::Verdict::Denied);
  const auto edits = suggested(at, answer);
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].edits[0].yaml == "rules: {http: [{method: \"GET\", path: \"/b\\\\?x=1\"}]}");
}

TEST_CASE("an allowed connection: a deny of its own", "[ask]") {
  const World at = world(kPods);
  const auto edits = suggested(at, asked(at, "pod:shop/front", 80));
  REQUIRE(edits.size() == 1);
  const World after = world(std::string(kPods) + "---\n" + edits[0].edits[0].yaml);
  CHECK(asked(after, "pod:shop/front", 80).decision.verdict == ir::Verdict::Denied);
  // Nothing else changes.
  CHECK(asked(after, "pod:shop/front", 81).decision.verdict == ir::Verdict::Allowed);
  CHECK(asked(after, "ip:192.0.2.7", 80).decision.verdict == ir::Verdict::Allowed);
}

TEST_CASE("an allowed connection: the one allow", "[ask]") {
  const World at = world(policy("  ingress:\n  - fromEndpoints: [{matchLabels: {app: front}}]\n  - fromEndpoints: [{matchLabels: {app: other}}]\n"));
  const auto edits = suggested(at, asked(at, "pod:shop/front", 80));
  REQUIRE(edits.size() == 2);
  CHECK(edits[0].edits[0].place.find("ingress[0]") != std::string::npos);
}
