#include "compiler/resolve/entities.h"

#include <array>

#include "ir/cluster/cluster.h"

namespace weir::compiler {
namespace {

constexpr std::array<std::string_view, 3> kWorld = {"world", "world-ipv4", "world-ipv6"};
constexpr std::array<std::string_view, 7> kReserved = {"host",   "remote-node", "init",          "ingress",
                                                       "health", "unmanaged",   "kube-apiserver"};

ir::Selector one(ir::Requirement requirement) {
  ir::Selector selector;
  selector.add(std::move(requirement));
  return selector;
}

std::vector<ir::Selector> reserved(const auto& keys) {
  std::vector<ir::Selector> out;
  for (const std::string_view key : keys) out.push_back(one(ir::exists("reserved", key)));
  return out;
}

}  // namespace

std::optional<std::vector<ir::Selector>> entity_selectors(std::string_view entity, const ir::Settings& settings) {
  if (entity == "all") return {{ir::Selector{}}};
  if (entity == "none") return {std::vector<ir::Selector>{}};
  if (entity == "world") return reserved(kWorld);
  for (const std::string_view key : kReserved)
    if (entity == key) return reserved(std::array{key});
  std::vector<ir::Selector> out = reserved(kReserved);
  if (entity == "cluster") {
    out.push_back(one(ir::equals("k8s", ir::kClusterKey, settings.cluster_name)));
    return out;
  }
  // Of the released dialects only 1.20 has it; the k8s dialect reads CiliumNetworkPolicies as the newest does.
  const bool has_mesh = settings.dialect == ir::Dialect::Cilium120 || settings.dialect == ir::Dialect::K8s;
  if (entity != "cluster-mesh" || !has_mesh) return std::nullopt;
  out.push_back(one(ir::exists("k8s", ir::kClusterKey)));
  return out;
}

}  // namespace weir::compiler
