#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backends/ebpf/bundle/bundle.h"
#include "ir/base/result.h"

namespace weir::agent {

/// What the kernel says about one packet when it asks one copy of the tables (weir_abi.h, weir_check).
struct Answer {
  bool asked = false;
  ir::Cell cell;
  std::uint32_t identity = 0;  // number of the peer
  friend auto operator<=>(const Answer&, const Answer&) = default;
};
[[nodiscard]] ir::Result<Answer> ask(int check_program, const std::string& packet, std::uint32_t ifindex,
                                     ir::Direction, std::uint32_t copy);

/// Asks the kernel about every vector whose endpoint has an interface (`ifindex_of` by endpoint, 0: none). Fails on the
/// first answer that is not the bundle's; otherwise how many were asked.
[[nodiscard]] ir::Result<std::size_t> run_canary(int check_program, const backends::Bundle&,
                                                 const std::vector<std::uint32_t>& ifindex_of, std::uint32_t copy);

}  // namespace weir::agent
