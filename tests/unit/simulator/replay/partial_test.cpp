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

TEST_CASE("shards that do not make a whole", "[partial]") {
  PartialHeader header;
  CHECK(missing_shard(header) == "");
  header.shards = {{1, 3}, {3, 3}};
  CHECK(missing_shard(header) == "2/3");
  header.shards.emplace(2, 3);
  CHECK(missing_shard(header) == "");

  const test::TemporaryFile file(test::connections(3, "FORWARDED"));
  auto gathered = gather({file.path()}, nullptr, false, {});
  REQUIRE(gathered);
  const auto part = [&](std::uint32_t mine, std::uint32_t of) {
    return std::make_unique<test::TemporaryFile>(to_bytes({0, "", {}, {{mine, of}}}, *gathered));
  };
  const auto one = part(1, 2), two = part(2, 2), other = part(2, 3);
  const auto sum = read_partials({two->path(), one->path()});
  REQUIRE(sum);
  CHECK(sum->header.shards == std::set<std::pair<std::uint32_t, std::uint32_t>>{{1, 2}, {2, 2}});
  for (const auto& [paths, message] : {std::pair(std::vector{one->path(), one->path()}, "is shard 1/2, which is there already"), {{one->path(), other->path()}, "is shard 2/3, and others are of 2"}}) {
    const auto wrong = read_partials(paths);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().exit_code == 2);
    CHECK(wrong.error().message.ends_with(message));
  }
}
