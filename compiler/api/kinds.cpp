#include "compiler/api/kinds.h"

#include "compiler/api/reader.h"

namespace weir::compiler {
namespace {

constexpr auto kRead = KindUse::Read;
constexpr auto kRefused = KindUse::Refused;
constexpr auto kSkipped = KindUse::Skipped;

std::string_view group_of(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view{} : api_version.substr(0, slash);
}

std::string_view version_of(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? api_version : api_version.substr(slash + 1);
}

bool holds(const std::vector<std::string_view>& list, std::string_view value) {
  for (const std::string_view item : list)
    if (item == value) return true;
  return false;
}

// Versions that Kubernetes removed: extensions/v1beta1 of what moved to groups of its own, apps/v1beta1 and v1beta2.
bool removed(std::string_view group, std::string_view version, const KindInfo& info) {
  if (group == "extensions") return info.group == "apps" || info.group == "networking.k8s.io";
  return group == "apps" && info.group == "apps" && version.starts_with("v1beta");
}

// Kubernetes' own groups: apps, batch, networking.k8s.io. No two of them have a kind of one name that weir knows.
bool own_group(std::string_view group) { return group.find('.') == std::string_view::npos || group.ends_with(".k8s.io"); }

}  // namespace

const std::vector<KindInfo>& all_kinds() {
  static const std::vector<KindInfo> kinds = {
      {"", "Namespace", {"v1"}, kRead, false},
      {"", "Pod", {"v1"}, kRead, false},
      {"", "Node", {"v1"}, kRead, false},
      {"", "Service", {"v1"}, kRead, false},
      {"apps", "Deployment", {"v1"}, kRead, false},
      {"apps", "StatefulSet", {"v1"}, kRead, false},
      {"apps", "DaemonSet", {"v1"}, kRead, false},
      {"apps", "ReplicaSet", {"v1"}, kRead, false},
      {"batch", "Job", {"v1"}, kRead, false},
      {"batch", "CronJob", {"v1", "v1beta1"}, kRead, false},
      {"", "Endpoints", {"v1"}, kRead, false},
      {"discovery.k8s.io", "EndpointSlice", {"v1", "v1beta1"}, kRead, false},
      {"", "Secret", {"v1"}, kRead, false},
      {"", "ConfigMap", {"v1"}, kRead, false},
      {"cilium.io", "CiliumEndpoint", {"v2"}, kSkipped, true},
      {"cilium.io", "CiliumIdentity", {"v2"}, kSkipped, true},
      {"cilium.io", "CiliumNode", {"v2"}, kSkipped, true},
      {"networking.k8s.io", "NetworkPolicy", {"v1"}, kRead, false},
      {"cilium.io", "CiliumNetworkPolicy", {"v2"}, kRead, true},
      {"cilium.io", "CiliumClusterwideNetworkPolicy", {"v2"}, kRead, true},
      {"cilium.io", "CiliumCIDRGroup", {"v2", "v2alpha1"}, kRead, true},
      {"policy.networking.k8s.io", "AdminNetworkPolicy", {"v1alpha1"}, kRead, true},
      {"policy.networking.k8s.io", "BaselineAdminNetworkPolicy", {"v1alpha1"}, kRead, true},
      {"policy.networking.k8s.io", "ClusterNetworkPolicy", {"v1alpha2"}, kRead, false},
      {"gateway.networking.k8s.io", "GatewayClass", {"v1", "v1beta1", "v1alpha2"}, kRead, true},
      {"gateway.networking.k8s.io", "Gateway", {"v1", "v1beta1", "v1alpha2"}, kRead, false},
      {"gateway.networking.k8s.io", "ListenerSet", {"v1"}, kRead, false},
      {"gateway.networking.x-k8s.io", "XListenerSet", {"v1alpha1"}, kRead, true},
      {"gateway.networking.k8s.io", "HTTPRoute", {"v1", "v1beta1", "v1alpha2"}, kRead, false},
      {"gateway.networking.k8s.io", "GRPCRoute", {"v1", "v1alpha2"}, kRead, true},
      {"gateway.networking.k8s.io", "TLSRoute", {"v1", "v1alpha3", "v1alpha2"}, kRead, true},
      {"gateway.networking.k8s.io", "TCPRoute", {"v1", "v1alpha2"}, kRead, true},
      {"gateway.networking.k8s.io", "UDPRoute", {"v1", "v1alpha2"}, kRead, true},
      {"gateway.networking.k8s.io", "ReferenceGrant", {"v1", "v1beta1", "v1alpha2"}, kRead, true},
      {"gateway.networking.k8s.io", "BackendTLSPolicy", {"v1", "v1alpha3"}, kRead, true},
      {"gateway.networking.k8s.io", "BackendLBPolicy", {"v1alpha2"}, kRefused, true},  // sessions, which override weights
      {"gateway.networking.x-k8s.io", "XBackend", {"v1alpha1"}, kRead, true},
      {"gateway.networking.x-k8s.io", "XBackendTrafficPolicy", {"v1alpha1"}, kRead, true},
      {"gateway.networking.x-k8s.io", "XMesh", {"v1alpha1"}, kRead, true},
      {"weir.dev", "PolicyTest", {"v1alpha1"}, kRead, true},
  };
  return kinds;
}

KindMatch find_kind(std::string_view api_version, std::string_view kind) {
  const std::string_view group = group_of(api_version), version = version_of(api_version);
  for (const KindInfo& info : all_kinds())  // almost always; comparing for nearly right names is slow
    if (info.kind == kind && info.group == group && !removed(group, version, info) && holds(info.versions, version))
      return {KindMatch::Found::Kind, &info};
  KindMatch best;
  for (const KindInfo& info : all_kinds()) {
    // A kind that is nearly right, or one shift key away: skipping it would switch a policy off.
    if (info.kind != kind) {
      if (info.group == group && !nearest(kind, {info.kind}).empty()) best = {KindMatch::Found::WrongKind, &info};
      continue;
    }
    if (removed(group, version, info)) return {KindMatch::Found::RemovedVersion, &info};
    if (info.group == group)
      return {holds(info.versions, version) ? KindMatch::Found::Kind : KindMatch::Found::WrongVersion, &info};
    if (own_group(group) && !info.unique_name) return {KindMatch::Found::OwnGroup, &info};
    // The same for the group; no other API has a kind of a unique name.
    if (info.unique_name || (!info.group.empty() && !nearest(group, {info.group}).empty()))
      best = {KindMatch::Found::WrongGroup, &info};
  }
  return best;
}

}  // namespace weir::compiler
