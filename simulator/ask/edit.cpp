#include "simulator/ask/edit.h"

#include <algorithm>
#include <tuple>

#include "compiler/api/object_set.h"
#include "compiler/source/load.h"
#include "ir/eval/eval.h"

namespace weir::simulator {
namespace {

std::string name_of(const ir::PolicyObject& policy) {
  return policy.kind + " " + (policy.namespace_name.empty() ? "" : policy.namespace_name + "/") + policy.name;
}

std::string cluster_of(const ir::LabelSet& labels) {
  const ir::Label* label = labels.find("k8s", ir::kClusterKey);
  return label == nullptr ? std::string() : label->value;
}

std::string network_policy_text(const std::string& head, const std::string& labels, ir::Direction direction,
                                const std::string& element) {
  const bool ingress = direction == ir::Direction::Ingress;
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n" + head + "  podSelector: {matchLabels: " + labels +
         "}\n  policyTypes: [" + (ingress ? "Ingress" : "Egress") + "]\n  " + (ingress ? "ingress" : "egress") + ":\n  - " + element +
         "\n";
}

}  // namespace

ir::Decision Draft::ir_decide(const ir::PolicySet& policies, const ir::Cluster& cluster, const ir::Flow& flow) {
  return ir::decide(policies, cluster, flow);
}

const ir::Endpoint& subject_of(const ir::Flow& flow, ir::Direction direction) {
  return direction == ir::Direction::Egress ? flow.source : flow.destination;
}

const ir::Endpoint& peer_of(const ir::Flow& flow, ir::Direction direction) {
  return direction == ir::Direction::Egress ? flow.destination : flow.source;
}

std::string namespace_of(const ir::Endpoint& end) {
  const ir::Label* label = end.labels.find("k8s", ir::kNamespaceKey);
  return label == nullptr ? std::string() : label->value;
}

Admission admission_of(const Draft& draft, ir::Direction direction, const std::string& home) {
  const ir::Endpoint &subject = subject_of(draft.flow, direction), &peer = peer_of(draft.flow, direction);
  Admission ask{.direction = direction, .protocol = draft.flow.protocol, .port = draft.flow.port,
                .peer = ir::peer_labels(peer, subject), .managed = peer.kind == ir::EndpointKind::Pod,
                .other_namespace = false, .peer_namespace = namespace_of(peer), .peer_cluster = {}, .address = peer.address};
  ask.other_namespace = ask.peer_namespace != home;
  if (cluster_of(ask.peer) != draft.resolved.cluster.settings.cluster_name) ask.peer_cluster = cluster_of(ask.peer);
  return ask;
}

std::string policy_text(const Draft& draft, ir::Direction direction, const std::string& element, std::string_view kind, bool deny) {
  const ir::Endpoint& subject = subject_of(draft.flow, direction);
  const std::string side(ir::to_text(direction)), labels = label_map(subject.labels);
  const std::string head = "metadata: {name: " + std::string(deny ? "deny" : "allow") + "-" + side + ", namespace: " +
                           scalar(namespace_of(subject)) + "}\nspec:\n";
  if (kind == "NetworkPolicy") return network_policy_text(head, labels, direction, element);
  std::string text = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n" + head + "  endpointSelector: {matchLabels: " + labels + "}\n";
  if (deny) text += "  enableDefaultDeny: {" + side + ": false}\n";
  return text + "  " + side + (deny ? "Deny" : "") + ":\n  - " + element + "\n";
}

std::optional<compiler::Resolved> compile_text(const Draft& draft, const std::string& yaml) {
  ir::Files files;
  ir::Diagnostics found;
  const auto sources = compiler::read_text("suggestion.yaml", yaml, {}, files, found);
  const auto objects = compiler::read(sources, files, found);
  auto resolved = compiler::resolve(objects, draft.resolved.cluster.settings, files, found);
  if (found.has(ir::Effect::Refuse) || found.has(ir::Effect::Invalid) || resolved.policies.rules.empty()) return std::nullopt;
  return resolved;
}

void insert_rule(ir::PolicySet& policies, ir::Rule rule) {
  rule.origin = {};
  const auto level = [](const ir::Rule& one) { return std::tie(one.tier, one.priority); };
  const auto at = std::upper_bound(policies.rules.begin(), policies.rules.end(), rule,
                                   [&](const ir::Rule& a, const ir::Rule& b) { return level(a) < level(b); });
  policies.rules.insert(at, std::move(rule));
}

void insert_all(ir::PolicySet& policies, const ir::PolicySet& more) {
  const auto first = static_cast<std::uint32_t>(policies.policies.size());
  for (ir::PolicyObject policy : more.policies) {
    policy.origin = {};
    policies.policies.push_back(std::move(policy));
  }
  for (ir::Rule rule : more.rules) {
    rule.policy = ir::PolicyId{first + rule.policy.index};
    insert_rule(policies, std::move(rule));
  }
}

bool same_element(const ir::Rule& a, const ir::Rule& b) {
  return std::tie(a.policy, a.direction, a.index, a.action, a.origin) == std::tie(b.policy, b.direction, b.index, b.action, b.origin);
}

std::string place_of(const Draft& draft, ir::RuleId id) { return ir::to_text(ir::rule_ref(draft.policies, draft.files, id)); }

std::string policy_place(const Draft& draft, ir::RuleId id) {
  const ir::PolicyObject& policy = draft.policies.policy(id);
  const bool known = policy.origin.known() && policy.origin.file.index < draft.files.files.size();
  return name_of(policy) + (known ? " (" + ir::to_text(draft.files, policy.origin) + ")" : "");
}

}  // namespace weir::simulator
