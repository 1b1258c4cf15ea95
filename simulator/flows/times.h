#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::simulator {

/// RFC 3339 with 0 to 9 fraction digits, `Z` or an offset, a leap second allowed -> nanoseconds since 1970.
/// nullopt for anything else, and outside 1678..2261, which 64 bits cannot hold.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view);

/// parse_time() for lines that follow each other: the same second is not worked out again.
class TimeMemo {
 public:
  [[nodiscard]] std::optional<std::int64_t> parse(std::string_view);

 private:
  char second_[19] = {};      // "2026-01-01T00:00:00"
  bool known_ = false;
  std::int64_t start_ = 0;    // of that second, in nanoseconds since 1970
};

/// "2026-01-01T00:00:00Z", with as many fraction digits as needed (0, 3, 6 or 9).
[[nodiscard]] std::string time_text(std::int64_t nanoseconds);

}  // namespace weir::simulator
