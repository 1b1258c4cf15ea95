// A full disk, a killed run and an unreadable file leave no half-written result.

#include <sys/mount.h>

#include "tests/scale/ground.h"

namespace weir::scale {
namespace {

constexpr perf::TrafficPlan kPlan{.seed = 21, .pairs = 140, .connections = 25, .seconds = 3000};

/// A disk of this many kilobytes in a folder, as long as it lives.
class SmallDisk {
 public:
  SmallDisk(std::string path, const std::string& size) : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
    mounted_ = ::mount("none", path_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() { if (mounted_) ::umount2(path_.c_str(), MNT_DETACH); }
  [[nodiscard]] bool mounted() const { return mounted_; }

 private:
  std::string path_;
  bool mounted_ = false;
};

/// The two results of a run: what is written, and by which flag.
struct Result {
  std::string name;
  Arguments flags;
  std::string whole;  // the bytes of a run that nothing disturbs
};

std::vector<Result> results_of(const Ground& ground, const std::string& folder) {
  std::vector<Result> results = {{"part", {"--flows", "flows", "--partial", folder + "/part"}, {}},
                                 {"html", {"--all", "--flows", "flows", "--report", "html=" + folder + "/html"}, {}}};
  for (Result& result : results) {
    Arguments calm = result.flags;
    std::string& last = calm.back();
    last.replace(last.find(folder), folder.size(), "calm");
    std::filesystem::create_directories(ground.folder() / "calm");
    const tests::Ran ran = ground.run(join({"replay", "after"}, calm));
    INFO(ran.err);
    REQUIRE((ran.exit_code == 0 || ran.exit_code == 1));
    result.whole = tests::read_whole(ground.folder() / ("calm/" + result.name));
    REQUIRE(result.whole.size() > 32 * 1024);
  }
  return results;
}

std::size_t files_in(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

/// Kills the program after a while. True: it had not ended by itself.
bool kill_after(const Arguments& arguments, const std::filesystem::path& folder, std::chrono::microseconds pause) {
  const pid_t child = fork();
  if (child == 0) tests::become(arguments, folder, "/dev/null", "/dev/null");
  std::this_thread::sleep_for(pause);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

}  // namespace

TEST_CASE("a full disk leaves the old result or none") {
  const auto weir = tests::weir_binary();
  if (!weir) return;
  const Ground ground(*weir, kPlan);
  const std::vector<Result> results = results_of(ground, "small");
  const SmallDisk disk(ground.folder() / "small", "24k");
  if (!disk.mounted()) {
    std::cout << "SKIPPED: only root can make a small disk\n";
    return;
  }
  for (const Result& result : results) {
    const std::string path = ground.folder() / ("small/" + result.name);
    INFO(path);
    const tests::Ran none = ground.run(join({"replay", "after"}, result.flags));
    INFO(none.err);
    CHECK(none.exit_code == 5);
    CHECK(none.err.find("No space left") != std::string::npos);
    CHECK(files_in(ground.folder() / "small") == 0);
    write(path, "the old result");
    CHECK(ground.run(join({"replay", "after"}, result.flags)).exit_code == 5);
    CHECK(tests::read_whole(path) == "the old result");
    CHECK(files_in(ground.folder() / "small") == 1);
    std::filesystem::remove(path);
  }
}

TEST_CASE("a limit on the size of files leaves the old result or none") {
  const auto weir = tests::weir_binary();
  if (!weir) return;
  const Ground ground(*weir, kPlan);
  for (const Result& result : results_of(ground, "limited")) {
    std::filesystem::create_directories(ground.folder() / "limited");
    const std::string path = ground.folder() / ("limited/" + result.name);
    std::string command = "ulimit -f 16; exec weir replay after";
    for (const std::string& flag : result.flags) command += " '" + flag + "'";
    INFO(command);
    // Its answer goes elsewhere: the limit is about the result.
    const tests::Ran none = ground.shell(command + " >/dev/null");
    INFO(none.err);
    CHECK(none.exit_code >= 5);
    CHECK(!std::filesystem::exists(path));
    write(path, "the old result");
    CHECK(ground.shell(command + " >/dev/null").exit_code >= 5);
    CHECK(tests::read_whole(path) == "the old result");
  }
}

TEST_CASE("a standard output that takes nothing is an error") {
  const auto weir = tests::weir_binary();
  if (!weir) return;
  const Ground ground(*weir, {.seed = 22, .pairs = 20});
  for (const std::string format : {"text", "json", "csv", "html"}) {
    INFO(format);
    CHECK(ground.shell("weir replay after --flows flows -o " + format + " >/dev/full").exit_code == 5);
  }
}

TEST_CASE("a killed run leaves the old result or the whole new one") {
  const auto weir = tests::weir_binary();
  if (!weir) return;
  const Ground ground(*weir, kPlan);
  std::mt19937_64 random(3);
  std::size_t killed = 0, finished = 0;
  for (const Result& result : results_of(ground, "killed")) {
    std::filesystem::create_directories(ground.folder() / "killed");
    const std::string path = ground.folder() / ("killed/" + result.name);
    const Arguments arguments = join({*weir, "replay", "after"}, result.flags);
    const tests::Ran calm = tests::run_program(arguments, ground.folder().path());
    REQUIRE(tests::read_whole(path) == result.whole);
    for (int round = 0; round < 60; ++round) {
      const bool old = round % 2 == 0;
      if (old) write(path, "the old result");
      else std::filesystem::remove(path);
      // Half of the kills are near the end, where results are written.
      const auto most = std::chrono::microseconds((calm.millis + 5) * 1100);
      const auto least = round % 4 < 2 ? most / 2 : std::chrono::microseconds(0);
      const auto pause = least + std::chrono::microseconds(random() % static_cast<std::uint64_t>((most - least).count()));
      (kill_after(arguments, ground.folder().path(), pause) ? killed : finished) += 1;
      INFO("killed after " << pause.count() << " us");
      const std::string left = std::filesystem::exists(path) ? tests::read_whole(path) : "";
      const bool whole = left == result.whole, untouched = left == (old ? "the old result" : "");
      CHECK((whole || untouched));
    }
  }
  std::cout << "scale: " << killed << " runs killed, " << finished << " ended before; no half-written result\n";
  CHECK(killed >= 20);
}

TEST_CASE("an unreadable recording gives no result") {
  const auto weir = tests::weir_binary();
  if (!weir) return;
  const Ground ground(*weir, {.seed = 23, .pairs = 20});
  std::filesystem::create_directories(ground.folder() / "out");
  SECTION("reading fails, for root too") {
    std::filesystem::create_symlink("/proc/self/mem", ground.folder() / "flows/node-9.jsonl");
  }
  SECTION("it points nowhere") { std::filesystem::create_symlink("nowhere", ground.folder() / "flows/node-9.jsonl"); }
  for (const Arguments& flags : {Arguments{"--partial", "out/part"}, Arguments{"--report", "json=out/json"}}) {
    INFO(flags.front());
    const tests::Ran ran = ground.run(join({"replay", "after", "--flows", "flows"}, flags));
    INFO(ran.exit_code << " " << ran.err);
    CHECK((ran.exit_code == 2 || ran.exit_code == 5));
    CHECK(ran.err.find("node-9.jsonl") != std::string::npos);
    CHECK(files_in(ground.folder() / "out") == 0);
  }
}

}  // namespace weir::scale
