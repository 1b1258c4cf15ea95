// The peers of a rule element of a CiliumNetworkPolicy (policy.md sections 2 and 3.3).

#include "compiler/api/cilium_peers.h"

#include <algorithm>

#include "compiler/api/cidr.h"
#include "compiler/api/cilium_l7.h"
#include "compiler/api/cilium_tables.h"
#include "compiler/api/names.h"
#include "compiler/api/tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kCidrRuleFields[] = {{"cidr"}, {"cidrGroupRef"}, {"cidrGroupSelector"}, {"except"}};
constexpr Field kServiceFields[] = {{"k8sService"}, {"k8sServiceSelector"}};
constexpr Field kServiceNameFields[] = {{"namespace"}, {"serviceName"}};
constexpr Field kServiceSelectorFields[] = {{"namespace"}, {"selector"}};
constexpr Field kGroupsFields[] = {{"aws"}};
constexpr Field kAwsFields[] = {{"labels"}, {"region"}, {"securityGroupsIds"}, {"securityGroupsNames"}};
constexpr FieldTable kPeerServiceTable{"Service", kServiceFields}, kServiceNameTable{"K8sServiceNamespace", kServiceNameFields},
    kServiceSelectorTable{"K8sServiceSelectorNamespace", kServiceSelectorFields}, kGroupsTable{"Groups", kGroupsFields},
    kAwsTable{"AWSGroup", kAwsFields};

// policy.md 2.7; world-ipv4 and world-ipv6 are known to the agent's parser but not to the API.
const std::vector<std::string_view> kEntities = {"all",       "world",       "cluster", "host",           "init",        "ingress",
                                                 "unmanaged", "remote-node", "health",  "kube-apiserver", "cluster-mesh", "none"};

/// fromEndpoints of Endpoints on ingress, toEndpoints on egress.
std::string field(const ElementKind& kind, std::string_view name) { return (kind.egress ? "to" : "from") + std::string(name); }

void check_entity(const FieldReader& reader, const Located<std::string>& entity) {
  if (std::find(kEntities.begin(), kEntities.end(), entity.value) != kEntities.end()) return;
  const std::string near = nearest(entity.value, kEntities);
  reader.report(ir::Code::InvalidValue, entity.span, show(entity.value) + " is no entity",
                near.empty() ? "" : "write `" + near + "`");
}

std::optional<std::vector<CidrBlock>> read_cidrs(const FieldReader& reader, std::string_view name) {
  const auto texts = reader.strings(name);
  if (!texts) return std::nullopt;
  std::vector<CidrBlock> out;
  for (const auto& text : *texts)
    if (const auto prefix = read_prefix(text, AddressForm::CidrOrAddress, reader.diagnostics()))
      out.push_back({*prefix, {}, text.span, {}, {}});
  return out;
}

// policy.md 2.11
CidrBlock read_cidr_rule(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kCiliumCidrRuleTable, diagnostics);
  const bool ref = reader.has("cidrGroupRef"), selector = reader.has("cidrGroupSelector");
  if (!ref && !selector) return read_cidr_block(reader, ExceptRule::Inside);
  CidrBlock out;
  out.span = node.span;
  if (int{ref} + int{selector} + int{reader.has("cidr")} > 1)
    reader.report(ir::Code::ExclusiveFields, node.span, "`cidr`, `cidrGroupRef` and `cidrGroupSelector` exclude each other", "write list items");
  if (const auto name = reader.string("cidrGroupRef")) out.group = name->value;
  if (selector) out.groups = read_label_selector(*reader.get("cidrGroupSelector"), SelectorSyntax::Cilium, diagnostics);
  if (const auto except = reader.strings("except"))
    for (const auto& text : *except)
      if (const auto prefix = read_prefix(text, AddressForm::CidrOnly, diagnostics)) out.except.push_back(*prefix);
  std::sort(out.except.begin(), out.except.end());
  return out;
}

// policy.md 2.9
CiliumService read_service(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kPeerServiceTable, diagnostics);
  CiliumService out;
  out.span = node.span;
  if (reader.has("k8sService") == reader.has("k8sServiceSelector"))
    reader.report(reader.has("k8sService") ? ir::Code::ExclusiveFields : ir::Code::MissingField, node.span,
                  "a Service is named by `k8sService` or by `k8sServiceSelector`");
  const auto space = [](const FieldReader& from) {
    const auto text = from.string("namespace");
    return text ? text->value : std::string();
  };
  if (const Node* by_name = reader.get("k8sService")) {
    const FieldReader name(*by_name, kServiceNameTable, diagnostics);
    out.namespace_name = space(name);
    if (const auto text = name.string("serviceName")) out.name = text->value;
  }
  if (const Node* by_labels = reader.get("k8sServiceSelector")) {
    const FieldReader labels(*by_labels, kServiceSelectorTable, diagnostics);
    out.namespace_name = space(labels);
    if (labels.require("selector")) out.selector = read_label_selector(*labels.get("selector"), SelectorSyntax::Cilium, diagnostics);
  }
  return out;
}

// policy.md 2.10
Located<std::string> read_group(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kGroupsTable, diagnostics);
  Located<std::string> out{"a provider's group", node.span};
  if (!reader.require("aws")) return out;
  const FieldReader aws(*reader.get("aws"), kAwsTable, diagnostics);
  out.value = "AWS group";
  for (const std::string_view list : {"securityGroupsIds", "securityGroupsNames"})
    if (const auto names = aws.strings(list))
      for (const auto& name : *names) out.value += " " + name.value;
  if (const auto labels = aws.string_map("labels"))
    for (const auto& [key, value] : *labels) out.value.append(" ").append(key).append("=").append(value);
  if (const auto region = aws.string("region")) out.value += " in " + region->value;
  return out;
}

// policy.md 3.3: only one peer field may be in use.
void check_exclusive(const FieldReader& reader, const std::vector<std::string>& fields) {
  std::string first;
  for (const std::string& name : fields) {
    const Node* value = reader.get(name);
    if (value == nullptr || value->items.empty()) continue;
    if (!first.empty())
      reader.report(ir::Code::ExclusiveFields, value->span,
                    "combining `" + first + "` and `" + name + "` is not supported by Cilium", "write two list items");
    if (first.empty()) first = name;
  }
}

void read_names(const FieldReader& reader, CiliumElement& out) {
  ir::Diagnostics& diagnostics = reader.diagnostics();
  const auto names = reader.list<Located<ir::NamePattern>>("toFQDNs", [&](const Node& item) {
    auto patterns = read_name_patterns(item, kFqdnSelectorTable, diagnostics);
    if (patterns.size() == 1) return std::move(patterns.front());
    if (item.kind == NodeKind::Mapping)
      diagnostics.report({.kind = patterns.empty() ? ir::Code::MissingField : ir::Code::ExclusiveFields, .primary = item.span,
                          .detail = "a name needs `matchName` or `matchPattern`, and one of them", .labels = {}, .notes = {}, .fix = {},
                          .witness = {}});
    return Located<ir::NamePattern>{{"", true}, item.span};
  });
  out.fqdns = names;
  out.services = reader.list<CiliumService>("toServices", [&](const Node& item) { return read_service(item, diagnostics); });
}

}  // namespace

const FieldTable kCiliumCidrRuleTable{"CIDRRule", kCidrRuleFields};

void read_cilium_peers(const FieldReader& reader, const ElementKind& kind, CiliumElement& out) {
  ir::Diagnostics& diagnostics = reader.diagnostics();
  const auto selectors = [&](std::string_view name) {
    return reader.list<LabelSelector>(field(kind, name), [&](const Node& item) {
      return read_label_selector(item, SelectorSyntax::Cilium, diagnostics);
    });
  };
  out.endpoints = selectors("Endpoints");
  out.nodes = selectors("Nodes");
  out.requirements = selectors("Requires");
  out.cidrs = read_cidrs(reader, field(kind, "CIDR"));
  out.cidr_set = reader.list<CidrBlock>(field(kind, "CIDRSet"), [&](const Node& item) { return read_cidr_rule(item, diagnostics); });
  out.entities = reader.strings(field(kind, "Entities"));
  if (out.entities)
    for (const auto& entity : *out.entities) check_entity(reader, entity);
  out.groups = reader.list<Located<std::string>>(field(kind, "Groups"), [&](const Node& item) { return read_group(item, diagnostics); });
  std::vector<std::string> peers;
  for (const std::string_view name : {"Endpoints", "CIDR", "CIDRSet", "Entities", "Nodes", "Groups"}) peers.push_back(field(kind, name));
  if (kind.egress) peers.emplace_back("toServices");
  if (kind.egress && !kind.deny) {
    peers.emplace_back("toFQDNs");
    read_names(reader, out);
  } else if (kind.egress) {
    out.services = reader.list<CiliumService>("toServices", [&](const Node& item) { return read_service(item, diagnostics); });
  }
  check_exclusive(reader, peers);
}

std::vector<const FieldTable*> cilium_peer_tables() {
  return {&kPeerServiceTable, &kServiceNameTable, &kServiceSelectorTable, &kFqdnSelectorTable, &kGroupsTable, &kAwsTable};
}

}  // namespace weir::compiler
