#include "compiler/verify/members.h"

#include <algorithm>

namespace weir::compiler {
namespace {

struct IsMember {
  const ir::Cluster& cluster;
  const ir::Pod& pod;

  [[nodiscard]] bool has_address(auto fits) const { return std::any_of(pod.addresses.begin(), pod.addresses.end(), fits); }

  bool operator()(const ir::Party& party) const {
    const bool here = pod.namespace_name == party.namespace_name && pod.cluster == party.cluster;
    switch (party.kind) {
      case ir::PartyKind::Pod: return here && pod.name == party.name;
      case ir::PartyKind::Workload: return here && pod.workload.name == party.name;
      case ir::PartyKind::Labels:
        return here && std::all_of(party.labels.begin(), party.labels.end(), [&](const auto& label) {
                 const auto at = pod.pod_labels.find(label.first);
                 return at != pod.pod_labels.end() && at->second == label.second;
               });
      case ir::PartyKind::Ip: return has_address([&](const ir::IpAddress& address) { return address == *party.address; });
      case ir::PartyKind::Entity: return pod.host_network && (party.name == "host" || party.name == "remote-node");
      case ir::PartyKind::Fqdn: return false;
    }
    return false;
  }
  bool operator()(const NamespaceParty& party) const { return pod.cluster.empty() && pod.namespace_name == party.name; }
  bool operator()(const CidrParty& party) const {
    return has_address([&](const ir::IpAddress& address) { return contains(party.prefix, address); });
  }
  bool operator()(const ClusterParty& party) const {
    return (pod.cluster.empty() ? cluster.settings.cluster_name : pod.cluster) == party.name;
  }
  bool operator()(const NodeParty& party) const {
    const ir::Node* node = pod.host_network ? cluster.find_node(pod.node) : nullptr;
    if (node == nullptr) return false;
    const auto at = node->labels.find(party.key);
    return at != node->labels.end() && at->second == party.value;
  }
};

}  // namespace

bool is_member(const ir::Cluster& cluster, const ir::Pod& pod, const InvariantParty& party) { return std::visit(IsMember{cluster, pod}, party); }

bool is_member(const ir::Cluster& cluster, const ir::Pod& pod, const Parties& parties) {
  return std::any_of(parties.begin(), parties.end(), [&](const InvariantParty& party) { return is_member(cluster, pod, party); });
}

}  // namespace weir::compiler
