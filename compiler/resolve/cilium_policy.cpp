// CiliumNetworkPolicy -> rules (policy.md sections 2 and 3). The table of 3.6 is the heart: what is absent, what is empty
// and what `{}` means. Tested row by row in tests/unit/compiler/resolve/cilium_policy_test.cpp.

#include <algorithm>

#include "compiler/resolve/entities.h"
#include "compiler/resolve/policies.h"
#include "compiler/resolve/selectors.h"
#include "ir/cluster/cluster.h"

namespace weir::compiler {
namespace {

using Peers = std::vector<ir::Peer>;

struct Context {
  const std::string& space;
  const ir::Settings& settings;
  ir::Diagnostics& diagnostics;
};

void add_entities(const std::vector<Located<std::string>>& entities, const Context& context, Peers& out) {
  for (const auto& entity : entities) {
    const auto selectors = entity_selectors(entity.value, context.settings);
    if (!selectors) {
      context.diagnostics.report({.kind = ir::Code::InvalidValue, .primary = entity.span,
                                  .detail = "entity " + show(entity.value) + " is not in dialect " +
                                            std::string(ir::to_text(context.settings.dialect)),
                                  .labels = {}, .notes = {}, .fix = {}, .witness = {}});
      continue;
    }
    for (const ir::Selector& selector : *selectors) out.push_back(ir::SelectorPeer{selector});
  }
}

/// Absent: any peer. Empty: nobody. At most one of the four fields has elements (policy.md 3.3).
std::optional<Peers> to_peers(const CiliumElement& element, const Context& context) {
  if (!element.endpoints && !element.cidrs && !element.cidr_set && !element.entities) {
    // policy.md 3.6: without ports too, the element allows nothing.
    return element.ports || element.icmps ? std::nullopt : std::optional(Peers{});
  }
  Peers out;
  if (element.endpoints)
    for (const LabelSelector& selector : *element.endpoints)
      out.push_back(ir::SelectorPeer{cilium_peer(selector, context.space, context.settings)});
  for (const auto* blocks : {&element.cidrs, &element.cidr_set})
    if (*blocks)
      for (const CidrBlock& block : **blocks) out.push_back(ir::CidrPeer{block.cidr, block.except});
  if (element.entities) add_entities(*element.entities, context, out);
  return out;
}

void add_assumption(ir::Rule& rule, std::string name) {
  const auto at = std::lower_bound(rule.assumptions.begin(), rule.assumptions.end(), name);
  if (at == rule.assumptions.end() || *at != name) rule.assumptions.insert(at, std::move(name));
}

void set_ports(const CiliumElement& element, const ir::Settings& settings, ir::Rule& rule) {
  rule.ports = element.ports ? element.ports : element.icmps;
  if (!element.icmps) return;
  for (ir::PortMatch& match : *rule.ports) {
    if (match.protocol != ir::Protocol::Icmp || match.ports.first != 0) continue;
    // policy.md 3.9: type 0 is written to the map as port 0, which means every type.
    add_assumption(rule, "derived.icmp_type_zero_is_all");
    if (settings.derived_icmp_type_zero_is_all) match.ports = {};
  }
}

/// One of the four lists of a rule.
struct List {
  ir::Direction direction;
  ir::Action action;
  const CiliumElements& elements;
  const std::optional<bool>& default_deny;
};

void add_list(const List& list, const ir::Selector& subject, const Context& context, std::vector<ir::Rule>& out) {
  if (!list.elements) return;
  for (const CiliumElement& element : *list.elements) {
    ir::Rule rule;
    rule.direction = list.direction;
    rule.action = list.action;
    rule.subject = subject;
    rule.peers = to_peers(element, context);
    rule.assumptions = element.assumptions;
    set_ports(element, context.settings, rule);
    // policy.md 4.1; section 0 non_default_deny_policies.
    rule.default_deny = !context.settings.non_default_deny_policies || list.default_deny.value_or(true);
    rule.index = static_cast<std::uint32_t>(&element - list.elements->data());
    rule.origin = element.span;
    out.push_back(std::move(rule));
  }
}

// policy.md 2.5
void check_subject(const CiliumRule& rule, const Context& context) {
  for (const LabelRequirement& r : rule.subject.requirements) {
    const SourceKey key = parse_source_key(r.key);
    const bool names_one = key.key == ir::kNamespaceKey && r.op == ir::Operator::In && r.values.size() == 1;
    if (!names_one || key.source == "reserved" || r.values.front() == context.space) continue;
    const bool overwritten = key.source == "k8s";
    context.diagnostics.report(
        {.kind = ir::Code::NamespaceConflict, .primary = r.span,
         .detail = "the policy stands in namespace " + show(context.space) + ", so namespace " + show(r.values.front()) +
                   (overwritten ? " is overwritten" : " makes it select nothing"),
         .labels = {}, .notes = {}, .fix = "put the policy into namespace " + show(r.values.front()), .witness = {}});
  }
}

}  // namespace

PolicyRules resolve_cilium_policy(const CiliumNetworkPolicy& policy, const ir::Settings& settings,
                                  ir::Diagnostics& diagnostics) {
  const ObjectMeta& meta = policy.meta;
  PolicyRules out{{meta.kind, meta.namespace_name, meta.name, meta.origin}, {}};
  const Context context{meta.namespace_name, settings, diagnostics};
  for (const CiliumRule& rule : policy.rules) {
    check_subject(rule, context);
    const ir::Selector subject = subject_of(rule.subject, SelectorSyntax::Cilium, meta.namespace_name);
    const auto add = [&](ir::Direction direction, ir::Action action, const CiliumElements& elements) {
      const auto& deny = direction == ir::Direction::Ingress ? rule.default_deny_ingress : rule.default_deny_egress;
      add_list({direction, action, elements, deny}, subject, context, out.rules);
    };
    add(ir::Direction::Ingress, ir::Action::Allow, rule.ingress);
    add(ir::Direction::Ingress, ir::Action::Deny, rule.ingress_deny);
    add(ir::Direction::Egress, ir::Action::Allow, rule.egress);
    add(ir::Direction::Egress, ir::Action::Deny, rule.egress_deny);
  }
  return out;
}

}  // namespace weir::compiler
