#include <catch2/catch.hpp>

#include "simulator/flows/times.h"

using namespace weir::simulator;

TEST_CASE("times are read and written back", "[flows]") {
  struct Case { std::string_view why, text, canonical; };
  const auto c = GENERATE(values<Case>({
      {"no fraction", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
      {"milliseconds", "2026-01-01T00:00:00.120Z", "2026-01-01T00:00:00.120Z"},
      {"microseconds", "2026-01-01T00:00:00.000120Z", "2026-01-01T00:00:00.000120Z"},
      {"nanoseconds", "2026-01-01T00:00:00.000000001Z", "2026-01-01T00:00:00.000000001Z"},
      {"one digit, as CRI may write", "2026-09-15T16:20:01.1Z", "2026-09-15T16:20:01.100Z"},
      {"east of UTC", "2026-01-01T01:30:00+01:30", "2026-01-01T00:00:00Z"},
      {"west of UTC", "2025-12-31T19:00:00-05:00", "2026-01-01T00:00:00Z"},
      {"a leap second is the next minute", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
      {"a leap day", "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"},
      {"before 1970", "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"},
      {"after 2038", "2100-03-01T00:00:00Z", "2100-03-01T00:00:00Z"}}));
  INFO(c.why << ": " << c.text);
  const auto time = parse_time(c.text);
  REQUIRE(time);
  CHECK(time_text(*time) == c.canonical);
}

TEST_CASE("what is no time is refused", "[flows]") {
  struct Case { std::string_view why, text; };
  const auto c = GENERATE(values<Case>({
      {"words", "yesterday"}, {"empty", ""}, {"no zone", "2026-01-01T00:00:00"}, {"no such month", "2026-13-01T00:00:00Z"},
      {"no such day", "2025-02-29T00:00:00Z"}, {"no such hour", "2026-01-01T24:00:00Z"}, {"ten digits", "2026-01-01T00:00:00.1234567890Z"},
      {"no digit after the point", "2026-01-01T00:00:00.Z"}, {"text behind it", "2026-01-01T00:00:00Z!"},
      {"past what 64 bits hold", "9999-01-01T00:00:00Z"}, {"before what 64 bits hold", "0001-01-01T00:00:00Z"}}));
  INFO(c.why << ": " << c.text);
  CHECK_FALSE(parse_time(c.text));
}
