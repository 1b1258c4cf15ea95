// policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy and BaselineAdminNetworkPolicy (policy.md section 8).

#include "compiler/api/admin_policy.h"
#include "compiler/api/admin_tables.h"
#include "compiler/api/readers.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, kStatusField};
constexpr Field kSpecFields[] = {{"egress"}, {"ingress"}, {"priority"}, {"subject"}};
constexpr Field kBaselineSpecFields[] = {{"egress"}, {"ingress"}, {"subject"}};
constexpr Field kSubjectFields[] = {{"namespaces"}, {"pods"}};
constexpr Field kIngressFields[] = {{"action"}, {"from"}, {"name"}, {"ports"}};
constexpr Field kEgressFields[] = {{"action"}, {"name"}, {"ports"}, {"to"}};
constexpr Field kIngressPeerFields[] = {{"namespaces"}, {"pods"}};
constexpr Field kEgressPeerFields[] = {{"domainNames"}, {"namespaces"}, {"networks"}, {"nodes"}, {"pods"}};
constexpr Field kBaselineEgressPeerFields[] = {{"namespaces"}, {"networks"}, {"nodes"}, {"pods"}};

constexpr FieldTable kAdmin{"AdminNetworkPolicy", kFields};
constexpr FieldTable kAdminSpec{"AdminNetworkPolicySpec", kSpecFields};
constexpr FieldTable kBaseline{"BaselineAdminNetworkPolicy", kFields};
constexpr FieldTable kBaselineSpec{"BaselineAdminNetworkPolicySpec", kBaselineSpecFields};
constexpr FieldTable kSubject{"AdminNetworkPolicySubject", kSubjectFields};
constexpr FieldTable kIngress{"AdminNetworkPolicyIngressRule", kIngressFields};
constexpr FieldTable kEgress{"AdminNetworkPolicyEgressRule", kEgressFields};
constexpr FieldTable kIngressPeer{"AdminNetworkPolicyIngressPeer", kIngressPeerFields};
constexpr FieldTable kEgressPeer{"AdminNetworkPolicyEgressPeer", kEgressPeerFields};
constexpr FieldTable kBaselineEgressPeer{"BaselineAdminNetworkPolicyEgressPeer", kBaselineEgressPeerFields};

constexpr AdminApi kAdminApi{"AdminNetworkPolicy", "Allow", true, 100, "ports", kIngress, kEgress, kIngressPeer, kEgressPeer,
                             read_admin_port};
constexpr AdminApi kBaselineApi{"BaselineAdminNetworkPolicy", "Allow", false, 100, "ports", kIngress, kEgress, kIngressPeer,
                                kBaselineEgressPeer, read_admin_port};

void read_lists(const FieldReader& spec, const AdminApi& api, AdminPolicy& out) {
  out.subject = read_admin_subject(spec, kSubject);
  out.ingress = read_admin_rules(spec, ir::Direction::Ingress, api);
  out.egress = read_admin_rules(spec, ir::Direction::Egress, api);
}

}  // namespace

std::vector<const FieldTable*> admin_network_policy_tables() {
  return {&kAdmin, &kAdminSpec, &kBaseline, &kBaselineSpec, &kSubject, &kIngress, &kEgress, &kIngressPeer, &kEgressPeer,
          &kBaselineEgressPeer};
}

void read_admin_network_policy(const Document& document, PolicyObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kAdmin, diagnostics);
  AdminPolicy policy;
  policy.meta = read_meta(top, document, Scope::Cluster);
  if (top.require("spec")) {
    const FieldReader spec(*top.get("spec"), kAdminSpec, diagnostics);
    read_admin_priority(spec, policy);
    read_lists(spec, kAdminApi, policy);
  }
  out.admin_policies.push_back(std::move(policy));
}

void read_baseline_admin_network_policy(const Document& document, PolicyObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kBaseline, diagnostics);
  AdminPolicy policy;
  policy.meta = read_meta(top, document, Scope::Cluster);
  policy.tier = ir::Tier::Baseline;
  policy.priority_span = policy.meta.origin;
  // policy.md 8.1: there is one, and the API server knows it by its name.
  if (!policy.meta.name.empty() && policy.meta.name != "default")
    top.report(ir::Code::InvalidValue, policy.meta.origin,
               "a BaselineAdminNetworkPolicy is called `default`, not " + show(policy.meta.name), "write `default`");
  if (top.require("spec")) read_lists(FieldReader(*top.get("spec"), kBaselineSpec, diagnostics), kBaselineApi, policy);
  out.admin_policies.push_back(std::move(policy));
}

}  // namespace weir::compiler
