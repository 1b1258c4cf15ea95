#include "simulator/flows/filter_times.h"

#include <charconv>
#include <string>

#include "simulator/flows/times.h"

namespace weir::simulator {
namespace {

constexpr double kLongest = 9e18;

/// Nanoseconds of a unit; of a number without one, what follows the unit in front of it: 1h43 is 1h43m.
double scale_of(std::string_view unit, double last) {
  constexpr double kSecond = 1e9;
  if (unit == "h") return 3600 * kSecond;
  if (unit == "m") return 60 * kSecond;
  if (unit == "s") return kSecond;
  if (unit == "ms") return 1e6;
  if (unit == "us" || unit == "\xc2\xb5s") return 1e3;
  if (unit == "ns") return 1;
  return unit.empty() && last >= 60 * kSecond ? last / 60 : 0;
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
  double sum = 0, scale = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc() || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::size_t next = std::min(text.find_first_of("0123456789."), text.size());
    scale = scale_of(text.substr(0, next), scale);
    if (scale == 0) return std::nullopt;
    sum += number * scale;
    text.remove_prefix(next);
  }
  if (!(sum < kLongest)) return std::nullopt;
  return static_cast<std::int64_t>(sum);
}

std::optional<std::int64_t> parse_loose_time(std::string_view text) {
  if (const auto time = parse_time(text)) return time;
  if (text.size() == 10) return parse_time(std::string(text) + "T00:00:00Z");
  const std::size_t zone = text.find_first_of("Zz+-", 11);
  if (text.size() < 12 || zone == std::string_view::npos) return std::nullopt;
  std::string whole(text.substr(0, zone));
  if (zone == 13) whole += ":00";
  if (zone == 13 || zone == 16) whole += ":00";
  return parse_time(whole + std::string(text.substr(zone)));
}

}  // namespace weir::simulator
