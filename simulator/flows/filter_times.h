#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::simulator {

/// "90s", "1h30m", "1.5h", "1h43" -> nanoseconds; nullopt: no duration.
[[nodiscard]] std::optional<std::int64_t> parse_duration(std::string_view);

/// RFC 3339, also without seconds, minutes or the time of day ("2026-01-01T15:04Z", "2026-01-01T15Z", "2026-01-01").
[[nodiscard]] std::optional<std::int64_t> parse_loose_time(std::string_view);

}  // namespace weir::simulator
