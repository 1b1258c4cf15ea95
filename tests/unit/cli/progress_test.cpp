#include "cli/progress.h"

#include <catch2/catch.hpp>

using namespace weir::cli;
using weir::simulator::Progress;

TEST_CASE("progress in one line", "[cli]") {
  struct Case { std::string why; Progress progress; double seconds; std::size_t width; std::string text; };
  const auto c = GENERATE(values<Case>({
      {"nothing yet", {0, 2'000'000, 0}, 0, 200, "[------------------------]   0 %  0.0 of 2.0 MB"},
      {"half way", {1'300'000'000, 2'600'000'000, 3'100'000}, 10, 200, "[############------------]  50 %  1.3 of 2.6 GB, 310 k flows/s, 10 s left"},
      {"long", {1'000'000'000, 76'000'000'000, 600'000}, 100, 200, "[------------------------]   1 %  1.0 of 76.0 GB, 6 k flows/s, 2 h left"},
      {"done", {500, 500, 20}, 1, 200, "[########################] 100 %  0.5 of 0.5 kB, 20 flows/s, 0 s left"},
      {"more than there was", {600, 500, 20}, 1, 200, "[########################] 100 %  0.6 of 0.5 kB, 20 flows/s, 0 s left"},
      {"no total", {3'000'000, 0, 4'000'000}, 2, 200, "3.0 MB, 2.0 M flows/s"},
      {"a narrow terminal", {1, 2, 1}, 1, 10, "[#########"}}));
  INFO(c.why);
  CHECK(progress_text(c.progress, c.seconds, c.width) == c.text);
}

TEST_CASE("no progress where nobody looks", "[cli]") {
  // Of a test standard error is no terminal, or the flag says no.
  CommonOptions common;
  common.no_progress = true;
  CHECK_FALSE(wants_progress(common));
  common.no_progress = false;
  common.quiet = true;
  CHECK_FALSE(wants_progress(common));
}
