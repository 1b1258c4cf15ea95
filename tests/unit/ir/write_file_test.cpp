#include "ir/base/write_file.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace weir;
namespace fs = std::filesystem;

namespace {

fs::path make_folder() {
  std::string name = (fs::temp_directory_path() / "weir-write-XXXXXX").string();
  return ::mkdtemp(name.data()) == nullptr ? fs::path() : fs::path(name);
}

struct Folder {
  fs::path path = make_folder();
  ~Folder() { fs::remove_all(path); }
  [[nodiscard]] std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), {})); }
};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a file is written whole, over what was there", "[files]") {
  const Folder folder;
  const std::string path = folder.path / "out";
  REQUIRE(ir::write_file(path, "one"));
  REQUIRE(ir::write_file(path, "two"));
  CHECK(read(path) == "two");
  CHECK(folder.files() == 1);
}

TEST_CASE("what does not fit leaves what was there", "[files]") {
  const Folder folder;
  const std::string path = folder.path / "out";
  REQUIRE(ir::write_file(path, "before"));
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &small);
    ::_exit(ir::write_file(path, std::string(100'000, 'x')) ? 0 : 7);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 7);
  CHECK(read(path) == "before");
  CHECK(folder.files() == 1);
}

TEST_CASE("a folder that is not there is an error that names the file", "[files]") {
  const auto written = ir::write_file("/nowhere/at/all", "x");
  REQUIRE_FALSE(written);
  CHECK(written.error().message.find("/nowhere/at/all") != std::string::npos);
}
