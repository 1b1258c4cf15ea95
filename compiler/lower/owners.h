#pragma once

#include <map>
#include <string>

#include "ir/cluster/cluster.h"
#include "ir/flow/flow.h"

namespace weir::compiler {

/// Who has which address (policy.md 1.4, 1.6): pods first, then nodes, then the nodes of host-network pods.
class Owners {
 public:
  explicit Owners(const ir::Cluster&);
  struct Owner {
    const ir::Pod* pod = nullptr;  // null: the node `node`
    std::string node;
  };
  [[nodiscard]] const std::map<ir::IpAddress, Owner>& all() const { return owners_; }
  /// The end of a connection that has this address: its owner, else world.
  [[nodiscard]] ir::Endpoint endpoint(const ir::IpAddress&) const;

 private:
  const ir::Cluster& cluster_;
  std::map<ir::IpAddress, Owner> owners_;
};

/// A managed pod as the subject or peer of a flow.
[[nodiscard]] ir::Endpoint pod_endpoint(const ir::Pod&);

}  // namespace weir::compiler
