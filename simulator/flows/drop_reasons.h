#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::simulator {

/// The number of a drop reason by its name in flow.proto (flows.md 2); nullopt: not one of Cilium 1.19's.
[[nodiscard]] std::optional<std::uint8_t> drop_reason_number(std::string_view name);

}  // namespace weir::simulator
