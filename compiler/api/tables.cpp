#include "compiler/api/tables.h"

#include "compiler/api/admin_tables.h"
#include "compiler/api/cilium_tables.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/kinds.h"
#include "compiler/api/mesh_tables.h"

namespace weir::compiler {
namespace {

std::string kind_lines(KindUse use) {
  std::string text;
  for (const KindInfo& info : all_kinds()) {
    if (info.use != use) continue;
    text += "- " + std::string(info.kind) + " (" + (info.group.empty() ? "" : std::string(info.group) + "/");
    for (std::size_t i = 0; i < info.versions.size(); ++i) text += (i == 0 ? "" : ", ") + std::string(info.versions[i]);
    text += ")\n";
  }
  return text;
}

void append_table(const FieldTable& table, std::string& text) {
  std::string done, skipped;
  for (const Field& field : table.fields) {
    std::string& list = field.support == Support::Done ? done : skipped;
    if (field.support == Support::Done || field.support == Support::Irrelevant)
      list += (list.empty() ? "`" : ", `") + std::string(field.name) + "`";
  }
  text += "\n### " + std::string(table.type) + "\n\n";
  if (!done.empty()) text += "- done: " + done + "\n";
  for (const Field& field : table.fields)
    if (field.support != Support::Done && field.support != Support::Irrelevant)
      text += "- " + std::string(to_text(field.support)) + ": `" + std::string(field.name) + "`" +
              (field.note.empty() ? "" : " (" + std::string(field.note) + ")") + "\n";
  if (!skipped.empty()) text += "- irrelevant: " + skipped + "\n";
}

}  // namespace

std::vector<const FieldTable*> all_tables() {
  std::vector<const FieldTable*> tables = {
          &kNetworkPolicyTable, &kNetworkPolicySpecTable, &kNetworkPolicyIngressTable, &kNetworkPolicyEgressTable,
          &kNetworkPolicyPeerTable, &kNetworkPolicyPortTable, &kIpBlockTable, &kCiliumNetworkPolicyTable, &kCiliumRuleTable,
          &kCiliumDefaultDenyTable, &kCiliumIngressTable, &kCiliumIngressDenyTable, &kCiliumEgressTable,
          &kCiliumEgressDenyTable, &kCiliumCidrRuleTable, &kCiliumPortRuleTable, &kCiliumPortDenyRuleTable,
          &kCiliumPortTable, &kCiliumIcmpRuleTable, &kCiliumIcmpFieldTable, &kCidrGroupTable, &kCidrGroupSpecTable, &kLabelSelector, &kLabelSelectorRequirement,
          &kObjectMeta, &kNamespaceTable, &kPodTable, &kPodSpecTable, &kContainerTable, &kContainerPortTable,
          &kPodStatusTable, &kDeploymentTable, &kDeploymentSpecTable, &kStatefulSetTable, &kStatefulSetSpecTable,
          &kDaemonSetTable, &kDaemonSetSpecTable, &kReplicaSetTable, &kReplicaSetSpecTable, &kJobTable, &kJobSpecTable,
          &kCronJobTable, &kCronJobSpecTable, &kPodTemplateTable, &kNodeTable, &kNodeStatusTable, &kServiceTable,
          &kServiceSpecTable, &kServicePortTable};
  for (const auto& more : {cilium_peer_tables(), cilium_l7_tables(), admin_network_policy_tables(), cluster_network_policy_tables(),
                           admin_peer_tables(), admin_port_tables(), endpoints_tables(), secret_tables(), config_tables(),
                           gateway_tables(), listener_tables(), gateway_tls_tables(), listener_set_tables(), parent_tables(), http_route_tables(), http_match_tables(),
                           rule_tables(), backend_tables(), filter_tables(), header_filter_tables(), redirect_tables(), mirror_tables(),
                           grpc_route_tables(), stream_route_tables(), reference_grant_tables(), backend_tls_policy_tables(), experimental_gateway_tables(),
                           policy_test_tables(), route_check_tables()})
    tables.insert(tables.end(), more.begin(), more.end());
  return tables;
}

std::string support_page() {
  std::string text =
      "# What weir reads, and what it refuses\n\n"
      "Made from the field tables of `compiler/api` by `tests/unit/compiler/resolve/read_test.cpp`; do not edit.\n"
      "A field that is `refused` ends a run with exit code 3 and its place, because an answer without it could be wrong.\n"
      "A field that stands nowhere here is a mistake (WEIR0101). `irrelevant` fields cannot change an answer.\n\n"
      "## Kinds that are read\n\n" + kind_lines(KindUse::Read) +
      "\nOf Secrets only those that the `headerMatches` of a rule or a Gateway, ListenerSet or BackendTLSPolicy names, of\n"
      "ConfigMaps only `kube-system/cilium-config` and those that a Gateway or BackendTLSPolicy names; the others are skipped\n"
      "and counted.\n"
      "\n## Kinds that are refused (WEIR0106)\n\n" + kind_lines(KindUse::Refused) +
      "\n## Known kinds that are skipped and counted, as every other kind is\n\n" + kind_lines(KindUse::Skipped) +
      "\n## Fields\n";
  for (const FieldTable* table : all_tables()) append_table(*table, text);
  return text;
}

}  // namespace weir::compiler
