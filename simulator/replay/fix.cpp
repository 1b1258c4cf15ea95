#include "simulator/replay/fix.h"

#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"
#include "ir/eval/eval.h"
#include "simulator/replay/admitting.h"

namespace weir::simulator {
namespace {

/// A policy of this kind with nothing but `element`; empty for a kind that has no such list.
std::string policy_of(std::string_view kind, std::string_view name_space, ir::Direction direction, const std::string& element) {
  const bool ingress = direction == ir::Direction::Ingress;
  const std::string list = std::string(ingress ? "ingress" : "egress") + ": [" + element + "]";
  const std::string meta = "\nmetadata: {name: fix" + (name_space.empty() ? std::string() : ", namespace: " + scalar(std::string(name_space))) + "}\n";
  if (kind == "NetworkPolicy")
    return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy" + meta + "spec: {podSelector: {}, policyTypes: [" +
           (ingress ? "Ingress" : "Egress") + "], " + list + "}\n";
  if (kind == "CiliumNetworkPolicy") return "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy" + meta + "spec: {endpointSelector: {}, " + list + "}\n";
  if (kind == "CiliumClusterwideNetworkPolicy")
    return "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: fix}\nspec: {endpointSelector: {}, " + list + "}\n";
  return {};
}

/// Whether a policy admits the connection by itself, asked of the reference evaluator.
bool admits(const std::string& policy, const Denial& denial, const Actor& subject, const Actor& peer) {
  ir::Files files;
  ir::Diagnostics diagnostics;
  const compiler::Sources sources = compiler::read_text("fix.yaml", policy, {}, files, diagnostics);
  const compiler::Objects objects = compiler::read(sources, files, diagnostics);
  const compiler::Resolved resolved = compiler::resolve(objects, denial.settings, files, diagnostics);
  if (diagnostics.has_errors() || resolved.policies.rules.empty()) return false;
  ir::Flow flow;
  const bool egress = denial.direction == ir::Direction::Egress;
  ir::Endpoint& own = egress ? flow.source : flow.destination;
  own.kind = ir::EndpointKind::Pod;
  own.labels = subject.labels;
  (egress ? flow.destination : flow.source).labels = peer.labels;
  flow.protocol = denial.protocol;
  flow.port = denial.port;
  const ir::SideDecision side = ir::decide_side(resolved.policies, resolved.cluster, flow, denial.direction);
  return side.enforced && side.verdict == ir::Verdict::Allowed;
}

}  // namespace

std::string smallest_rule(const Denial& denial, const Actor& subject, const Actor& peer) {
  if (denial.decision.decided_by.empty()) return {};
  const ir::RuleRef rule = ir::rule_ref(denial.policies, denial.files, denial.decision.decided_by.front());
  const std::string place = rule.file.empty() ? "" : " (" + rule.file + ":" + std::to_string(rule.line) + ")";
  const std::string policy = rule.kind + " " + (rule.namespace_name.empty() ? "" : rule.namespace_name + "/") + rule.name + place;
  if (denial.decision.reason == ir::DropReason::AuthRequired) return "change `authentication.mode` in " + policy;
  if (denial.decision.default_rule != ir::DefaultRule::DefaultDeny) return "narrow or delete the deny in " + policy;
  const bool other_namespace = peer.namespace_name != subject.namespace_name;
  const Admission ask{.direction = denial.direction, .protocol = denial.protocol, .port = denial.port, .peer = peer.labels,
                      .managed = peer.managed, .other_namespace = other_namespace, .peer_namespace = peer.namespace_name,
                      .peer_cluster = {}, .address = {}};
  const std::string text = admitting_rule(ask, rule.kind);
  if (text.empty()) return text;
  // The default deny is all that stands against it, so what admits it alone admits it beside the others.
  const std::string alone = policy_of(rule.kind, rule.namespace_name, denial.direction, text);
  if (alone.empty() || !admits(alone, denial, subject, peer)) return {};
  return "add to " + policy + ": " + std::string(ir::to_text(denial.direction)) + ": [" + text + "]";
}

}  // namespace weir::simulator
