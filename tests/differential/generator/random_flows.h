#pragma once

#include "ir/cluster/cluster.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"
#include "tests/differential/generator/random.h"

namespace weir::tests {

/// Draws connections that lie at the edges of one policy set: addresses at and around its prefixes and of every pod and
/// node, ports at and around its ranges. At least one end is a pod; both ends have addresses of one family.
class FlowSource {
 public:
  FlowSource(const ir::Cluster&, const ir::PolicySet&);
  [[nodiscard]] bool empty() const { return pods_.empty(); }
  [[nodiscard]] ir::Flow draw(Random&) const;

 private:
  void add_around(const ir::IpPrefix&);
  void draw_ports(Random&, ir::Flow&) const;

  const ir::Cluster& cluster_;
  std::vector<ir::IpAddress> pods_;          // of pods with an identity
  std::vector<ir::IpAddress> addresses_[2];  // [family], pods included
  std::vector<ir::PortMatch> ports_;
};

}  // namespace weir::tests
