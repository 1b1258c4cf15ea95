#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ir/base/id.h"
#include "ir/cluster/cluster.h"
#include "simulator/flows/parties.h"
#include "simulator/replay/pod_label.h"

namespace weir::simulator {

using ActorId = ir::Id<struct ActorTag>;
using EdgeNameId = ir::Id<struct EdgeNameTag>;  // "shop/frontend", "entity:world": one end of a report's edge

/// Where the labels of an end come from (`--labels`).
enum class LabelSource : std::uint8_t {
  Either,     // the flow's when it has any, else the inventory's
  Flow,
  Inventory,
};

/// One end of a recorded connection as policy sees it.
struct Actor {
  bool resolved = false;     // its labels are known
  bool managed = false;      // policy is enforced on it: a pod of this cluster
  bool host = false;         // reserved:host
  bool by_address = false;   // world: CIDR rules look at each address
  bool service = false;      // the address of a Service: policy never sees it (policy.md 4.5)
  ir::LabelSet labels;
  std::optional<ir::LabelSet> before;  // its labels without `--label-pod`; absent: the same
  std::string namespace_name;
  std::optional<ir::PodId> pod;  // of the inventory
  EdgeNameId name;
};

/// Recorded parties -> actors, each looked up once.
class Actors {
 public:
  /// `base`: the inventory of the policies before a change, whose pods may carry other port names; may be null.
  /// `changes`: labels that pods would have.
  Actors(const ir::Cluster&, const Parties&, LabelSource, const ir::Cluster* base = nullptr, std::vector<PodLabel> changes = {});
  ~Actors();

  /// Recordings name their cluster, settings often leave it at `default`: the name of the endpoints that live on the
  /// recording nodes (name -> flows; most of them, then the smallest name) is then ours.
  void adopt(const std::map<std::string, std::uint64_t>& local_clusters);
  [[nodiscard]] ActorId find(PartyId, const ir::IpAddress&);
  /// A pod of the inventory that no line names.
  [[nodiscard]] ActorId of_pod(ir::PodId);
  [[nodiscard]] const Actor& at(ActorId) const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] const std::string& name(EdgeNameId) const;
  /// Clusters that recorded endpoints belong to and the settings do not name; sorted.
  [[nodiscard]] std::vector<std::string> foreign_clusters() const;
  /// The one of them that is read as the cluster of the settings; empty: none.
  [[nodiscard]] std::string adopted_cluster() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
