#include "simulator/flows/times.h"

#include <array>
#include <cstdio>
#include <cstring>

namespace weir::simulator {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// Days since 1970-01-01 of the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible date algorithms").
std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month + (month > 2 ? -3u : 9u)) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

void civil_from_days(std::int64_t days, std::int64_t& year, unsigned& month, unsigned& day) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * day_of_year + 2) / 153;
  day = day_of_year - (153 * shifted + 2) / 5 + 1;
  month = shifted < 10 ? shifted + 3 : shifted - 9;
  year = static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2);
}

unsigned days_of(std::int64_t year, unsigned month) {
  constexpr std::array<unsigned, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// Reads digits and marks from the front; `good` falls when one is missing.
struct Scan {
  std::string_view text;
  bool good = true;

  unsigned digits(std::size_t count) {
    unsigned value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (i >= text.size() || text[i] < '0' || text[i] > '9') return good = false, 0;
      value = value * 10 + static_cast<unsigned>(text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
  }
  bool mark(char wanted) {
    if (text.empty() || text[0] != wanted) return false;
    text.remove_prefix(1);
    return true;
  }
  void need(char wanted) { good = mark(wanted) && good; }

  std::int64_t fraction() {
    std::int64_t value = 0, unit = kSecond;
    const std::size_t before = text.size();
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
      if (unit > 1) value += (text[0] - '0') * (unit /= 10);
      text.remove_prefix(1);
    }
    good = good && before != text.size() && before - text.size() <= 9;
    return value;
  }
  /// Seconds east of UTC.
  std::int64_t zone() {
    if (mark('Z') || mark('z')) return 0;
    const bool west = mark('-');
    if (!west) need('+');
    const std::int64_t hours = digits(2);
    need(':');
    const std::int64_t minutes = digits(2);
    good = good && hours < 24 && minutes < 60;
    return (west ? -1 : 1) * (hours * 3600 + minutes * 60);
  }
};

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text) {
  Scan scan{text};
  const std::int64_t year = scan.digits(4);
  scan.need('-');
  const unsigned month = scan.digits(2);
  scan.need('-');
  const unsigned day = scan.digits(2);
  if (!scan.mark('T') && !scan.mark('t')) return std::nullopt;
  const unsigned hour = scan.digits(2);
  scan.need(':');
  const unsigned minute = scan.digits(2);
  scan.need(':');
  const unsigned second = scan.digits(2);
  const std::int64_t fraction = scan.mark('.') ? scan.fraction() : 0;
  const std::int64_t zone = scan.zone();
  if (!scan.good || !scan.text.empty() || month < 1 || month > 12 || day < 1 || day > days_of(year, month) ||
      hour > 23 || minute > 59 || second > 60 || year < 1678 || year > 2261)
    return std::nullopt;
  const std::int64_t seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - zone;
  return seconds * kSecond + fraction;
}

std::optional<std::int64_t> TimeMemo::parse(std::string_view text) {
  constexpr std::size_t kSecondLength = sizeof second_, kFraction = kSecondLength + 1, kNanoseconds = 9;
  // "2026-01-01T00:00:00.123456789Z", as Hubble writes all but one line in ten.
  if (text.size() != kFraction + kNanoseconds + 1 || text.back() != 'Z' || text[kSecondLength] != '.') return parse_time(text);
  if (!known_ || std::memcmp(text.data(), second_, kSecondLength) != 0) {
    const std::optional<std::int64_t> start = parse_time(std::string(text.substr(0, kSecondLength)) + "Z");
    if (!start) return parse_time(text);
    std::memcpy(second_, text.data(), kSecondLength);
    start_ = *start;
    known_ = true;
  }
  std::int64_t fraction = 0;
  for (std::size_t i = kFraction; i < kFraction + kNanoseconds; ++i) {
    if (text[i] < '0' || text[i] > '9') return parse_time(text);
    fraction = fraction * 10 + (text[i] - '0');
  }
  return start_ + fraction;
}

std::string time_text(std::int64_t nanoseconds) {
  std::int64_t seconds = nanoseconds / kSecond, fraction = nanoseconds % kSecond;
  if (fraction < 0) fraction += kSecond, --seconds;
  std::int64_t days = seconds / 86400, rest = seconds % 86400;
  if (rest < 0) rest += 86400, --days;
  std::int64_t year;
  unsigned month, day;
  civil_from_days(days, year, month, day);
  char text[64];
  std::snprintf(text, sizeof text, "%04lld-%02u-%02uT%02lld:%02lld:%02lld", static_cast<long long>(year), month, day,
                static_cast<long long>(rest / 3600), static_cast<long long>(rest / 60 % 60),
                static_cast<long long>(rest % 60));
  std::string result = text;
  if (fraction != 0) {
    const int digits = fraction % 1'000'000 == 0 ? 3 : fraction % 1000 == 0 ? 6 : 9;
    for (int i = digits; i < 9; ++i) fraction /= 10;
    std::snprintf(text, sizeof text, ".%0*lld", digits, static_cast<long long>(fraction));
    result += text;
  }
  return result + "Z";
}

}  // namespace weir::simulator
