#pragma once

#include <string>
#include <vector>

#include "compiler/api/fields.h"

namespace weir::compiler {

// The field tables that docs/support.md is made from. Each stands in the .cpp that reads its type.
extern const FieldTable kObjectMeta;
extern const FieldTable kLabelSelector, kLabelSelectorRequirement;
extern const FieldTable kNamespaceTable;
extern const FieldTable kPodTable, kPodSpecTable, kPodStatusTable, kContainerTable, kContainerPortTable;
extern const FieldTable kDeploymentTable, kDeploymentSpecTable, kStatefulSetTable, kStatefulSetSpecTable, kDaemonSetTable,
    kDaemonSetSpecTable, kReplicaSetTable, kReplicaSetSpecTable, kJobTable, kJobSpecTable, kCronJobTable, kCronJobSpecTable,
    kPodTemplateTable;
extern const FieldTable kNodeTable, kNodeStatusTable;
extern const FieldTable kServiceTable, kServiceSpecTable, kServicePortTable;
extern const FieldTable kNetworkPolicyTable, kNetworkPolicySpecTable, kNetworkPolicyIngressTable,
    kNetworkPolicyEgressTable, kNetworkPolicyPeerTable, kNetworkPolicyPortTable, kIpBlockTable;
extern const FieldTable kCiliumNetworkPolicyTable, kCiliumRuleTable, kCiliumIngressTable, kCiliumIngressDenyTable,
    kCiliumEgressTable, kCiliumEgressDenyTable, kCiliumDefaultDenyTable, kCiliumCidrRuleTable, kCiliumPortRuleTable,
    kCidrGroupTable, kCidrGroupSpecTable, kCiliumPortDenyRuleTable, kCiliumPortTable, kCiliumIcmpRuleTable, kCiliumIcmpFieldTable;

/// Every table above, by type as it stands in the API, in this order.
[[nodiscard]] std::vector<const FieldTable*> all_tables();

/// The page docs/support.md: what is read, what is refused and why, from the tables and the list of kinds.
[[nodiscard]] std::string support_page();

}  // namespace weir::compiler
