#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/unit/compiler/source/source_helpers.h"

using namespace weir;
using namespace weir::compiler;
namespace fs = std::filesystem;

namespace {

/// A folder that is gone after the test.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "weir-load-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
  }
};

struct Loaded {
  ir::Files files;
  ir::Diagnostics diagnostics;
  ir::Result<Sources> sources;
  explicit Loaded(const std::vector<std::string>& paths, const SourceLimits& limits = {})
      : sources(load(paths, limits, files, diagnostics)) {}
};

}  // namespace

TEST_CASE("a folder is read in order of names, at any depth", "[source]") {
  const Folder folder;
  folder.write("b.yaml", "k: b\n");
  folder.write("a.yml", "k: a\n");
  folder.write("dir.yaml/c.json", "{\"k\": \"c\"}");
  folder.write("skipped.txt", "k: [\n");
  const Loaded loaded({folder.path.string()});
  REQUIRE(loaded.sources);
  std::string order;
  for (const Document& document : loaded.sources->documents) order += document.root.find("k")->text;
  CHECK(order == "abc");
  CHECK(loaded.files.files.at(0).name == (folder.path / "a.yml").string());
}

TEST_CASE("names of clusters", "[source]") {
  const Folder folder;
  folder.write("a.yaml", "k: a\n");
  folder.write("x=y.yaml", "k: b\n");
  const std::string east = "east=" + (folder.path / "a.yaml").string();
  const Loaded loaded({east, (folder.path / "x=y.yaml").string(), (folder.path / "a.yaml").string()});
  REQUIRE(loaded.sources);
  REQUIRE(loaded.sources->documents.size() == 3);
  CHECK(loaded.sources->documents[0].cluster == "east");
  CHECK(loaded.sources->documents[1].cluster == "");
  CHECK(loaded.sources->documents[2].cluster == "");
}

TEST_CASE("a file named twice is read once", "[source]") {
  const Folder folder;
  folder.write("a.yaml", "k: a\n");
  const Loaded loaded({folder.path.string(), (folder.path / "a.yaml").string()});
  REQUIRE(loaded.sources);
  CHECK(loaded.sources->documents.size() == 1);
}

TEST_CASE("a path that is not there is a bad question", "[source]") {
  const Loaded loaded({"no/such/file.yaml"});
  REQUIRE_FALSE(loaded.sources);
  CHECK(loaded.sources.error().exit_code == 2);
  CHECK(loaded.sources.error().message == "no such file or folder: `no/such/file.yaml`");
}

TEST_CASE("a pipe inside a folder does not hang", "[source]") {
  const Folder folder;
  REQUIRE(mkfifo((folder.path / "pipe.yaml").c_str(), 0600) == 0);
  const Loaded loaded({folder.path.string()});
  REQUIRE_FALSE(loaded.sources);
  CHECK(loaded.sources.error().exit_code == 2);
}

TEST_CASE("a file beyond the limit is refused before it is read", "[source]") {
  const Folder folder;
  folder.write("a.yaml", std::string(2 << 20, '#'));
  SourceLimits limits;
  limits.file_bytes = 1 << 20;
  const Loaded loaded({(folder.path / "a.yaml").string()}, limits);
  REQUIRE_FALSE(loaded.sources);
  CHECK(loaded.sources.error().exit_code == 3);
}

TEST_CASE("a broken file does not hide the others", "[source]") {
  const Folder folder;
  folder.write("a.yaml", "k: [\n");
  folder.write("b.yaml", "k: b\n");
  const Loaded loaded({folder.path.string()});
  REQUIRE(loaded.sources);
  CHECK(loaded.sources->documents.size() == 1);
  CHECK(loaded.diagnostics.list().size() == 1);
}
