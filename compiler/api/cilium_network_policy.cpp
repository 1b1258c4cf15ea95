// cilium.io/v2 CiliumNetworkPolicy (policy.md 3.1 to 3.10): objects, rules and rule elements. Peers, ports and ICMP are in
// cilium_ports.cpp. Whatever Cilium has and weir does not honour stands in the tables as Unsupported: skipping one field
// of a deny would fail open.

#include <algorithm>

#include "compiler/api/cidr.h"
#include "compiler/api/cilium_ports.h"
#include "compiler/api/meta.h"
#include "compiler/api/readers.h"
#include "compiler/api/tables.h"

namespace weir::compiler {
namespace {

constexpr Support kNo = Support::Unsupported;
constexpr std::string_view kNames = "needs to know what DNS answered";
constexpr std::string_view kServices = "needs the endpoints of Services";
constexpr std::string_view kNodes = "needs the labels of nodes";
constexpr std::string_view kGroups = "resolved by a cloud provider";
constexpr std::string_view kAuth = "needs mutual authentication";
constexpr std::string_view kRequires = "must be empty since Cilium 1.19";

constexpr Field kFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, {"specs"}, kStatusField};
constexpr Field kRuleFields[] = {
    {"description", Support::Irrelevant, "for people"}, {"egress"}, {"egressDeny"}, {"enableDefaultDeny"},
    {"endpointSelector"}, {"ingress"}, {"ingressDeny"},
    {"labels", Support::Ignored, "names the rule for the agent's API, never for a verdict"},
    {"log", kNo, "a text for flow logs"}, {"nodeSelector", kNo, "for CiliumClusterwideNetworkPolicy only"}};
constexpr Field kDefaultDenyFields[] = {{"egress"}, {"ingress"}};
constexpr Field kIngressFields[] = {
    {"authentication", kNo, kAuth}, {"fromCIDR"}, {"fromCIDRSet"}, {"fromEndpoints"}, {"fromEntities"},
    {"fromGroups", kNo, kGroups, true}, {"fromNodes", kNo, kNodes}, {"fromRequires", kNo, kRequires, true}, {"icmps"},
    {"toPorts"}};
constexpr Field kIngressDenyFields[] = {
    {"fromCIDR"}, {"fromCIDRSet"}, {"fromEndpoints"}, {"fromEntities"}, {"fromGroups", kNo, kGroups, true},
    {"fromNodes", kNo, kNodes}, {"fromRequires", kNo, kRequires, true}, {"icmps"}, {"toPorts"}};
constexpr Field kEgressFields[] = {
    {"authentication", kNo, kAuth}, {"icmps"}, {"toCIDR"}, {"toCIDRSet"}, {"toEndpoints"}, {"toEntities"},
    {"toFQDNs", kNo, kNames, true}, {"toGroups", kNo, kGroups, true}, {"toNodes", kNo, kNodes}, {"toPorts"},
    {"toRequires", kNo, kRequires, true}, {"toServices", kNo, kServices, true}};
constexpr Field kEgressDenyFields[] = {
    {"icmps"}, {"toCIDR"}, {"toCIDRSet"}, {"toEndpoints"}, {"toEntities"}, {"toGroups", kNo, kGroups, true},
    {"toNodes", kNo, kNodes}, {"toPorts"}, {"toRequires", kNo, kRequires, true}, {"toServices", kNo, kServices, true}};
constexpr Field kCidrRuleFields[] = {{"cidr"}, {"cidrGroupRef", kNo, "needs CiliumCIDRGroup"},
                                     {"cidrGroupSelector", kNo, "needs CiliumCIDRGroup"}, {"except"}};

/// The four lists of a rule.
struct ElementKind {
  std::string_view list;
  const FieldTable& table;
  std::string_view endpoints, cidr, cidr_set, entities;
  bool deny;
};

using Texts = std::vector<Located<std::string>>;

// policy.md 2.7; world-ipv4 and world-ipv6 are known to the agent's parser but not to the API.
const std::vector<std::string_view> kEntities = {"all",       "world",       "cluster", "host",           "init",        "ingress",
                                                 "unmanaged", "remote-node", "health",  "kube-apiserver", "cluster-mesh", "none"};

void check_entity(const FieldReader& reader, const Located<std::string>& entity) {
  if (std::find(kEntities.begin(), kEntities.end(), entity.value) != kEntities.end()) return;
  const std::string near = nearest(entity.value, kEntities);
  reader.report(ir::Code::InvalidValue, entity.span, show(entity.value) + " is no entity",
                near.empty() ? "" : "write `" + near + "`");
}

std::optional<std::vector<CidrBlock>> read_cidrs(const FieldReader& reader, std::string_view field) {
  const auto texts = reader.strings(field);
  if (!texts) return std::nullopt;
  std::vector<CidrBlock> out;
  for (const auto& text : *texts)
    if (const auto prefix = read_prefix(text, AddressForm::CidrOrAddress, reader.diagnostics()))
      out.push_back({*prefix, {}, text.span});
  return out;
}

CidrBlock read_cidr_rule(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kCiliumCidrRuleTable, diagnostics);
  const bool group = node.kind == NodeKind::Mapping && (node.find("cidrGroupRef") || node.find("cidrGroupSelector"));
  if (group) return {{}, {}, node.span};  // refused already
  return read_cidr_block(reader, ExceptRule::Inside);
}

// policy.md 3.3: only one peer field may be in use.
void check_exclusive(const FieldReader& reader, const ElementKind& kind) {
  std::string_view first;
  for (const std::string_view field : {kind.endpoints, kind.cidr, kind.cidr_set, kind.entities}) {
    const Node* value = reader.get(field);
    if (value == nullptr || value->items.empty()) continue;
    if (!first.empty())
      reader.report(ir::Code::ExclusiveFields, value->span,
                    "combining `" + std::string(first) + "` and `" + std::string(field) + "` is not supported by Cilium",
                    "write two list items");
    if (first.empty()) first = field;
  }
}

// policy.md 3.6, derived: an empty toFQDNs, toServices or toGroups leaves the peer wide open.
void note_assumptions(const Node& node, CiliumElement& out) {
  for (const std::string_view field : {"toFQDNs", "toServices", "toGroups", "fromGroups"}) {
    const Node* value = node.kind == NodeKind::Mapping ? node.find(field) : nullptr;
    if (value != nullptr && !value->is_null()) out.assumptions.push_back("derived.empty_" + std::string(field) + "_is_absent");
  }
}

CiliumElement read_element(const Node& node, const ElementKind& kind, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kind.table, diagnostics);
  CiliumElement out;
  out.span = node.span;
  out.endpoints = reader.list<LabelSelector>(kind.endpoints, [&](const Node& item) {
    return read_label_selector(item, SelectorSyntax::Cilium, diagnostics);
  });
  out.cidrs = read_cidrs(reader, kind.cidr);
  out.cidr_set = reader.list<CidrBlock>(kind.cidr_set, [&](const Node& item) { return read_cidr_rule(item, diagnostics); });
  out.entities = reader.strings(kind.entities);
  if (out.entities)
    for (const auto& entity : *out.entities) check_entity(reader, entity);
  check_exclusive(reader, kind);
  note_assumptions(node, out);
  read_cilium_ports(reader, kind.deny, out);
  return out;
}

CiliumElements read_elements(const FieldReader& rule, const ElementKind& kind) {
  return rule.list<CiliumElement>(
      kind.list, [&](const Node& item) { return read_element(item, kind, rule.diagnostics()); });
}

bool in_use(const FieldReader& rule, std::string_view list) {
  const Node* node = rule.get(list);
  return node != nullptr && (node->kind != NodeKind::Sequence || !node->items.empty());
}

std::optional<bool> flag(const std::optional<Located<bool>>& value) {
  return value ? std::optional(value->value) : std::nullopt;
}

void read_default_deny(const Node& node, CiliumRule& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kCiliumDefaultDenyTable, diagnostics);
  out.default_deny_ingress = flag(reader.boolean("ingress"));
  out.default_deny_egress = flag(reader.boolean("egress"));
}

CiliumRule read_rule(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader rule(node, kCiliumRuleTable, diagnostics);
  CiliumRule out;
  out.span = node.span;
  const bool node_rule = node.kind == NodeKind::Mapping && node.find("nodeSelector");  // refused already
  if (!node_rule && rule.require("endpointSelector"))
    out.subject = read_label_selector(*rule.get("endpointSelector"), SelectorSyntax::Cilium, diagnostics);
  out.ingress = read_elements(rule, {"ingress", kCiliumIngressTable, "fromEndpoints", "fromCIDR", "fromCIDRSet", "fromEntities", false});
  out.ingress_deny = read_elements(rule, {"ingressDeny", kCiliumIngressDenyTable, "fromEndpoints", "fromCIDR", "fromCIDRSet", "fromEntities", true});
  out.egress = read_elements(rule, {"egress", kCiliumEgressTable, "toEndpoints", "toCIDR", "toCIDRSet", "toEntities", false});
  out.egress_deny = read_elements(rule, {"egressDeny", kCiliumEgressDenyTable, "toEndpoints", "toCIDR", "toCIDRSet", "toEntities", true});
  if (const Node* deny = rule.get("enableDefaultDeny")) read_default_deny(*deny, out, diagnostics);
  // policy.md 3.1
  if (node.kind == NodeKind::Mapping && !in_use(rule, "ingress") && !in_use(rule, "ingressDeny") &&
      !in_use(rule, "egress") && !in_use(rule, "egressDeny"))
    rule.report(ir::Code::MissingField, node.span, "a rule needs at least one of `ingress`, `ingressDeny`, `egress`, `egressDeny`",
                "write `ingress: [{}]` to allow nothing in");
  return out;
}

}  // namespace

const FieldTable kCiliumNetworkPolicyTable{"CiliumNetworkPolicy", kFields};
const FieldTable kCiliumRuleTable{"Rule", kRuleFields};
const FieldTable kCiliumDefaultDenyTable{"DefaultDenyConfig", kDefaultDenyFields};
const FieldTable kCiliumIngressTable{"IngressRule", kIngressFields};
const FieldTable kCiliumIngressDenyTable{"IngressDenyRule", kIngressDenyFields};
const FieldTable kCiliumEgressTable{"EgressRule", kEgressFields};
const FieldTable kCiliumEgressDenyTable{"EgressDenyRule", kEgressDenyFields};
const FieldTable kCiliumCidrRuleTable{"CIDRRule", kCidrRuleFields};

void read_cilium_network_policy(const Document& document, PolicyObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kCiliumNetworkPolicyTable, diagnostics);
  CiliumNetworkPolicy policy;
  policy.meta = read_meta(top, document, Scope::Namespaced);
  if (const Node* spec = top.get("spec")) policy.rules.push_back(read_rule(*spec, diagnostics));
  const auto specs = top.list<CiliumRule>("specs", [&](const Node& item) { return read_rule(item, diagnostics); });
  if (specs) policy.rules.insert(policy.rules.end(), specs->begin(), specs->end());
  const bool broken = specs && !top.get("specs")->items.empty();  // null elements, reported
  if (policy.rules.empty() && document.root.kind == NodeKind::Mapping && !broken)
    top.report(ir::Code::MissingField, policy.meta.origin, "a CiliumNetworkPolicy needs `spec` or `specs`");
  out.cilium_network_policies.push_back(std::move(policy));
}

}  // namespace weir::compiler
