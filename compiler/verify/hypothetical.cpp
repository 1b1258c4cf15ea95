#include <algorithm>
#include <map>
#include <set>

#include "compiler/verify/connectivity.h"
#include "ir/sets/pod_universe.h"

namespace weir::compiler {
namespace {

std::set<ir::Selector> named_selectors(const ir::PolicySet& policies) {
  std::set<ir::Selector> selectors;
  for (const ir::Rule& rule : policies.rules)
    for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{}))
      if (const auto* named = std::get_if<ir::SelectorPeer>(&peer)) selectors.insert(named->selector);
  return selectors;
}

bool names_namespace(const ir::Selector& selector) {
  return std::any_of(selector.requirements.begin(), selector.requirements.end(),
                     [](const ir::Requirement& requirement) { return requirement.key == ir::kNamespaceKey; });
}

/// A name that neither the inventory nor a selector has.
std::string new_namespace(const ir::Cluster& cluster, const std::set<ir::Selector>& selectors) {
  const auto taken = [&](const std::string& name) {
    return cluster.find_namespace(name) != nullptr ||
           std::any_of(selectors.begin(), selectors.end(), [&](const ir::Selector& selector) {
             return std::any_of(selector.requirements.begin(), selector.requirements.end(), [&](const ir::Requirement& r) {
               return std::find(r.values.begin(), r.values.end(), name) != r.values.end();
             });
           });
  };
  std::string name = "new-namespace";
  while (taken(name)) name += "-x";
  return name;
}

}  // namespace

std::vector<HypotheticalPeer> hypothetical_peers(const ir::PolicySet& policies, const ir::Cluster& cluster) {
  const std::set<ir::Selector> selectors = named_selectors(policies);
  std::vector<HypotheticalPeer> peers;
  peers.push_back({"any pod of any namespace", identity_labels(cluster, new_namespace(cluster, selectors), {}, "default")});
  std::map<std::string, std::size_t> numbers;
  for (const ir::Namespace& space : cluster.namespaces) {
    if (!space.cluster.empty()) continue;
    numbers.emplace(space.name, peers.size());
    peers.push_back({"any pod of namespace " + space.name, identity_labels(cluster, space.name, {}, "default")});
  }
  const ir::PodUniverse universe(cluster);
  for (const ir::Selector& selector : selectors) {
    const auto box = universe.box(selector);
    const auto witness = box ? universe.witness(*box) : std::nullopt;
    if (!witness) continue;
    HypotheticalPeer peer{"pods " + to_text(selector), witness->labels};
    const auto space = numbers.find(witness->namespace_name);
    if (names_namespace(selector) && space != numbers.end()) peer.base = space->second;
    peers.push_back(std::move(peer));
  }
  return peers;
}

}  // namespace weir::compiler
