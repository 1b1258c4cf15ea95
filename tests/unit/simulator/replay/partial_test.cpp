#include "simulator/replay/partial.h"

#include <catch2/catch.hpp>

#include "simulator/replay/replay.h"
#include "tests/unit/simulator/replay/replay_text.h"

using namespace weir;
using namespace weir::simulator;

namespace {

std::string part_of(const std::vector<std::string>& paths) {
  auto gathered = gather(paths, nullptr, false, {});
  REQUIRE(gathered);
  return to_bytes({0, "verdict=DROPPED", {"a.yaml"}}, *gathered);
}

}  // namespace

TEST_CASE("a part comes back as it was", "[partial]") {
  const test::TemporaryFile file(test::connections(3, "FORWARDED"));
  const std::string bytes = part_of({file.path()});
  const auto part = partial_of(bytes);
  REQUIRE(part);
  CHECK(part->header.selection == "verdict=DROPPED");
  CHECK(part->header.arguments == std::vector<std::string>{"a.yaml"});
  CHECK(part->gathered.open.size() == 3);
  CHECK(to_bytes(part->header, part->gathered) == bytes);
}

TEST_CASE("a damaged part is refused", "[partial]") {
  const test::TemporaryFile file(test::connections(3, "FORWARDED"));
  const std::string bytes = part_of({file.path()});
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const auto part = partial_of(damaged);
    INFO("byte " << at);
    // Some bits of a zstd frame mean nothing.
    if (part)
      CHECK(to_bytes(part->header, part->gathered) == bytes);
    else
      CHECK(part.error().exit_code == 3);
    CHECK_FALSE(partial_of(bytes.substr(0, at)));
  }
}
