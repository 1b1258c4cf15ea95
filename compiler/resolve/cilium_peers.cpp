// The peers of one rule element (policy.md 2.4 to 2.11, 3.4, 3.6).
#include "compiler/resolve/cilium_peers.h"

#include <algorithm>

#include "compiler/resolve/entities.h"
#include "compiler/resolve/selectors.h"
#include "ir/base/code.h"
#include "ir/cluster/service_target.h"

namespace weir::compiler {
namespace {

using Peers = std::vector<ir::Peer>;

void report(const ElementContext& context, ir::Code code, ir::Span span, std::string detail) {
  context.policy.diagnostics.report(
      {.kind = code, .primary = span, .detail = std::move(detail), .labels = {}, .notes = {}, .fix = {}, .witness = {}});
}

void assume(std::vector<std::string>& assumptions, std::string name) {
  const auto at = std::lower_bound(assumptions.begin(), assumptions.end(), name);
  if (at == assumptions.end() || *at != name) assumptions.insert(at, std::move(name));
}

// policy.md 3.4: what any rule of this subject requires narrows all peers by labels.
void require_all(const ElementContext& context, bool ingress, ir::Selector& selector) {
  const auto direction = ingress ? ir::Direction::Ingress : ir::Direction::Egress;
  const auto found = context.policy.required.find({direction, subject_of(context.rule.subject, SelectorSyntax::Cilium, context.space)});
  if (found == context.policy.required.end()) return;
  for (const ir::Requirement& requirement : found->second) selector.add(requirement);
}

void add_requirements(const CiliumElements& elements, std::vector<ir::Requirement>& out) {
  if (!elements) return;
  for (const CiliumElement& element : *elements)
    for (const LabelSelector& required : element.requirements.value_or(std::vector<LabelSelector>{}))
      for (const ir::Requirement& r : to_selector(required, SelectorSyntax::Cilium).requirements) out.push_back(r);
}

bool is_ingress(const CiliumElement& element, const ElementContext& context) {
  const auto holds = [&](const CiliumElements& list) {
    return list && !list->empty() && &element >= list->data() && &element < list->data() + list->size();
  };
  return holds(context.rule.ingress) || holds(context.rule.ingress_deny);
}

void add_endpoints(const CiliumElement& element, const ElementContext& context, Peers& out) {
  const ir::Settings& settings = context.policy.settings;
  for (const LabelSelector& selector : *element.endpoints) {
    ir::SelectorPeer peer{cilium_peer(selector, context.space, context.subject_is_init, settings)};
    if (settings.dialect == ir::Dialect::Cilium118) require_all(context, is_ingress(element, context), peer.selector);
    out.push_back(std::move(peer));
  }
}

void add_entities(const std::vector<Located<std::string>>& entities, const ElementContext& context, Peers& out) {
  for (const auto& entity : entities) {
    const auto selectors = entity_selectors(entity.value, context.policy.settings);
    if (!selectors)
      report(context, ir::Code::InvalidValue, entity.span,
             "entity " + show(entity.value) + " is not in dialect " + std::string(ir::to_text(context.policy.settings.dialect)));
    for (const ir::Selector& selector : selectors.value_or(std::vector<ir::Selector>{})) out.push_back(ir::SelectorPeer{selector});
  }
}

// policy.md 2.11: a missing group holds nothing.
void add_groups(const CidrBlock& block, const ElementContext& context, Peers& out) {
  bool found = false;
  const ir::Selector wanted = block.groups ? to_selector(*block.groups, SelectorSyntax::Cilium) : ir::Selector{};
  for (const CidrGroup& group : context.policy.objects.cidr_groups) {
    if (group.meta.cluster != context.rule_cluster()) continue;
    ir::LabelSet labels;
    for (const auto& [key, value] : group.meta.labels) labels.set({"k8s", key, value});
    if (block.group ? *block.group != group.meta.name : !ir::matches(wanted, labels)) continue;
    found = true;
    for (const ir::IpPrefix& cidr : group.cidrs) out.push_back(ir::CidrPeer{cidr, block.except});
  }
  if (!found)
    report(context, ir::Code::MissingReference, block.span,
           block.group ? "the input has no CiliumCIDRGroup " + show(*block.group) + ", so nobody is meant"
                       : "the input has no CiliumCIDRGroup with these labels, so nobody is meant");
}

void add_cidrs(const std::vector<CidrBlock>& blocks, const ElementContext& context, Peers& out) {
  for (const CidrBlock& block : blocks) {
    if (block.group || block.groups)
      add_groups(block, context, out);
    else
      out.push_back(ir::CidrPeer{block.cidr, block.except});
  }
}

bool is_meant(const CiliumService& wanted, const ir::Service& service) {
  if (!wanted.namespace_name.empty() && wanted.namespace_name != service.namespace_name) return false;
  if (!wanted.selector) return wanted.name == service.name;
  ir::LabelSet labels;
  for (const auto& [key, value] : service.labels) labels.set({"k8s", key, value});
  return ir::matches(to_selector(*wanted.selector, SelectorSyntax::Cilium), labels);
}

// policy.md 2.9
void add_service(const ir::Service& service, const ElementContext& context, Peers& out) {
  if (service.selector && !service.selector->empty()) {
    ir::Selector selector;
    for (const auto& [key, value] : *service.selector) selector.add(ir::equals("k8s", key, value));
    selector.add(ir::equals("k8s", ir::kNamespaceKey, service.namespace_name));
    add_local_cluster(selector, context.policy.settings);
    out.push_back(ir::SelectorPeer{std::move(selector)});
    return;
  }
  for (const ir::IpAddress& address : service.endpoints) out.push_back(ir::CidrPeer{ir::prefix_of(address), {}});
}

bool add_services(const std::vector<CiliumService>& wanted, const ElementContext& context, Peers& out) {
  bool found = false;
  for (const CiliumService& one : wanted) {
    bool here = false;
    for (const ir::Service& service : context.policy.cluster.services) {
      if (service.cluster != context.policy.cluster_name || !is_meant(one, service)) continue;
      here = true;
      add_service(service, context, out);
    }
    if (!here) report(context, ir::Code::MissingReference, one.span, "the input has no Service that is meant here");
    found = found || here;
  }
  return found;
}

template <class T>
bool used(const std::optional<std::vector<T>>& list) {
  return list && !list->empty();
}

}  // namespace

SubjectRequirements requirements_of(const PolicyObjects& objects, std::string_view cluster, const ir::Settings& settings) {
  SubjectRequirements out;
  if (settings.dialect != ir::Dialect::Cilium118) return out;
  for (const CiliumNetworkPolicy& policy : objects.cilium_network_policies)
    for (const CiliumRule& rule : policy.rules) {
      if (policy.meta.cluster != cluster || rule.on_nodes) continue;
      const ir::Selector subject = subject_of(rule.subject, SelectorSyntax::Cilium, policy.meta.namespace_name);
      for (const CiliumElements* list : {&rule.ingress, &rule.ingress_deny, &rule.egress, &rule.egress_deny}) {
        const bool ingress = list == &rule.ingress || list == &rule.ingress_deny;
        std::vector<ir::Requirement> found;
        add_requirements(*list, found);
        if (found.empty()) continue;
        auto& all = out[{ingress ? ir::Direction::Ingress : ir::Direction::Egress, subject}];
        all.insert(all.end(), found.begin(), found.end());
      }
    }
  return out;
}

std::string ElementContext::rule_cluster() const { return std::string(policy.cluster_name); }

std::optional<Peers> cilium_peers(const CiliumElement& element, const ElementContext& context, std::vector<std::string>& assumptions) {
  const bool outside_empty = (element.fqdns && element.fqdns->empty()) || (element.services && element.services->empty()) ||
                             (element.groups && element.groups->empty());
  const bool named = element.endpoints || element.cidrs || element.cidr_set || element.entities || element.nodes ||
                     used(element.services) || used(element.fqdns) || used(element.groups);
  // policy.md 3.6
  if (!named && outside_empty) assume(assumptions, "derived.empty_outside_peers_are_absent");
  if (!named && outside_empty && !context.policy.settings.derived_empty_outside_peers_are_absent) return Peers{};
  // policy.md 3.6: without ports too, the element allows nothing.
  if (!named) return element.port_rules || element.icmps ? std::nullopt : std::optional(Peers{});
  Peers out;
  if (element.endpoints) add_endpoints(element, context, out);
  if (element.cidrs) add_cidrs(*element.cidrs, context, out);
  if (element.cidr_set) add_cidrs(*element.cidr_set, context, out);
  if (element.entities) add_entities(*element.entities, context, out);
  if (element.nodes)
    for (const LabelSelector& selector : *element.nodes)
      out.push_back(ir::SelectorPeer{cilium_node_peer(selector, context.policy.settings)});
  if (element.fqdns)
    for (const auto& name : *element.fqdns) out.push_back(ir::FqdnPeer{name.value, true});
  if (element.groups)
    for (const auto& group : *element.groups) {
      out.push_back(ir::UnresolvedPeer{group.value});
      report(context, ir::Code::UnresolvedPeer, group.span, group.value + " is resolved by its provider: weir answers unknown where it matters");
    }
  if (used(element.services) && !add_services(*element.services, context, out)) {
    assume(assumptions, "derived.no_service_selects_nothing");
    if (!context.policy.settings.derived_no_service_selects_nothing) return std::nullopt;
  }
  return out;
}

}  // namespace weir::compiler
