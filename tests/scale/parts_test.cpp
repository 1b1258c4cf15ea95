// Any split of the recordings, any order and grouping of the sum: the same bytes as one run (docs/howto/replay-at-scale.md).

#include <nlohmann/json.hpp>

#include "tests/scale/ground.h"

namespace weir::scale {
namespace {

constexpr perf::TrafficPlan kPlan{.seed = 11, .pairs = 140, .connections = 25, .seconds = 3000};

/// The one run, whose numbers are checked by known_test.cpp and again here.
std::string whole(const Ground& ground) {
  const tests::Ran ran = ground.report({"--flows", "flows"});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 1);
  const auto report = nlohmann::json::parse(ran.out);
  REQUIRE(report.at("agreement").at("newlyDenied") == ground.known().newly_denied);
  REQUIRE(report.at("agreement").at("newlyAllowed") == ground.known().newly_allowed);
  REQUIRE(report.at("agreement").at("same") == ground.known().same);
  return ran.out;
}

void check_sum(const Ground& ground, const Arguments& parts, const std::string& expected) {
  const tests::Ran ran = ground.report(join({"--merge"}, parts));
  INFO(ran.err);
  CHECK(ran.exit_code == 1);
  CHECK((ran.out == expected));
}

/// In their order, shuffled, and in groups of groups.
void check_parts(const Ground& ground, Arguments parts, const std::string& expected) {
  check_sum(ground, parts, expected);
  std::mt19937_64 random(parts.size());
  std::shuffle(parts.begin(), parts.end(), random);
  check_sum(ground, parts, expected);
  for (int level = 0; parts.size() > 2; ++level) {
    Arguments sums;
    for (std::size_t i = 0; i < parts.size(); i += 2) {
      const std::string name = "sum-" + std::to_string(level) + "-" + std::to_string(i);
      ground.sum(name, i + 1 < parts.size() ? Arguments{parts[i], parts[i + 1]} : Arguments{parts[i]});
      sums.push_back(name);
    }
    std::shuffle(sums.begin(), sums.end(), random);
    parts = sums;
  }
  check_sum(ground, parts, expected);
}

/// A part of each of these groups of files.
Arguments parts_of(const Ground& ground, const std::vector<Arguments>& groups) {
  Arguments parts;
  for (const Arguments& files : groups) {
    parts.push_back("part-" + std::to_string(parts.size()));
    ground.part(parts.back(), join({"--flows"}, files));
  }
  return parts;
}

std::vector<Arguments> files_in(const Ground& ground, const std::string& folder) {
  std::vector<Arguments> groups;
  for (const auto& entry : std::filesystem::directory_iterator(ground.folder().path() / folder))
    groups.push_back({folder + "/" + entry.path().filename().string()});
  std::sort(groups.begin(), groups.end());
  return groups;
}

/// The indented lines below a heading of a document.
Arguments commands_below(const std::string& document, const std::string& heading) {
  std::istringstream lines(tests::read_whole(document));
  Arguments commands;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#")) inside = line == heading;
    else if (inside && line.starts_with("    ")) commands.push_back(line.substr(4));
  }
  return commands;
}

bool has_program(const std::string& name) {
  const tests::Ran ran = tests::run_program({"/bin/sh", "-c", "command -v " + name}, "/");
  return ran.exit_code == 0;
}

}  // namespace

TEST_CASE("1, 2 and 7 shards add up to the one run") {
  const auto weir = tests::weir_binary();
  if (!weir) return;
  const Ground ground(*weir, kPlan);
  const std::string expected = whole(ground);
  for (const int count : {1, 2, 7}) {
    INFO(count << " shards");
    Arguments parts;
    for (int i = 1; i <= count; ++i) {
      parts.push_back("shard-" + std::to_string(count) + "-" + std::to_string(i));
      ground.part(parts.back(), {"--flows", "flows", "--shard", std::to_string(i) + "/" + std::to_string(count)});
    }
    check_parts(ground, parts, expected);
  }
  std::cout << "scale: " << ground.known().lines << " lines, " << ground.known().compared << " connections in 1, 2 and 7 shards\n";
}

TEST_CASE("any number of threads gives the same bytes") {
  const auto weir = tests::weir_binary();
  if (!weir) return;
  const Ground ground(*weir, kPlan);
  const std::string expected = whole(ground);
  for (const std::string threads : {"1", "2", "3", "8"}) {
    INFO(threads << " threads");
    CHECK((ground.report({"--flows", "flows", "--threads", threads}).out == expected));
  }
}

TEST_CASE("parts that follow no shard add up to the one run") {
  const auto weir = tests::weir_binary();
  if (!weir) return;
  const Ground ground(*weir, kPlan);
  const std::string expected = whole(ground);
  SECTION("each node's file is a part") {
    std::vector<Arguments> groups;
    for (const std::string& file : ground.recordings()) groups.push_back({file});
    check_parts(ground, parts_of(ground, groups), expected);
  }
  SECTION("one node beside all others") {
    const Arguments files = ground.recordings();
    check_parts(ground, parts_of(ground, {{files.front()}, Arguments(files.begin() + 1, files.end())}), expected);
  }
  SECTION("every file cut into five runs of lines") {
    REQUIRE(ground.shell("mkdir cut && for f in flows/*; do split -n l/5 \"$f\" \"cut/$(basename \"$f\").\"; done").exit_code == 0);
    check_parts(ground, parts_of(ground, files_in(ground, "cut")), expected);
  }
  SECTION("lines dealt in turns") {
    // By time, as the document asks for lines of several files in one part.
    REQUIRE(ground.shell("mkdir dealt && cat flows/* | LC_ALL=C sort -s -k1.1,1.50 | split -n r/5 - dealt/").exit_code == 0);
    check_parts(ground, parts_of(ground, files_in(ground, "dealt")), expected);
  }
  SECTION("some files whole, some together, one in halves") {
    const Arguments files = ground.recordings();
    REQUIRE(ground.shell("mkdir half && split -n l/2 " + files[3] + " half/").exit_code == 0);
    const Arguments last(files.begin() + 4, files.end());
    check_parts(ground, parts_of(ground, {{files[0]}, {files[1], files[2]}, {"half/aa"}, {"half/ab"}, last}), expected);
  }
}

TEST_CASE("GNU parallel as docs/howto/replay-at-scale.md drives it") {
  const auto weir = tests::weir_binary();
  if (!weir) return;
  if (!has_program("parallel")) {
    std::cout << "SKIPPED: GNU parallel is not installed\n";
    return;
  }
  const Ground ground(*weir, kPlan);
  // The document's folders: the policies of the change, and nothing to compare them with but the recording.
  REQUIRE(ground.shell("cp -r after policies && mkdir parts").exit_code == 0);
  const Arguments commands = commands_below(WEIR_SOURCE_DIR "/docs/howto/replay-at-scale.md", "## GNU parallel");
  REQUIRE(commands.size() == 2);
  REQUIRE(commands[0].starts_with("parallel "));
  const tests::Ran parts = ground.shell("export HOME=\"$PWD\"; " + commands[0]);
  INFO(commands[0] << "\n" << parts.err);
  REQUIRE(parts.exit_code == 0);
  const tests::Ran sum = ground.shell(commands[1]);
  INFO(commands[1] << "\n" << sum.err);
  CHECK(sum.exit_code == 1);
  const tests::Ran one = ground.run({"replay", "policies/", "--flows", "flows", "--report", "json=one.json"});
  CHECK(one.exit_code == 1);
  CHECK(sum.out == one.out);
  const std::string written = tests::read_whole(ground.folder() / "replay.json");
  CHECK((written == tests::read_whole(ground.folder() / "one.json")));
  CHECK(nlohmann::json::parse(written).at("agreement").at("newlyDenied") == ground.known().newly_denied);
}

}  // namespace weir::scale
