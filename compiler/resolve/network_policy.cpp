// NetworkPolicy -> rules (policy.md section 7). Allow-only; a direction that is named in policyTypes isolates the subject
// even without a rule.

#include "compiler/resolve/policies.h"
#include "compiler/resolve/selectors.h"

namespace weir::compiler {
namespace {

ir::Peer to_peer(const NetworkPolicyPeer& peer, const std::string& space, const ir::Settings& settings) {
  if (peer.ip_block) return ir::CidrPeer{peer.ip_block->cidr, peer.ip_block->except};
  return ir::SelectorPeer{kubernetes_peer(peer.pods, peer.namespaces, space, settings)};
}

/// One direction of a policy.
struct Side {
  ir::Direction direction;
  const std::optional<std::vector<NetworkPolicyRule>>& rules;
  bool listed;  // in policyTypes
};

ir::Rule base_rule(const NetworkPolicy& policy, ir::Direction direction) {
  ir::Rule rule;
  rule.direction = direction;
  rule.subject = subject_of(policy.subject, SelectorSyntax::Kubernetes, policy.meta.namespace_name);
  return rule;
}

void add_side(const NetworkPolicy& policy, const Side& side, const PolicyContext& context, std::vector<ir::Rule>& out) {
  const ir::Settings& settings = context.settings;
  const bool has_rules = side.rules && !side.rules->empty();
  if (side.listed && !has_rules) {
    ir::Rule rule = base_rule(policy, side.direction);
    rule.peers.emplace();  // isolates only
    rule.origin = policy.types_span;
    out.push_back(std::move(rule));
  }
  // policy.md 7.5d: upstream ignores rules of a direction that is not listed, Cilium does not.
  if (!has_rules || (!side.listed && !settings.derived_np_rules_isolate_unlisted_types)) return;
  for (const NetworkPolicyRule& written : *side.rules) {
    ir::Rule rule = base_rule(policy, side.direction);
    rule.index = static_cast<std::uint32_t>(&written - side.rules->data());
    rule.origin = written.span;
    if (!side.listed) rule.assumptions = {"derived.np_rules_isolate_unlisted_types"};
    // policy.md 7.2: absent and empty both mean everything here.
    if (written.peers && !written.peers->empty()) {
      rule.peers.emplace();
      for (const NetworkPolicyPeer& peer : *written.peers)
        rule.peers->push_back(to_peer(peer, policy.meta.namespace_name, settings));
    }
    if (written.ports && !written.ports->empty())
      add_with_ports(std::move(rule), *written.ports, context.named_ports, settings, out);
    else
      out.push_back(std::move(rule));
  }
}

}  // namespace

PolicyRules resolve_network_policy(const NetworkPolicy& policy, const PolicyContext& context) {
  PolicyRules out{{policy.meta.kind, policy.meta.namespace_name, policy.meta.name, policy.meta.origin, {}, {}}, {}};
  add_side(policy, {ir::Direction::Ingress, policy.ingress, policy.isolates_ingress}, context, out.rules);
  add_side(policy, {ir::Direction::Egress, policy.egress, policy.isolates_egress}, context, out.rules);
  return out;
}

}  // namespace weir::compiler
