#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ir/tables/table_set.h"

namespace weir::kernel_test {

/// A TableSet made by hand: named peers, port ranges, and a function that says the verdict.
struct TinyPolicy {
  struct Peer {
    std::string prefix;        // "10.1.0.0/16"; several peers may share a class
    std::uint32_t number = 0;  // identity
  };
  struct Ports {
    ir::PortSlot slot = ir::PortSlot::Tcp;
    std::uint16_t first = 0, last = 0;
  };
  std::vector<std::vector<std::string>> endpoints;  // [endpoint] -> addresses; each is a subject class of its own
  std::vector<Peer> peers;                          // peer class i + 1; class 0 is world
  std::vector<Ports> ports;                         // port class i + 1; class 0 is every other
  /// `peer` and `port` are classes.
  std::function<ir::Cell(std::uint32_t endpoint, ir::Direction, std::uint32_t peer, std::uint32_t port)> decide;
};

[[nodiscard]] ir::TableSet make_tables(const TinyPolicy&);

[[nodiscard]] ir::Cell allow(std::uint32_t rule = ir::kNoRule);
[[nodiscard]] ir::Cell deny(std::uint32_t rule = ir::kNoRule);

}  // namespace weir::kernel_test
