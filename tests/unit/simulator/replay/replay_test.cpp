#include <algorithm>

#include "ir/base/code.h"
#include "tests/unit/simulator/replay/replay_text.h"

using namespace weir;
using namespace weir::simulator;
using test::connections;
using test::db_takes;
using test::FlowText;
using test::kPods;
using test::Replay;
using test::replay_text;

namespace {

const ReplayEdge& only(const Replay& replay, Change change) {
  const ReplayEdge* found = nullptr;
  for (const ReplayEdge& edge : replay.report.edges)
    if (edge.change == change) {
      REQUIRE(found == nullptr);
      found = &edge;
    }
  REQUIRE(found != nullptr);
  return *found;
}

const std::string kTraceEvent = R"("event_type":{"type":4},"is_reply":false)";

}  // namespace

TEST_CASE("the classic: port 80 is open, 8080 forgotten", "[replay]") {
  const Replay replay = replay_text({kPods + db_takes(80), kPods + db_takes(8080), {connections(212)}});
  CHECK(replay.report.compared == 212);
  CHECK(replay.report.newly_denied == 212);
  CHECK(replay.report.unexplained == 0);
  const ReplayEdge& edge = only(replay, Change::NewlyDenied);
  CHECK(edge.source == "shop/web-1");
  CHECK(edge.destination == "shop/db-1");
  CHECK(edge.direction == ir::Direction::Ingress);
  CHECK(edge.port == 8080);
  CHECK(edge.count == 212);
  CHECK(edge.recorded == "FORWARDED");
  CHECK(edge.predicted == "DROPPED");
  CHECK(edge.reason == "policy-denied");
  REQUIRE(edge.decided_by.size() == 1);
  CHECK(edge.decided_by[0].kind == "Default");
  CHECK(edge.decided_by[0].name == "default-deny");
  CHECK(edge.decided_by[0].file == "policies.yaml");
  CHECK(edge.decided_by[0].line == 24);
  CHECK(edge.fix == "add to NetworkPolicy shop/db (policies.yaml:24): ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], "
                    "ports: [{protocol: TCP, port: 8080}]}]");
}

TEST_CASE("recorded against predicted", "[replay]") {
  struct Case { std::string why, after, before, lines; std::uint64_t same, denied, allowed, unexplained; };
  const std::string open = kPods, eighty = kPods + db_takes(80), right = kPods + db_takes(8080);
  const auto c = GENERATE_COPY(values<Case>({
      {"unchanged policies give what is recorded", right, right, connections(3), 3, 0, 0, 0},
      {"without a base the recording stands for it", eighty, "", connections(3), 0, 3, 0, 0},
      {"no policy: everything passes", open, "", connections(3, "DROPPED"), 0, 0, 3, 0},
      {"a denial that stays", eighty, right, connections(2, "DROPPED", 9090), 2, 0, 0, 0},
      {"a denial that goes", right, eighty, connections(2, "DROPPED"), 0, 0, 2, 0},
      {"the base does not predict the recording", eighty, right, connections(2, "DROPPED"), 0, 0, 0, 2},
      {"an audited connection was denied by policy", eighty, eighty, connections(1, "AUDIT"), 1, 0, 0, 0},
      {"a redirected one was allowed", right, right, connections(1, "REDIRECTED"), 1, 0, 0, 0}}));
  INFO(c.why);
  const Replay replay = replay_text({c.after, c.before, {c.lines}});
  CHECK(replay.report.same == c.same);
  CHECK(replay.report.newly_denied == c.denied);
  CHECK(replay.report.newly_allowed == c.allowed);
  CHECK(replay.report.unexplained == c.unexplained);
}

TEST_CASE("two nodes see two checks of one connection", "[replay]") {
  FlowText egress;
  egress.event = R"("event_type":{"type":5},"traffic_direction":"EGRESS","is_reply":false)";
  FlowText ingress;
  ingress.node = "n2";
  const Replay replay = replay_text({kPods + db_takes(8080), "", {egress.line() + egress.line(), ingress.line()}});
  CHECK(replay.report.compared == 1);
  CHECK(replay.report.flows.read == 3);
  CHECK(replay.report.flows.evaluated == 2);
  CHECK(replay.report.flows.duplicate == 1);
  CHECK(replay.report.nodes.size() == 2);
}

TEST_CASE("the strongest evidence wins", "[replay]") {
  FlowText verdict, trace;
  verdict.verdict = "DROPPED";
  verdict.event = R"("event_type":{"type":5},"drop_reason":133,"traffic_direction":"INGRESS")";
  trace.event = kTraceEvent;
  const Replay replay = replay_text({kPods, "", {trace.line() + verdict.line()}});
  CHECK(only(replay, Change::NewlyAllowed).recorded == "DROPPED");
}

TEST_CASE("every line is counted once", "[replay]") {
  FlowText reply, sock, masked, loose;
  reply.event = R"("event_type":{"type":4},"is_reply":true)";
  std::swap(reply.source, reply.destination);
  std::swap(reply.source_ip, reply.destination_ip);
  reply.l4 = R"("TCP":{"source_port":8080,"destination_port":40000})";
  sock.type = "SOCK";
  masked.event = "";
  masked.l4 = R"("TCP":{"source_port":2,"destination_port":1})";
  loose.l4 = "";
  const Replay replay = replay_text({kPods + db_takes(8080), "", {connections(2) + reply.line() + sock.line() + masked.line() + loose.line() + "bad\n"}});
  const ReplayFlows& flows = replay.report.flows;
  CHECK(flows.read == 6);
  CHECK(flows.malformed == 1);
  CHECK(flows.evaluated == 2);
  CHECK(flows.reply == 1);
  CHECK(flows.not_policy == 1);
  CHECK(flows.not_comparable == 2);
  CHECK(flows.evaluated + flows.reply + flows.not_policy + flows.duplicate + flows.not_comparable == flows.read);
  CHECK(replay.report.not_comparable == std::map<std::string, std::uint64_t>{{"EVENT_TYPE_MISSING", 1}, {"NO_L4", 1}});
}

TEST_CASE("why a connection cannot be compared", "[replay]") {
  struct Case { std::string why, source, destination, destination_ip, event, verdict, reason; };
  const std::string web = FlowText{}.source, db = FlowText{}.destination, verdict = FlowText{}.event;
  const auto c = GENERATE_COPY(values<Case>({
      {"a peer without labels", R"("identity":0)", db, "10.0.0.2", verdict, "FORWARDED", "PEER_UNRESOLVED"},
      {"nobody has labels", R"("pod_name":"x","namespace":"a")", R"("pod_name":"y","namespace":"a")", "10.9.9.9", verdict, "FORWARDED", "ENDPOINT_UNRESOLVED"},
      {"between two outsiders", R"("identity":2,"labels":["reserved:world"])", R"("identity":1,"labels":["reserved:host"])", "10.9.9.9", verdict, "FORWARDED", "NO_POLICY_ENDPOINT"},
      {"a Service address", web, R"("identity":2,"labels":["reserved:world"])", "10.96.0.10", R"("event_type":{"type":5},"traffic_direction":"EGRESS")", "FORWARDED", "CLUSTER_IP"},
      {"dropped, not by policy", web, db, "10.0.0.2", R"("event_type":{"type":1},"drop_reason":132,"traffic_direction":"INGRESS")", "DROPPED", "NON_POLICY_DROP"},
      {"a trace that may be a reply", web, db, "10.0.0.2", R"("event_type":{"type":4})", "FORWARDED", "DIRECTION_UNKNOWN"},
      {"a trace before the policy", web, db, "10.0.0.2", R"("event_type":{"type":4,"sub_type":5},"is_reply":false)", "FORWARDED", "NO_EVIDENCE"}}));
  INFO(c.why);
  FlowText text;
  text.source = c.source;
  text.source_ip = "10.7.7.7";
  text.destination = c.destination;
  text.destination_ip = c.destination_ip;
  text.event = c.event;
  text.verdict = c.verdict;
  const std::string service = "\n---\napiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\n"
                              "spec: {clusterIP: 10.96.0.10, selector: {app: db}, ports: [{port: 9090}]}\n";
  const Replay replay = replay_text({kPods + service, "", {text.line()}});
  CHECK(replay.report.not_comparable == std::map<std::string, std::uint64_t>{{c.reason, 1}});
  CHECK(replay.report.compared == 0);
}

TEST_CASE("both allowed and denied, or a policy change between, says nothing", "[replay]") {
  const std::string both = connections(1) + connections(1, "DROPPED");
  CHECK(replay_text({kPods, "", {both}}).report.not_comparable.at("CONFLICTING_EVIDENCE") == 1);
  FlowText later;
  later.time = "2026-01-01T00:00:20Z";
  const std::string update = R"({"agent_event":{"type":"POLICY_UPDATED"},"node_name":"n1","time":"2026-01-01T00:00:10Z"})" "\n";
  CHECK(replay_text({kPods, "", {connections(1) + update + later.line()}}).report.not_comparable.at("POLICY_CHANGED") == 1);
  CHECK(replay_text({kPods, "", {connections(1) + update}}).report.compared == 1);
}

TEST_CASE("labels from the flow, the inventory or both", "[replay]") {
  struct Case { std::string why; LabelSource labels; std::string source; std::uint64_t denied, allowed, unknown; };
  const std::string relabelled = R"("ID":1,"namespace":"shop","labels":["k8s:app=other","k8s:io.kubernetes.pod.namespace=shop"],"pod_name":"web-1")";
  const std::string masked = R"("ID":1,"namespace":"shop","pod_name":"web-1")";
  const auto c = GENERATE_COPY(values<Case>({
      {"the flow's own labels decide", LabelSource::Either, relabelled, 1, 0, 0},
      {"the inventory's, when asked", LabelSource::Inventory, relabelled, 0, 1, 0},
      {"the inventory's, when the flow has none", LabelSource::Either, masked, 0, 1, 0},
      {"only the flow's: nothing to decide by", LabelSource::Flow, masked, 0, 0, 1},
      {"by address, when even the name is cut", LabelSource::Either, R"("ID":1)", 0, 1, 0}}));
  INFO(c.why);
  FlowText text;
  text.source = c.source;
  test::ReplayInput input{kPods + db_takes(8080), "", {text.line()}};
  input.labels = c.labels;
  const Replay replay = replay_text(input);
  CHECK(replay.report.denied == c.denied);
  CHECK(replay.report.allowed == c.allowed);
  CHECK(replay.report.unknown == c.unknown);
}

TEST_CASE("the host reaches its pods unless a setting says otherwise", "[replay]") {
  FlowText text;
  text.source = R"("identity":1,"labels":["reserved:host"])";
  test::ReplayInput input{kPods + db_takes(8080), "", {text.line()}};
  CHECK(replay_text(input).report.not_comparable.at("NO_POLICY_ENDPOINT") == 1);
  input.settings.allow_localhost = false;
  CHECK(replay_text(input).report.newly_denied == 1);
}

TEST_CASE("a rule may deny the host", "[replay]") {
  FlowText text;
  text.source = R"("identity":1,"labels":["reserved:host"])";
  const std::string deny = kPods + R"(
---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: nobody}
spec:
  endpointSelector: {}
  enableDefaultDeny: {ingress: false}
  ingressDeny: [{fromEntities: [all], toPorts: [{ports: [{port: "8080", protocol: TCP}]}]}]
)";
  const std::string allow = kPods + db_takes(8080);
  CHECK(replay_text({deny, "", {text.line()}}).report.newly_denied == 1);
  CHECK(replay_text({deny, allow, {text.line()}}).report.newly_denied == 1);
  // What is let in is no evidence for anything.
  CHECK(replay_text({allow, "", {text.line()}}).report.compared == 0);
  text.verdict = "DROPPED";
  text.event = R"("event_type":{"type":5},"drop_reason":181,"traffic_direction":"INGRESS")";
  CHECK(replay_text({allow, "", {text.line()}}).report.newly_allowed == 1);
  CHECK(replay_text({allow, deny, {text.line()}}).report.newly_allowed == 1);
}

TEST_CASE("a connection that waited for authentication is no contradiction", "[replay]") {
  FlowText waiting, denied, passed;
  passed.event = R"("event_type":{"type":5},"traffic_direction":"INGRESS")";
  waiting.verdict = denied.verdict = "DROPPED";
  waiting.event = R"("event_type":{"type":5},"drop_reason":189,"traffic_direction":"INGRESS")";
  denied.event = R"("event_type":{"type":5},"drop_reason":133,"traffic_direction":"INGRESS")";
  const std::string policies = kPods + db_takes(8080);
  std::vector<std::string> lines = {passed.line(), waiting.line()};
  CHECK(replay_text({policies, "", {lines[0] + lines[1]}}).report.same == 1);
  CHECK(replay_text({policies, "", {lines[1] + lines[0]}}).report.same == 1);
  // A real contradiction stays one, in every order.
  lines.push_back(denied.line());
  std::sort(lines.begin(), lines.end());
  do {
    CHECK(replay_text({policies, "", {lines[0] + lines[1] + lines[2]}}).report.not_comparable.at("CONFLICTING_EVIDENCE") == 1);
  } while (std::next_permutation(lines.begin(), lines.end()));
}

TEST_CASE("the world is decided by address", "[replay]") {
  const std::string egress = R"(
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}}]}]
)";
  std::string lines;
  for (const char* address : {"192.0.2.1", "192.0.2.200", "198.51.100.1"}) {
    FlowText text;
    text.destination_ip = address;
    text.destination = R"("identity":2,"labels":["reserved:world"])";
    text.event = R"("event_type":{"type":5},"traffic_direction":"EGRESS")";
    lines += text.line();
  }
  const Replay replay = replay_text({kPods + egress, "", {lines}});
  CHECK(replay.report.same == 1);
  CHECK(replay.report.newly_denied == 2);
  CHECK(only(replay, Change::NewlyDenied).destination == "entity:world");
}

TEST_CASE("an explicit deny names its rule", "[replay]") {
  const std::string deny = R"(
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: no-web, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: db}}
  ingressDeny: [{fromEndpoints: [{matchLabels: {app: web}}]}]
)";
  const Replay replay = replay_text({kPods + deny, kPods, {connections(1)}});
  const ReplayEdge& edge = only(replay, Change::NewlyDenied);
  CHECK(edge.reason == "policy-deny");
  CHECK(edge.match == "l3-only");
  REQUIRE(edge.decided_by.size() == 1);
  CHECK(edge.decided_by[0].name == "no-web");
  CHECK(edge.decided_by[0].action == ir::Action::Deny);
}

TEST_CASE("coverage", "[replay]") {
  const Replay seen = replay_text({kPods + db_takes(8080), "", {connections(1)}});
  CHECK(seen.report.pods_total == 1);
  CHECK(seen.report.pods_seen == 1);
  CHECK(seen.report.rules_total == 1);
  CHECK(seen.report.rules_exercised == 1);
  FlowText other;
  other.destination = R"("identity":2,"labels":["reserved:world"])";
  other.event = R"("event_type":{"type":5},"traffic_direction":"EGRESS")";
  const Replay unseen = replay_text({kPods + db_takes(8080), "", {other.line()}});
  CHECK(unseen.report.coverage_percent() == 0);
  CHECK(unseen.report.rules_exercised == 0);
}

TEST_CASE("the name of the recording's cluster", "[replay]") {
  FlowText text;
  for (std::string* party : {&text.source, &text.destination})
    party->insert(party->find("\"k8s:io.kub"), "\"k8s:io.cilium.k8s.policy.cluster=kind-kind\",");
  const Replay adopted = replay_text({kPods + db_takes(8080), "", {text.line()}});
  CHECK(adopted.report.same == 1);
  REQUIRE(adopted.diagnostics.list().size() == 1);
  CHECK(adopted.diagnostics.list()[0].kind == ir::Code::ForeignCluster);
  test::ReplayInput named{kPods + db_takes(8080), "", {text.line()}};
  named.settings.cluster_name = "other";
  // Pods of another cluster are not subjects of these policies.
  CHECK(replay_text(named).report.not_comparable.at("NO_POLICY_ENDPOINT") == 1);
}

TEST_CASE("recorded pods have the port names of the inventory (policy.md 3.8)", "[replay]") {
  std::string named = kPods;
  named.replace(named.rfind("image: x}"), 9, "image: x, ports: [{name: sql, containerPort: 8080}]}");
  std::string by_name = db_takes(8080);
  by_name.replace(by_name.find("port: 8080"), 10, "port: sql");
  CHECK(replay_text({named + by_name, "", {connections(2)}}).report.newly_denied == 0);
  CHECK(replay_text({named + by_name, "", {connections(2, "FORWARDED", 9090)}}).report.newly_denied > 0);
  CHECK(replay_text({kPods + by_name, "", {connections(2)}}).report.newly_denied > 0);
  // The policies before the change use a name that those after it do not.
  CHECK(only(replay_text({named + db_takes(9090), named + by_name, {connections(1)}}), Change::NewlyDenied).count == 1);
  CHECK(replay_text({named + db_takes(8080), named + by_name, {connections(1)}}).report.same == 1);
}

TEST_CASE("the order of lines and files does not matter", "[replay]") {
  const std::string a = connections(3), b = connections(2, "DROPPED", 9090);
  const Replay one = replay_text({kPods + db_takes(80), "", {a + b}}), two = replay_text({kPods + db_takes(80), "", {b, a}});
  CHECK(one.report.edges == two.report.edges);
  CHECK(one.report.flows.duplicate == two.report.flows.duplicate);
}

TEST_CASE("a field mask is named", "[replay]") {
  FlowText masked;
  masked.event = "";
  masked.source = R"("cluster_name":"default")";
  const Replay replay = replay_text({kPods, "", {masked.line() + masked.line() + connections(1)}});
  CHECK(replay.report.missing_fields == std::vector<std::string>{"event_type", "source"});
  CHECK(replay_text({kPods, "", {connections(2) + masked.line()}}).report.missing_fields.empty());
}

TEST_CASE("the fix admits what was denied", "[replay]") {
  const std::string closed = kPods + db_takes(80);
  const Replay denied = replay_text({closed, "", {connections(3)}});
  const std::string& fix = only(denied, Change::NewlyDenied).fix;
  const std::string rule = fix.substr(fix.find("): ") + 3);
  const std::string policy = "\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: fix, namespace: shop}\n"
                             "spec:\n  podSelector: {matchLabels: {app: db}}\n  " + rule + "\n";
  CHECK(replay_text({closed + policy, "", {connections(3)}}).report.newly_denied == 0);
  // And no more than that.
  CHECK(replay_text({closed + policy, "", {connections(3, "FORWARDED", 9090)}}).report.newly_denied == 3);
}

TEST_CASE("damage is in the report and a diagnostic", "[replay]") {
  const Replay replay = replay_text({kPods, "", {connections(1), "no flow\n"}});
  CHECK(replay.report.damaged.size() == 1);
  CHECK(replay.report.compared == 1);
  CHECK(replay.diagnostics.has(ir::Effect::Refuse));
}

TEST_CASE("a denial in audit lets through", "[replay]") {
  struct Case { std::string_view why, recorded; std::uint64_t same, allowed; };
  const auto c = GENERATE(values<Case>({
      {"what was forwarded still is", "FORWARDED", 2, 0},
      {"what was audited still is", "AUDIT", 2, 0},
      {"what was dropped no longer is", "DROPPED", 0, 2}}));
  INFO(c.why);
  test::ReplayInput input{kPods + db_takes(80), "", {connections(2, std::string(c.recorded))}};
  input.settings.audit_mode = true;
  const Replay replay = replay_text(input);
  CHECK(replay.report.same == c.same);
  CHECK(replay.report.newly_allowed == c.allowed);
  CHECK(replay.report.newly_denied == 0);
  CHECK(replay.report.denied == 0);
  REQUIRE(replay.report.edges.size() == 1);
  CHECK(replay.report.edges[0].predicted == "AUDIT");
}

TEST_CASE("a Service address is compared by the pods behind it, when they fare alike", "[replay]") {
  const std::string service = "\n---\napiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\n"
                              "spec: {clusterIP: 10.96.0.10, selector: {tier: data}, ports: [{port: 80, targetPort: 8080}]}\n";
  const auto pod = [](const std::string& name, const std::string& address, const std::string& app) {
    return "\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: shop, labels: {app: " + app + ", tier: data}}\n" +
           "spec: {nodeName: n1, containers: [{name: c, image: x}]}\nstatus: {podIP: " + address + "}\n";
  };
  const std::string egress = "\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\n"
                             "spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: a}}}], "
                             "ports: [{port: PORT}]}]}\n";
  const auto with_port = [&](const std::string& port) {
    std::string text = egress;
    return text.replace(text.find("PORT"), 4, port);
  };
  FlowText text;
  text.destination = R"("identity":2,"labels":["reserved:world"])";
  text.destination_ip = "10.96.0.10";
  text.l4 = R"("TCP":{"source_port":40000,"destination_port":80})";
  text.event = R"("event_type":{"type":5},"traffic_direction":"EGRESS","is_reply":false)";
  struct Case { std::string why, manifests; std::uint64_t same, denied; std::string reason; };
  const auto c = GENERATE_COPY(values<Case>({
      {"one pod, and its own port is allowed", pod("a-1", "10.0.1.1", "a") + with_port("8080"), 1, 0, ""},
      {"the port of the Service is not what policy sees", pod("a-1", "10.0.1.1", "a") + with_port("80"), 0, 1, ""},
      {"two pods alike", pod("a-1", "10.0.1.1", "a") + pod("a-2", "10.0.1.2", "a") + with_port("8080"), 1, 0, ""},
      {"two pods, one of them denied", pod("a-1", "10.0.1.1", "a") + pod("b-1", "10.0.1.2", "b") + with_port("8080"), 0, 0, "SERVICE_BACKENDS_DIFFER"},
      {"no pod", with_port("8080"), 0, 0, "CLUSTER_IP"}}));
  INFO(c.why);
  const Replay replay = replay_text({kPods + service + c.manifests, "", {text.line()}});
  CHECK(replay.report.same == c.same);
  CHECK(replay.report.newly_denied == c.denied);
  CHECK(replay.report.not_comparable == (c.reason.empty() ? std::map<std::string, std::uint64_t>{} : std::map<std::string, std::uint64_t>{{c.reason, 1}}));
}
