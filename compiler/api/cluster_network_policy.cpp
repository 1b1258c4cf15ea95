// policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy (policy.md section 8).

#include "compiler/api/admin_policy.h"
#include "compiler/api/admin_tables.h"
#include "compiler/api/readers.h"

namespace weir::compiler {
namespace {

constexpr Field kFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, kStatusField};
constexpr Field kSpecFields[] = {{"egress"}, {"ingress"}, {"priority"}, {"subject"}, {"tier"}};
constexpr Field kSubjectFields[] = {{"namespaces"}, {"pods"}};
constexpr Field kIngressFields[] = {{"action"}, {"from"}, {"name"}, {"protocols"}};
constexpr Field kEgressFields[] = {{"action"}, {"name"}, {"protocols"}, {"to"}};
constexpr Field kIngressPeerFields[] = {{"namespaces"}, {"pods"}};
constexpr Field kEgressPeerFields[] = {{"domainNames"}, {"namespaces"}, {"networks"}, {"nodes"}, {"pods"}};

constexpr FieldTable kPolicy{"ClusterNetworkPolicy", kFields};
constexpr FieldTable kSpec{"ClusterNetworkPolicySpec", kSpecFields};
constexpr FieldTable kSubject{"ClusterNetworkPolicySubject", kSubjectFields};
constexpr FieldTable kIngress{"ClusterNetworkPolicyIngressRule", kIngressFields};
constexpr FieldTable kEgress{"ClusterNetworkPolicyEgressRule", kEgressFields};
constexpr FieldTable kIngressPeer{"ClusterNetworkPolicyIngressPeer", kIngressPeerFields};
constexpr FieldTable kEgressPeer{"ClusterNetworkPolicyEgressPeer", kEgressPeerFields};

constexpr AdminApi kApi{"ClusterNetworkPolicy", "Accept", true, 25, "protocols", kIngress, kEgress, kIngressPeer, kEgressPeer,
                        read_cluster_protocol};

}  // namespace

std::vector<const FieldTable*> cluster_network_policy_tables() {
  return {&kPolicy, &kSpec, &kSubject, &kIngress, &kEgress, &kIngressPeer, &kEgressPeer};
}

void read_cluster_network_policy(const Document& document, PolicyObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kPolicy, diagnostics);
  AdminPolicy policy;
  policy.meta = read_meta(top, document, Scope::Cluster);
  if (top.require("spec")) {
    const FieldReader spec(*top.get("spec"), kSpec, diagnostics);
    const auto tier = spec.require("tier") ? spec.one_of("tier", {"Admin", "Baseline"}) : std::nullopt;
    policy.tier = tier && tier->value == "Baseline" ? ir::Tier::Baseline : ir::Tier::Admin;
    read_admin_priority(spec, policy);
    policy.subject = read_admin_subject(spec, kSubject);
    policy.ingress = read_admin_rules(spec, ir::Direction::Ingress, kApi);
    policy.egress = read_admin_rules(spec, ir::Direction::Egress, kApi);
  }
  out.admin_policies.push_back(std::move(policy));
}

}  // namespace weir::compiler
