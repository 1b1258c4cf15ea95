// cilium.io/v2 CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy (policy.md 3.1 to 3.13): objects, rules and rule
// elements. Peers are in cilium_peers.cpp, ports and ICMP in cilium_ports.cpp, requests in cilium_l7.cpp.

#include <algorithm>

#include "compiler/api/cilium_peers.h"
#include "compiler/api/cilium_ports.h"
#include "compiler/api/meta.h"
#include "compiler/api/readers.h"
#include "compiler/api/tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, {"specs"}, kStatusField};
constexpr Field kRuleFields[] = {
    {"description", Support::Irrelevant, "for people"}, {"egress"}, {"egressDeny"}, {"enableDefaultDeny"},
    {"endpointSelector"}, {"ingress"}, {"ingressDeny"},
    {"labels", Support::Ignored, "names the rule for the agent's API, never for a verdict"}, {"log"}, {"nodeSelector"}};
constexpr Field kDefaultDenyFields[] = {{"egress"}, {"ingress"}};
constexpr Field kLogFields[] = {{"value"}};
constexpr Field kAuthFields[] = {{"mode"}};
constexpr FieldTable kLogTable{"LogConfig", kLogFields}, kAuthTable{"Authentication", kAuthFields};
constexpr Field kIngressFields[] = {
    {"authentication"}, {"fromCIDR"}, {"fromCIDRSet"}, {"fromEndpoints"}, {"fromEntities"}, {"fromGroups"}, {"fromNodes"},
    {"fromRequires"}, {"icmps"}, {"toPorts"}};
constexpr Field kIngressDenyFields[] = {
    {"fromCIDR"}, {"fromCIDRSet"}, {"fromEndpoints"}, {"fromEntities"}, {"fromGroups"}, {"fromNodes"}, {"fromRequires"},
    {"icmps"}, {"toPorts"}};
constexpr Field kEgressFields[] = {
    {"authentication"}, {"icmps"}, {"toCIDR"}, {"toCIDRSet"}, {"toEndpoints"}, {"toEntities"}, {"toFQDNs"}, {"toGroups"},
    {"toNodes"}, {"toPorts"}, {"toRequires"}, {"toServices"}};
constexpr Field kEgressDenyFields[] = {
    {"icmps"}, {"toCIDR"}, {"toCIDRSet"}, {"toEndpoints"}, {"toEntities"}, {"toGroups"}, {"toNodes"}, {"toPorts"},
    {"toRequires"}, {"toServices"}};

/// Of which kind of object a rule is.
struct PolicyContext {
  bool cluster_wide = false;
  std::string_view namespace_name;
};

// policy.md 3.11
ir::Auth read_auth(const FieldReader& element) {
  const Node* node = element.get("authentication");
  if (node == nullptr) return ir::Auth::Unset;
  const FieldReader reader(*node, kAuthTable, element.diagnostics());
  reader.require("mode");
  const auto mode = reader.one_of("mode", {"disabled", "required", "test-always-fail"});
  if (!mode) return ir::Auth::Unset;
  return mode->value == "disabled"   ? ir::Auth::Disabled
         : mode->value == "required" ? ir::Auth::Required
                                     : ir::Auth::AlwaysFail;
}

CiliumElement read_element(const Node& node, const ElementKind& kind, PortContext context, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kind.table, diagnostics);
  CiliumElement out;
  out.span = node.span;
  read_cilium_peers(reader, kind, out);
  if (!kind.deny) out.auth = read_auth(reader);
  context.deny = kind.deny;
  context.egress = kind.egress;
  read_cilium_ports(reader, context, out);
  return out;
}

CiliumElements read_elements(const FieldReader& rule, const ElementKind& kind, const PortContext& context) {
  return rule.list<CiliumElement>(
      kind.list, [&](const Node& item) { return read_element(item, kind, context, rule.diagnostics()); });
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

// policy.md 3.2
void read_log(const Node& node, CiliumRule& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kLogTable, diagnostics);
  const auto value = reader.string("value");
  if (!value) return;
  const bool printable = std::all_of(value->value.begin(), value->value.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
  if (value->value.size() > 32 || !printable)
    reader.report(ir::Code::InvalidValue, value->span, "`value` of `log` holds at most 32 printable characters");
  out.log = value->value;
}

// policy.md 2.5
void read_subject(const FieldReader& rule, const PolicyContext& context, CiliumRule& out) {
  const Node* node = rule.get("nodeSelector");
  const Node* endpoint = rule.get("endpointSelector");
  if (node != nullptr && !context.cluster_wide)
    rule.report(ir::Code::InvalidValue, node->span, "`nodeSelector` is for CiliumClusterwideNetworkPolicy only");
  if (node != nullptr && endpoint != nullptr)
    rule.report(ir::Code::ExclusiveFields, node->span, "`nodeSelector` and `endpointSelector` exclude each other", "write two rules in `specs`");
  out.on_nodes = node != nullptr;
  if (node == nullptr && !rule.require("endpointSelector")) return;
  out.subject = read_label_selector(node != nullptr ? *node : *endpoint, SelectorSyntax::Cilium, rule.diagnostics());
}

CiliumRule read_rule(const Node& node, const PolicyContext& context, ir::Diagnostics& diagnostics) {
  const FieldReader rule(node, kCiliumRuleTable, diagnostics);
  CiliumRule out;
  out.span = node.span;
  read_subject(rule, context, out);
  const PortContext ports{false, false, context.cluster_wide, out.on_nodes, context.namespace_name};
  out.ingress = read_elements(rule, {"ingress", kCiliumIngressTable, false, false}, ports);
  out.ingress_deny = read_elements(rule, {"ingressDeny", kCiliumIngressDenyTable, false, true}, ports);
  out.egress = read_elements(rule, {"egress", kCiliumEgressTable, true, false}, ports);
  out.egress_deny = read_elements(rule, {"egressDeny", kCiliumEgressDenyTable, true, true}, ports);
  if (const Node* deny = rule.get("enableDefaultDeny")) read_default_deny(*deny, out, diagnostics);
  if (const Node* log = rule.get("log")) read_log(*log, out, diagnostics);
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

void read_cilium_network_policy(const Document& document, PolicyObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kCiliumNetworkPolicyTable, diagnostics);
  CiliumNetworkPolicy policy;
  const bool cluster_wide = head(document, "kind") == "CiliumClusterwideNetworkPolicy";
  policy.meta = read_meta(top, document, cluster_wide ? Scope::Cluster : Scope::Namespaced);
  const PolicyContext context{cluster_wide, policy.meta.namespace_name};
  if (const Node* spec = top.get("spec")) policy.rules.push_back(read_rule(*spec, context, diagnostics));
  const auto specs = top.list<CiliumRule>("specs", [&](const Node& item) { return read_rule(item, context, diagnostics); });
  if (specs) policy.rules.insert(policy.rules.end(), specs->begin(), specs->end());
  const bool broken = specs && !top.get("specs")->items.empty();  // null elements, reported
  if (policy.rules.empty() && document.root.kind == NodeKind::Mapping && !broken)
    top.report(ir::Code::MissingField, policy.meta.origin, "a " + policy.meta.kind + " needs `spec` or `specs`");
  out.cilium_network_policies.push_back(std::move(policy));
}

}  // namespace weir::compiler
