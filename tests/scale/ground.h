#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "tests/perf/known_traffic.h"
#include "tests/run_program.h"

namespace weir::scale {

using Arguments = std::vector<std::string>;

/// A folder of its own, gone at the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "weir-scale-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline Arguments join(Arguments first, const Arguments& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// Known traffic on disk, and the program that replays it. Paths are relative to the folder, so that outputs are too.
class Ground {
 public:
  explicit Ground(std::string weir, const perf::TrafficPlan& plan) : weir_(std::move(weir)), known_(perf::write_traffic(plan, folder_.path())) {}

  [[nodiscard]] const perf::Known& known() const { return known_; }
  [[nodiscard]] const Folder& folder() const { return folder_; }

  [[nodiscard]] tests::Ran run(const Arguments& arguments) const {
    return tests::run_program(join({weir_}, arguments), folder_.path(), std::chrono::seconds(110));
  }
  [[nodiscard]] tests::Ran shell(const std::string& command) const {
    const std::string folder = std::filesystem::path(weir_).parent_path();
    return tests::run_program({"/bin/sh", "-c", "PATH=" + folder + ":$PATH; " + command}, folder_.path(), std::chrono::seconds(110));
  }

  /// The report about the change, every connection in it.
  [[nodiscard]] tests::Ran report(const Arguments& more) const {
    return run(join({"replay", "after", "--base", "before", "--all", "-o", "json"}, more));
  }
  /// A part of the recordings in a file of this name.
  void part(const std::string& name, const Arguments& more) const {
    const tests::Ran ran = run(join({"replay", "after", "--base", "before", "--partial", name}, more));
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    REQUIRE(ran.out.empty());
  }
  /// Parts -> one part.
  void sum(const std::string& name, const Arguments& parts) const {
    const tests::Ran ran = run(join({"replay", "after", "--base", "before", "--partial", name, "--merge"}, parts));
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
  }
  /// The recordings' files, sorted.
  [[nodiscard]] Arguments recordings() const {
    Arguments files;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "flows"))
      files.push_back("flows/" + entry.path().filename().string());
    std::sort(files.begin(), files.end());
    return files;
  }

 private:
  std::string weir_;
  Folder folder_;
  perf::Known known_;
};

inline void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

}  // namespace weir::scale
