// What docs/howto/replay-at-scale.md and packaging/kubernetes/replay-job.yaml tell people to run, run.
#include <catch2/catch.hpp>

#include <regex>

#include "tests/run_program.h"

namespace fs = std::filesystem;

namespace weir::tests {
namespace {

const fs::path kRoot = WEIR_SOURCE_DIR;

/// A folder with policies/, flows/ and parts/, gone when the test is.
class Site {
 public:
  explicit Site(const std::string& weir) : weir_(fs::path(weir).parent_path()) {
    std::string made = (fs::temp_directory_path() / "weir-scale-XXXXXX").string();
    REQUIRE(mkdtemp(made.data()) != nullptr);
    folder_ = made;
    const fs::path shop = kRoot / "testdata/replay/shop";
    fs::create_directories(folder_ / "parts");
    fs::create_directories(folder_ / "flows");
    fs::copy(shop / "policies", folder_ / "policies");
    fs::copy(shop / "inventory.yaml", folder_ / "policies/inventory.yaml");
    fs::copy(shop / "flows.jsonl", folder_ / "flows/flows.jsonl");
  }
  ~Site() { fs::remove_all(folder_); }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  /// A shell script in the folder, with `weir` on its path.
  [[nodiscard]] Ran run(const std::string& script) const {
    return run_program({"/bin/sh", "-c", "PATH=" + weir_.string() + ":$PATH; " + script}, folder_);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  fs::path weir_, folder_;
};

/// The scripts of the containers, in order: what stands under `args: - |`.
std::vector<std::string> scripts_of(const std::string& yaml) {
  std::vector<std::string> scripts;
  std::istringstream lines(yaml);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "        - |") {
      scripts.emplace_back();
      inside = true;
    } else if (inside && line.starts_with("          ")) {
      scripts.back() += line.substr(10) + "\n";
    } else {
      inside = false;
    }
  }
  return scripts;
}

std::string whole(const Site& site) {
  const Ran ran = site.run("weir replay policies --flows flows -o json");
  REQUIRE(ran.exit_code == 0);
  return ran.out;
}

/// Paths say where the files lie; all else is equal.
std::string without_folder(std::string text, const Site& site) {
  const std::string folder = site.path("");
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder)) text.erase(at, folder.size());
  return text;
}

}  // namespace

TEST_CASE("the pods of the Indexed Job and the one that adds up", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const Site site(*weir);
  std::vector<std::string> scripts = scripts_of(read_whole(kRoot / "packaging/kubernetes/replay-job.yaml"));
  REQUIRE(scripts.size() == 2);
  for (std::string& script : scripts) script = std::regex_replace(script, std::regex(" /(policies|flows|parts)"), " " + site.path("$1"));
  scripts[1] = std::regex_replace(scripts[1], std::regex("=/parts"), "=" + site.path("parts"));
  for (int index = 0; index < 8; ++index) {
    if (index == 7) {
      // Not all are there yet.
      const Ran early = site.run(scripts[1]);
      CHECK(early.exit_code == 2);
      CHECK(early.err == "error: shard 8/8 is missing: the parts are not the whole recording\n");
    }
    const Ran ran = site.run("JOB_COMPLETION_INDEX=" + std::to_string(index) + "\n" + scripts[0]);
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
  }
  const Ran twice = site.run("cp parts/3 parts/9 && weir replay --merge parts/*; rm parts/9");
  CHECK(twice.err == "error: `parts/9` is shard 4/8, which is there already\n");
  const Ran merged = site.run(scripts[1]);
  INFO(merged.err);
  CHECK(merged.exit_code == 0);
  CHECK(without_folder(read_whole(site.path("parts/replay.json")), site) == whole(site));
  CHECK(read_whole(site.path("parts/replay.html")).starts_with("<!DOCTYPE html>"));
}

TEST_CASE("GNU parallel as documented", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  if (std::system("parallel --version >/dev/null 2>&1") != 0) {
    std::cout << "SKIPPED: GNU parallel is not installed\n";
    return;
  }
  const Site site(*weir);
  const std::string page = read_whole(kRoot / "docs/howto/replay-at-scale.md");
  const std::size_t begin = page.find("    parallel --halt");
  REQUIRE(begin != std::string::npos);
  const std::string recipe = page.substr(begin, page.find("\n\n", begin) - begin);
  const Ran ran = site.run(recipe);
  INFO(recipe << ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(read_whole(site.path("replay.json")) == whole(site));
}

TEST_CASE("parts from standard input, in any order and grouping", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const Site site(*weir);
  // As Spark and ClickHouse cut: anywhere between lines. The name of the recording is then that of standard input.
  const Ran parts = site.run("for part in 1 2 3; do awk -v part=$part 'NR % 3 + 1 == part' flows/flows.jsonl | weir replay policies --flows - --partial parts/$part || exit 9; done");
  REQUIRE(parts.exit_code == 0);
  const std::string expected = site.run("weir replay policies --flows - -o json < flows/flows.jsonl").out;
  CHECK(site.run("weir replay --merge parts/1 parts/2 parts/3 -o json").out == expected);
  CHECK(site.run("weir replay --merge parts/3 parts/1 parts/2 -o json").out == expected);
  CHECK(site.run("weir replay --merge parts/2 parts/3 --partial parts/sum && weir replay --merge parts/sum parts/1 -o json").out == expected);
  CHECK(site.run("weir replay policies --flows - --partial parts/any < flows/flows.jsonl && weir replay policies --merge parts/any -o json").out == expected);
}

TEST_CASE("a report is whole or not there", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const Site site(*weir);
  const Ran full = site.run("weir replay policies --flows flows --report json=/dev/full");
  CHECK(full.exit_code == 5);
  CHECK(full.err.find("cannot write `/dev/full`") != std::string::npos);
  CHECK(site.run("weir replay policies --flows flows > /dev/full").exit_code == 5);
  CHECK(site.run("weir replay policies --flows flows --report json=nowhere/x.json").exit_code == 5);
  // A size limit stands for a full disk; what was there before stays.
  const Ran cut = site.run("echo before > kept.html; (ulimit -f 1; trap '' XFSZ; weir replay policies --flows flows --report html=kept.html --report json=other.json); echo $?; cat kept.html; ls");
  INFO(cut.out << cut.err);
  CHECK(cut.out.find("5\nbefore\nflows\nkept.html\nparts\npolicies\n") == 0);
}

}  // namespace weir::tests
