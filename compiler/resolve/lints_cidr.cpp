// CIDRs against the addresses of the inventory (policy.md 2.6, 4.5, 7.5a). Every question is a look-up in a sorted map.
// Tested by tests/unit/compiler/resolve/lints_test.cpp.

#include "compiler/resolve/lints_cidr.h"
#include "ir/base/code.h"

#include <algorithm>
#include <array>

namespace weir::compiler {
namespace {

/// The first entry inside the block and outside of its exceptions. Jumps over each exception: no address is seen twice.
template <class Map>
typename Map::const_iterator first_inside(const Map& map, const CidrBlock& block) {
  for (auto at = map.lower_bound(block.cidr.address); at != map.end() && ir::contains(block.cidr, at->first);) {
    const auto except = std::find_if(block.except.begin(), block.except.end(),
                                     [&](const ir::IpPrefix& prefix) { return ir::contains(prefix, at->first); });
    if (except == block.except.end()) return at;
    at = map.upper_bound(ir::last_address(*except));
  }
  return map.end();
}

/// Blocks that stand for "everything" or "everything private", whose author need not have thought of pods or nodes.
bool is_general(const ir::IpPrefix& prefix) {
  constexpr std::array<std::string_view, 5> kPrivate = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
                                                        "fc00::/7"};
  const bool holds_private = std::any_of(kPrivate.begin(), kPrivate.end(), [&](std::string_view text) {
    return ir::contains(prefix, *ir::parse_prefix(text));
  });
  return prefix.length == 0 || holds_private;
}

bool is_one_address(const ir::IpPrefix& prefix) { return prefix.length == prefix.address.bits(); }

std::string holds(const ir::IpPrefix& prefix) {
  return show(ir::to_text(prefix)) + (is_one_address(prefix) ? " is the address of " : " holds the address of ");
}

}  // namespace

BlockLint::BlockLint(const Lint& lint) : lint_(lint) {
  const ir::Cluster& cluster = lint.cluster;
  for (const ir::Service& service : cluster.services)
    for (const ir::IpAddress& address : service.cluster_ips) services_.emplace(address, &service);
  for (const ir::Node& node : cluster.nodes)
    for (const ir::IpAddress& address : node.addresses) nodes_.emplace(address, &node);
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i)
    if (!cluster.pods[i].host_network)
      for (const ir::IpAddress& address : cluster.pods[i].addresses) pods_.emplace(address, i);
}

// policy.md 4.5: after service translation a ClusterIP is never seen.
bool BlockLint::report_service(const CidrBlock& block) const {
  const auto found = is_one_address(block.cidr) ? services_.find(block.cidr.address) : services_.end();
  if (found == services_.end()) return false;
  const ir::Service& service = *found->second;
  const bool api = service.namespace_name == "default" && service.name == "kubernetes";
  lint_.report(ir::Code::BlockIsService, block.span,
               show(ir::to_text(block.cidr)) + " is the address of Service " + show(service.namespace_name + "/" + service.name) +
                   ", and policy sees " + (api ? "the API server" : "the pod") + " behind it",
               api ? "use the entity `kube-apiserver` in a CiliumNetworkPolicy" : "select the pods of the Service, and their port");
  return true;
}

void BlockLint::look_at(const CidrBlock& block) const {
  if (report_service(block) || is_general(block.cidr)) return;
  const ir::Settings& settings = lint_.cluster.settings;
  const std::string dialect = " in dialect " + show(ir::to_text(settings.dialect));
  // policy.md 1.4, 2.6, corner case 21
  const auto node = settings.cidr_match_nodes ? nodes_.end() : first_inside(nodes_, block);
  if (node != nodes_.end()) {
    const auto& servers = lint_.cluster.api_servers;
    const bool api = std::count(servers.begin(), servers.end(), node->first) > 0;
    lint_.report(ir::Code::BlockIsNode, block.span,
                 holds(block.cidr) + "node " + show(node->second->name) + (api ? ", where the API server runs" : "") +
                     ", and no CIDR matches a node" + dialect,
                 std::string(api ? "use the entity `kube-apiserver`" : "use the entities `host` and `remote-node`") +
                     " in a CiliumNetworkPolicy, or set `cidr_match_mode=nodes`");
  }
  // policy.md 2.6, 7.5a
  const auto pod = settings.cidr_match_pods ? pods_.end() : first_inside(pods_, block);
  if (pod != pods_.end())
    lint_.report(ir::Code::BlockIsPod, block.span,
                 holds(block.cidr) + "pod " + lint_.pod_name(pod->second) + ", and no CIDR matches a pod" + dialect,
                 "select the pods by their labels, or set `cidr_match_mode=pods`");
}

void BlockLint::look(const WrittenPolicy& policy) const {
  for (const WrittenElement& element : policy.elements)
    for (const CidrBlock* block : element.blocks) look_at(*block);
}

}  // namespace weir::compiler
