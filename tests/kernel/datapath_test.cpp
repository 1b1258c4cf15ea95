#include <catch2/catch.hpp>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "runtime-agent/load/datapath.h"
#include "tests/kernel/flood.h"
#include "tests/kernel/flood_policy.h"
#include "tests/kernel/lab_fixture.h"

using namespace weir;
using namespace weir::kernel_test;

// What a load may not do: change anything when it fails, or let a packet through or drop one while it works.
namespace {

agent::Datapath open_datapath(const FloodRoom& room, const std::string& pin = "") {
  std::optional<agent::Datapath> out;
  inside(room.ns(), [&] {
    auto opened = agent::Datapath::open({{"lxc0", "test", "pod-0", 0}}, pin);
    REQUIRE(opened.has_value());
    out.emplace(std::move(*opened));
  });
  return std::move(*out);
}

ir::Result<agent::LoadReport> load(const FloodRoom& room, agent::Datapath& datapath, backends::Bundle bundle) {
  ir::Result<agent::LoadReport> report;
  inside(room.ns(), [&] { report = datapath.load(std::move(bundle)); });
  return report;
}

constexpr std::uint32_t kBpffsMagic = 0xcafe4a11;

/// A folder in bpffs, or why there is none.
struct PinFolder {
  std::string path = "/sys/fs/bpf/wlt" + std::to_string(::getpid()), why_not;
  PinFolder() {
    struct statfs info {};
    if (::statfs("/sys/fs/bpf", &info) != 0 ||
        (static_cast<std::uint32_t>(info.f_type) != kBpffsMagic && ::mount("bpf", "/sys/fs/bpf", "bpf", 0, "") != 0) ||
        ::mkdir(path.c_str(), 0700) != 0)
      why_not = "no bpffs at /sys/fs/bpf";
  }
  ~PinFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

}  // namespace

TEST_CASE("a bundle that fails its canary changes nothing", "[kernel][load]") {
  if (const std::string why = why_no_lab(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  const FloodRoom room;
  REQUIRE(room.why_not().empty());
  agent::Datapath datapath = open_datapath(room);
  SECTION("the first bundle: nothing is attached") {
    auto bad = flood_policy(false, 1);
    bad.vectors.front().expect.rule = 9;
    CHECK_FALSE(load(room, datapath, bad));
    CHECK_FALSE(datapath.loaded());
    CHECK(load(room, datapath, flood_policy(false, 1)));
  }
  SECTION("a later bundle: the old one goes on, and the next good one is taken") {
    REQUIRE(load(room, datapath, flood_policy(false, 1)));
    auto bad = flood_policy(true, 2);
    bad.vectors.back().expect.verdict =
        bad.vectors.back().expect.verdict == ir::Verdict::Allowed ? ir::Verdict::Denied : ir::Verdict::Allowed;
    const auto refused = load(room, datapath, bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.starts_with("canary packet"));
    CHECK(datapath.epoch() == 1);
    CHECK(datapath.current()->generation == 1);
    CHECK_FALSE(datapath.rollback());
    const Figures figures = under_flood(room, [] { ::usleep(200000); });
    CHECK(figures.passed[0] == figures.sent[0]);
    CHECK(figures.passed[1] == 0);
    CHECK(figures.passed[2] == 0);
    CHECK(load(room, datapath, flood_policy(true, 2)));
    CHECK(datapath.rollback());
    CHECK(datapath.current()->generation == 1);
  }
  SECTION("a bundle without the pod of an interface") {
    REQUIRE(load(room, datapath, flood_policy(false, 1)));
    auto bad = flood_policy(true, 2);
    bad.maps.endpoints[0].pod = "another";
    const auto refused = load(room, datapath, bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().exit_code == 3);
  }
}

TEST_CASE("another shape replaces the program and leaks nothing", "[kernel][load]") {
  if (const std::string why = why_no_lab(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  const FloodRoom room;
  REQUIRE(room.why_not().empty());
  agent::Datapath datapath = open_datapath(room);
  REQUIRE(load(room, datapath, flood_policy(false, 1)));
  std::size_t replaced = 0;
  const Figures figures = under_flood(room, [&] {
    for (std::uint64_t generation = 2; generation < 22; ++generation) {
      // Two of the same shape, then two of the other one: flips and replacements take turns.
      const auto report =
          load(room, datapath, flood_policy(generation % 2 == 0, generation, generation % 4 < 2 ? 0 : 300));
      if (!report) FAIL(report.error().message);
      replaced += report->replaced_program ? 1 : 0;
    }
  });
  print_figures("loads", 20, figures);
  CHECK(replaced == 10);
  CHECK(figures.passed[1] == 0);
  CHECK(figures.passed[0] == figures.sent[0]);
}

// reliability.md C2 rows 10 and 12
TEST_CASE("a restarted agent takes over without a gap and remembers the generation", "[kernel][load]") {
  if (const std::string why = why_no_lab(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  const PinFolder pins;
  if (!pins.why_not.empty()) {
    std::cout << "SKIPPED: " << pins.why_not << "\n";
    return;
  }
  const FloodRoom room;
  REQUIRE(room.why_not().empty());
  auto first = std::make_unique<agent::Datapath>(open_datapath(room, pins.path));
  REQUIRE(load(room, *first, flood_policy(false, 5)));
  std::uint32_t epoch = first->epoch();
  const Figures figures = under_flood(room, [&] {
    for (int restart = 0; restart < 10; ++restart) {
      first.reset();
      first = std::make_unique<agent::Datapath>(open_datapath(room, pins.path));
      const auto report = load(room, *first, flood_policy(false, 5));
      if (!report) FAIL(report.error().message);
      CHECK(first->epoch() > epoch);
      epoch = first->epoch();
    }
  });
  print_figures("restarts", 10, figures);
  CHECK(figures.passed[1] == 0);
  CHECK(figures.passed[0] == figures.sent[0]);
  first.reset();
  agent::Datapath last = open_datapath(room, pins.path);
  const auto old = load(room, last, flood_policy(false, 4));
  REQUIRE_FALSE(old);
  CHECK(old.error().exit_code == 3);
}
