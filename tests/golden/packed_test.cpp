// `weir flows pack` and `print` as programs: the report of a packed recording is that of its lines, to the byte, and a failing
// world leaves nothing half-written.
#include <catch2/catch.hpp>

#include <fstream>

#include "tests/run_program.h"

namespace fs = std::filesystem;

namespace weir::tests {
namespace {

const fs::path kRoot = WEIR_SOURCE_DIR;

class Site {
 public:
  Site() {
    std::string made = (fs::temp_directory_path() / "weir-packed-XXXXXX").string();
    REQUIRE(mkdtemp(made.data()) != nullptr);
    folder = made;
  }
  ~Site() { fs::remove_all(folder); }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  [[nodiscard]] std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {})); }
  fs::path folder;
};

/// Every form of one recording under one name, because a report names its files.
void check_reports(const std::string& weir, const fs::path& recording, const std::vector<std::string>& manifests) {
  INFO(recording);
  const Site site;
  fs::copy_file(recording, site.folder / "lines");
  const Ran packed = run_program({weir, "flows", "pack", "lines", "-o", "packed"}, site.folder);
  INFO(packed.err);
  REQUIRE(packed.exit_code == 0);
  const Ran printed = run_program({weir, "flows", "print", "packed"}, site.folder);
  REQUIRE(printed.exit_code == 0);
  std::ofstream(site.folder / "printed", std::ios::binary) << printed.out;
  std::vector<std::string> replay = {weir, "replay"};
  replay.insert(replay.end(), manifests.begin(), manifests.end());
  replay.insert(replay.end(), {"--flows", "flows", "-o", "json", "--all"});
  std::vector<Ran> reports;
  for (const char* form : {"lines", "packed", "printed"}) {
    fs::copy_file(site.folder / form, site.folder / "flows", fs::copy_options::overwrite_existing);
    reports.push_back(run_program(replay, site.folder));
  }
  CHECK(reports[0].out.size() > 500);
  for (const std::size_t form : {1, 2}) {
    INFO((form == 1 ? "packed" : "printed"));
    CHECK(reports[0].out == reports[form].out);
    CHECK(reports[0].err == reports[form].err);
    CHECK(reports[0].exit_code == reports[form].exit_code);
  }
}

}  // namespace

TEST_CASE("the report of a packed recording is that of its lines", "[golden]") {
  const std::optional<std::string> binary = weir_binary();
  if (!binary) return;
  const std::string& weir = *binary;
  const fs::path shop = kRoot / "testdata/replay/shop";
  check_reports(weir, shop / "flows.jsonl", {(shop / "policies").string(), (shop / "inventory.yaml").string()});
  check_reports(weir, kRoot / "testdata/flows/lab.jsonl", {(shop / "policies").string(), (shop / "inventory.yaml").string()});
}

TEST_CASE("packing into a full disk, and what is no recording", "[golden]") {
  const std::optional<std::string> binary = weir_binary();
  if (!binary) return;
  const std::string& weir = *binary;
  const Site site;
  std::ofstream(site.folder / "day.weirflows") << "before";
  const fs::path lab = kRoot / "testdata/flows/lab.jsonl";
  // A limit of one block stands for a disk that is full.
  const Ran full = run_program({"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"", weir, "flows", "pack", lab.string(), "-o", "day.weirflows"},
                               site.folder);
  CHECK(full.exit_code == 5);
  CHECK(full.err.find("cannot write `day.weirflows`") != std::string::npos);
  CHECK(read_whole(site.folder / "day.weirflows") == "before");
  CHECK(site.files() == 1);
  CHECK(run_program({weir, "flows", "pack", "none.jsonl", "-o", "day.weirflows"}, site.folder).exit_code == 2);
  CHECK(read_whole(site.folder / "day.weirflows") == "before");
  CHECK(run_program({weir, "flows", "pack", lab.string()}, site.folder).exit_code == 2);
  REQUIRE(run_program({weir, "flows", "pack", lab.string(), "-o", "day.weirflows"}, site.folder).exit_code == 0);
  const std::string whole = read_whole(site.folder / "day.weirflows");
  std::ofstream(site.folder / "day.weirflows", std::ios::binary) << whole.substr(0, whole.size() - 5);
  const Ran cut = run_program({weir, "flows", "print", "day.weirflows"}, site.folder);
  CHECK(cut.exit_code == 3);
  CHECK(cut.err.find("cut off") != std::string::npos);
  CHECK(cut.out.size() > 1000);
}

}  // namespace weir::tests
