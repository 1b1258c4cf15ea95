#include "ir/base/atomic_file.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <functional>
#include <fstream>

using namespace weir;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / ("weir-atomic-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  [[nodiscard]] std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), {})); }
};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// What `act` returns in a child.
int in_child(const std::function<int()>& act) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(act());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("a file appears when it is committed", "[atomic_file]") {
  const Folder folder;
  const fs::path path = folder.path / "out";
  std::ofstream(path) << "before";
  {
    auto file = ir::AtomicFile::create(path);
    REQUIRE(file);
    REQUIRE(file->append("after"));
    CHECK(read(path) == "before");
    REQUIRE(file->commit());
    CHECK(file->size() == 5);
  }
  CHECK(read(path) == "after");
  CHECK(folder.files() == 1);
}

TEST_CASE("without a commit, or with a kill before it, nothing is left", "[atomic_file]") {
  const Folder folder;
  const fs::path path = folder.path / "out";
  {
    auto file = ir::AtomicFile::create(path);
    REQUIRE(file);
    REQUIRE(file->append("half"));
  }
  CHECK(folder.files() == 0);
  const int ended = in_child([&] {
    auto file = ir::AtomicFile::create(path);
    if (!file || !file->append("half")) return 1;
    return ::raise(SIGKILL);
  });
  CHECK(ended == 128 + SIGKILL);
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("a full disk leaves what was there", "[atomic_file]") {
  const Folder folder;
  const fs::path path = folder.path / "out";
  std::ofstream(path) << "before";
  const int ended = in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    auto file = ir::AtomicFile::create(path);
    if (!file) return 2;
    const auto written = file->append(std::string(10000, 'x'));
    return written ? 3 : written.error().exit_code == 5 ? 0 : 4;
  });
  CHECK(ended == 0);
  CHECK(read(path) == "before");
  CHECK(folder.files() == 1);
}

TEST_CASE("a folder in its place, and no folder around it", "[atomic_file]") {
  const Folder folder;
  const auto there = ir::AtomicFile::create(folder.path);
  REQUIRE_FALSE(there);
  CHECK(there.error().exit_code == 2);
  CHECK_FALSE(ir::AtomicFile::create(folder.path / "none" / "out"));
}
