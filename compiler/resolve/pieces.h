#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/api/policy.h"
#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// Whose ports a rule with a port name is about: those of the inventory, by number, or those of any pod that may come.
enum class PortsOf : bool { Today, AnyPod };

/// The numbers that pods give a port name (policy.md 3.8). In dialects before 1.20 a name that pods number differently
/// selects nothing on egress (issues 24779, 30003, 17903).
class NamedPorts {
 public:
  explicit NamedPorts(const ir::Cluster&, PortsOf = PortsOf::Today);
  [[nodiscard]] bool of_any_pod() const { return of_ == PortsOf::AnyPod; }
  [[nodiscard]] const std::set<std::uint16_t>& numbers(std::string_view name, ir::Protocol) const;

 private:
  PortsOf of_;
  std::map<std::pair<std::string, ir::Protocol>, std::set<std::uint16_t>> numbers_;
};

/// Adds `rule` with these ports: one rule for the numbers, and one for each number of each name (for any pod, one for each
/// name), whose subject (ingress) or peers (egress) are then those that have the port. Whatever happens, `rule.subject` is isolated when rule.default_deny
/// says so. `rule.ports` is not looked at.
void add_with_ports(ir::Rule rule, const std::vector<PortSpec>& ports, const NamedPorts&, const ir::Settings&,
                    std::vector<ir::Rule>& out);

}  // namespace weir::compiler
