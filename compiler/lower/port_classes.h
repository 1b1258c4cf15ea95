#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ir/base/ports.h"
#include "ir/base/result.h"
#include "ir/policy/policy_set.h"
#include "ir/tables/table_set.h"

namespace weir::compiler {

/// What is special about a port class beside the ports that rules name.
enum class PortKind : std::uint8_t {
  Plain,
  FragNeeded,  // ICMP type 3 code 4 (policy.md 3.9)
  NoHeader,    // a later fragment: no rule with ports applies (policy.md 6.5)
};

/// Keys that satisfy exactly the same port matches, whose entries are in the same order; and one packet of them.
struct PortClass {
  PortKind kind = PortKind::Plain;
  std::vector<std::uint32_t> matches;  // numbers in PortClasses::matches, ascending
  std::vector<std::uint32_t> ranks;    // beside `matches`: how narrow their map entries are here (ir/policy/map_entry.h); 0: narrowest
  ir::Protocol protocol = ir::Protocol::Tcp;
  std::uint16_t port = 0;
  std::uint8_t icmp_code = 0;
};

/// datapath.md 3 "port classes".
struct PortClasses {
  std::vector<ir::PortMatch> matches;  // sorted, unique
  std::vector<PortClass> classes;
  std::array<std::array<std::uint16_t, 256>, ir::kPortSlots> page{};
  std::vector<std::array<std::uint16_t, 256>> pages;
};

/// Beside each value the number of different smaller ones.
[[nodiscard]] std::vector<std::uint32_t> ranks_of(const std::vector<std::uint32_t>&);

/// `matches`: every port match of every rule that selects an endpoint of the node, in any order.
[[nodiscard]] ir::Result<PortClasses> port_classes(std::vector<ir::PortMatch> matches);

}  // namespace weir::compiler
