// CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy -> rules (policy.md sections 2 and 3). The table of 3.6 is the
// heart: what is absent, what is empty and what `{}` means. Peers are in cilium_peers.cpp. Tested row by row in
// tests/unit/compiler/resolve/cilium_policy_test.cpp.

#include <algorithm>

#include "compiler/resolve/cilium_checks.h"
#include "compiler/resolve/cilium_peers.h"
#include "compiler/resolve/policies.h"
#include "compiler/resolve/selectors.h"
#include "ir/cluster/cluster.h"

namespace weir::compiler {
namespace {

void add_assumption(ir::Rule& rule, std::string name) {
  const auto at = std::lower_bound(rule.assumptions.begin(), rule.assumptions.end(), name);
  if (at == rule.assumptions.end() || *at != name) rule.assumptions.insert(at, std::move(name));
}

void set_icmps(const std::vector<ir::PortMatch>& icmps, const ir::Settings& settings, ir::Rule& rule) {
  rule.ports = icmps;
  for (ir::PortMatch& match : *rule.ports) {
    if (match.protocol != ir::Protocol::Icmp || match.ports.first != 0) continue;
    // policy.md 3.9: type 0 is written to the map as port 0, which means every type.
    add_assumption(rule, "derived.icmp_type_zero_is_all");
    if (settings.derived_icmp_type_zero_is_all) match.ports = {};
  }
}

/// Port rules without request rules are one rule together; each with request rules is one of its own.
void add_port_rules(const ir::Rule& base, const std::vector<CiliumPortRule>& rules, const PolicyContext& context,
                    std::vector<ir::Rule>& out) {
  ir::Rule plain = base;
  std::vector<PortSpec> ports;
  bool has_plain = false;
  for (const CiliumPortRule& rule : rules) {
    if (rule.l7) continue;
    has_plain = true;
    ports.insert(ports.end(), rule.ports.begin(), rule.ports.end());
    if (!rule.ports.empty()) continue;
    // policy.md 3.6
    add_assumption(plain, "derived.port_rule_without_ports_matches_nothing");
    if (context.settings.derived_port_rule_without_ports_matches_nothing) continue;
    plain.ports.reset();
    out.push_back(plain);
    return;
  }
  if (has_plain) add_with_ports(std::move(plain), ports, context.named_ports, context.settings, out);
  for (const CiliumPortRule& rule : rules) {
    if (!rule.l7) continue;
    ir::Rule piece = base;
    piece.l7 = rule.l7;
    piece.origin = rule.span;
    add_with_ports(std::move(piece), rule.ports, context.named_ports, context.settings, out);
  }
}

void add_element(ir::Rule base, const CiliumElement& element, const PolicyContext& context, std::vector<ir::Rule>& out) {
  if (element.port_rules) return add_port_rules(base, *element.port_rules, context, out);
  if (element.icmps) set_icmps(*element.icmps, context.settings, base);
  out.push_back(std::move(base));
}

/// One of the four lists of a rule.
struct List {
  ir::Direction direction;
  ir::Action action;
  const CiliumElements& elements;
  const std::optional<bool>& default_deny;
};

void add_list(const List& list, const CiliumRule& written, const ElementContext& context, std::vector<ir::Rule>& out) {
  if (!list.elements) return;
  for (const CiliumElement& element : *list.elements) {
    ir::Rule rule;
    rule.direction = list.direction;
    rule.action = list.action;
    rule.subject = subject_of(written.subject, SelectorSyntax::Cilium, context.space);
    rule.subject_is_node = written.on_nodes;
    rule.peers = cilium_peers(element, context, rule.assumptions);
    rule.auth = element.auth;
    // policy.md 4.1; section 0 non_default_deny_policies.
    rule.default_deny = !context.policy.settings.non_default_deny_policies || list.default_deny.value_or(true);
    rule.index = static_cast<std::uint32_t>(&element - list.elements->data());
    rule.origin = element.span;
    add_element(std::move(rule), element, context.policy, out);
  }
}

bool names_init(const LabelSelector& selector) {
  return std::any_of(selector.requirements.begin(), selector.requirements.end(), [](const LabelRequirement& r) {
    return parse_source_key(r.key) == SourceKey{"reserved", "init"};
  });
}

/// The subject of a rule that names another namespace without a source keeps both requirements: derived (policy.md 2.5).
bool is_emptied(const CiliumRule& rule, std::string_view space) {
  return !space.empty() && std::any_of(rule.subject.requirements.begin(), rule.subject.requirements.end(), [&](const LabelRequirement& r) {
    const SourceKey key = parse_source_key(r.key);
    return key.source == "any" && key.key == ir::kNamespaceKey && r.op == ir::Operator::In && r.values.size() == 1 &&
           r.values.front() != space;
  });
}

/// derived.other_namespace_selects_nothing off: such a key is overwritten like one with its source.
LabelSelector without_namespace(LabelSelector selector) {
  std::erase_if(selector.requirements, [](const LabelRequirement& r) { return parse_source_key(r.key).key == ir::kNamespaceKey; });
  return selector;
}

}  // namespace

PolicyRules resolve_cilium_policy(const CiliumNetworkPolicy& policy, const PolicyContext& context) {
  const ObjectMeta& meta = policy.meta;
  PolicyRules out{{meta.kind, meta.namespace_name, meta.name, meta.origin, std::string(context.cluster_name), {}}, {}};
  for (const CiliumRule& as_written : policy.rules) {
    check_cilium_rule(as_written, meta, context);
    CiliumRule rule = as_written;
    const bool emptied = is_emptied(rule, meta.namespace_name);
    if (emptied && !context.settings.derived_other_namespace_selects_nothing) rule.subject = without_namespace(rule.subject);
    if (!rule.log.empty()) out.policy.log = rule.log;
    const std::size_t first = out.rules.size();
    const ElementContext elements{context, meta.namespace_name, names_init(rule.subject), rule};
    const auto add = [&](ir::Direction direction, ir::Action action, const CiliumElements& list) {
      const auto& deny = direction == ir::Direction::Ingress ? rule.default_deny_ingress : rule.default_deny_egress;
      add_list({direction, action, list, deny}, rule, elements, out.rules);
    };
    add(ir::Direction::Ingress, ir::Action::Allow, rule.ingress);
    add(ir::Direction::Ingress, ir::Action::Deny, rule.ingress_deny);
    add(ir::Direction::Egress, ir::Action::Allow, rule.egress);
    add(ir::Direction::Egress, ir::Action::Deny, rule.egress_deny);
    for (std::size_t i = first; emptied && i < out.rules.size(); ++i)
      add_assumption(out.rules[i], "derived.other_namespace_selects_nothing");
  }
  return out;
}

}  // namespace weir::compiler
