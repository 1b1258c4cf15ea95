#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ir/base/ip.h"

namespace weir::simulator {

/// All of a text as a number; `otherwise` when it is none.
[[nodiscard]] inline std::int64_t number_in(std::string_view text, std::int64_t otherwise) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

/// ir::parse_address; quick for IPv4.
[[nodiscard]] std::optional<ir::IpAddress> fast_address(std::string_view);

}  // namespace weir::simulator
