#include "simulator/replay/rollout.h"

#include "simulator/replay/whatif.h"
#include "tests/unit/simulator/replay/replay_text.h"

using namespace weir;
using namespace weir::simulator;
using test::FlowText;

namespace {

/// The pod app-1 of `space` at 10.0.0.`last`.
std::string pod(const std::string& space, int last) {
  return "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + space + "}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: app-1, namespace: " +
         space + ", labels: {app: app}}\nspec: {nodeName: n1, containers: [{name: c, image: x}]}\nstatus: {podIP: 10.0.0." + std::to_string(last) + "}\n";
}

std::string policy(const std::string& space, const std::string& spec) {
  return "\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: " + space + "}\nspec: {podSelector: {}, " + spec + "}\n";
}

std::string party(const std::string& space) {
  return R"("identity":1000,"namespace":")" + space + R"(","pod_name":"app-1","labels":["k8s:app=app","k8s:io.kubernetes.pod.namespace=)" + space + "\"]";
}

/// `count` connections of one pod to port 80 of another, each seen at both ends.
std::string traffic(const std::string& from, int from_last, const std::string& to, int to_last, int count, int port, const std::string& verdict = "FORWARDED") {
  std::string lines;
  for (int i = 0; i < count; ++i)
    for (const char* direction : {"EGRESS", "INGRESS"}) {
      FlowText text;
      text.source = party(from);
      text.destination = party(to);
      text.source_ip = "10.0.0." + std::to_string(from_last);
      text.destination_ip = "10.0.0." + std::to_string(to_last);
      text.l4 = R"("TCP":{"source_port":)" + std::to_string(port + i) + R"(,"destination_port":80})";
      text.verdict = verdict;
      text.event = R"("event_type":{"type":5},"is_reply":false,"traffic_direction":")" + std::string(direction) + "\"";
      lines += text.line();
    }
  return lines;
}

RolloutPlan plan_of(const std::string& manifests, const std::string& recording) {
  ir::Files files;
  ir::Diagnostics diagnostics;
  const ir::Settings settings = ir::settings_for(ir::Dialect::Cilium120);
  const compiler::Sources sources = compiler::read_text("given.yaml", manifests, {}, files, diagnostics);
  const compiler::Objects objects = compiler::read(sources, files, diagnostics);
  REQUIRE_FALSE(diagnostics.has_errors());
  const test::TemporaryFile file(recording);
  const auto plan = plan_rollout(
      objects, [&](const compiler::Objects& changed) { return ir::Result<compiler::Resolved>(compiler::resolve(changed, settings, files, diagnostics)); },
      [&](const compiler::Resolved& resolved) { return replay({file.path()}, resolved, nullptr, files, {}, diagnostics); });
  REQUIRE(plan);
  return *plan;
}

const std::string kAll = pod("a", 1) + pod("b", 2) + pod("c", 3) + pod("d", 4);
const std::string kNobodyIn = "policyTypes: [Ingress], ingress: []", kNobodyOut = "policyTypes: [Egress], egress: []", kAnybodyIn = "ingress: [{}]";

std::vector<std::string> names(const RolloutPlan& plan) {
  std::vector<std::string> out;
  for (const NamespaceRollout& one : plan.namespaces) out.push_back(one.name + " " + std::to_string(one.drops) + " " + std::to_string(one.wave));
  return out;
}

}  // namespace

TEST_CASE("the fewest drops go first", "[replay]") {
  const RolloutPlan plan = plan_of(kAll + policy("a", kAnybodyIn) + policy("b", kNobodyIn) + policy("c", kNobodyIn) + policy("d", kAnybodyIn),
                                   traffic("a", 1, "b", 2, 5, 40000) + traffic("a", 1, "c", 3, 2, 41000));
  // Those without a drop are one wave, each other one is a wave of its own.
  CHECK(names(plan) == std::vector<std::string>{"a 0 1", "d 0 1", "c 2 2", "b 5 3"});
  REQUIRE(plan.namespaces[2].edges.size() == 1);
  const ReplayEdge& edge = plan.namespaces[2].edges[0];
  CHECK(edge.destination == "c/app-1");
  REQUIRE(edge.decided_by.size() == 1);
  CHECK(edge.decided_by[0].line > 0);
  CHECK(plan.audit_drops.empty());
  CHECK(plan.whole.newly_denied == 7);
}

TEST_CASE("a connection that both ends would deny counts for both namespaces", "[replay]") {
  const RolloutPlan plan = plan_of(kAll + policy("a", kNobodyOut) + policy("b", kNobodyIn), traffic("a", 1, "b", 2, 3, 40000));
  CHECK(names(plan) == std::vector<std::string>{"a 3 1", "b 3 2"});
  CHECK(plan.namespaces[0].edges.at(0).direction == ir::Direction::Egress);
  CHECK(plan.namespaces[1].edges.at(0).direction == ir::Direction::Ingress);
  // Both together drop each connection once.
  CHECK(plan.whole.newly_denied == 3);
}

TEST_CASE("a cluster-wide policy rolls out namespace by namespace", "[replay]") {
  const std::string wide = "\n---\napiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: w}\nspec: {endpointSelector: {}, ingress: [{fromEntities: [host]}]}\n";
  const RolloutPlan plan = plan_of(kAll + wide, traffic("a", 1, "b", 2, 5, 40000) + traffic("b", 2, "c", 3, 1, 41000));
  CHECK(names(plan) == std::vector<std::string>{"a 0 1", "d 0 1", "c 1 2", "b 5 3"});
}

TEST_CASE("pods that only the recording has are rolled out too", "[replay]") {
  const std::string wide = "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: w}\nspec: {endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {\"k8s:io.kubernetes.pod.namespace\": a}}]}]}\n";
  const RolloutPlan plan = plan_of(wide, traffic("a", 1, "b", 2, 5, 40000) + traffic("b", 2, "c", 3, 1, 41000));
  CHECK(names(plan) == std::vector<std::string>{"b 0 1", "c 1 2"});
}

TEST_CASE("what audit reports passes today and would be dropped", "[replay]") {
  std::string staged = kAll + policy("b", kNobodyIn);
  staged.replace(staged.find("{name: p, namespace: b}"), 23, "{name: p, namespace: b, labels: {weir.dev/enforcement: audit}}");
  const RolloutPlan plan = plan_of(staged, traffic("a", 1, "b", 2, 4, 40000, "AUDIT"));
  CHECK(names(plan) == std::vector<std::string>{"b 4 1"});
}

TEST_CASE("an edge is a new drop or not", "[replay]") {
  ReplayEdge edge;
  edge.change = Change::NewlyDenied;
  CHECK(is_new_drop(edge));
  edge.change = Change::Same;
  edge.predicted = "DROPPED";
  edge.recorded = "DROPPED";
  CHECK_FALSE(is_new_drop(edge));
  edge.recorded = "AUDIT";
  CHECK(is_new_drop(edge));
  edge.predicted = "AUDIT";
  CHECK_FALSE(is_new_drop(edge));
}
