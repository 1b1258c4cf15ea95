#include "simulator/flows/inputs.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace weir::simulator {
namespace {

namespace fs = std::filesystem;

ir::Error cannot_list(const std::string& path, const std::error_code& error) {
  return {"cannot list `" + path + "`: " + error.message(), 2};
}

/// Files below a folder, sorted. A link that leads back up ends in an error.
ir::Result<std::vector<std::string>> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::follow_directory_symlink, error);
  for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
    const bool hidden = at->path().filename().string().starts_with(".");
    std::error_code unknown;
    if (at->is_directory(unknown)) {
      if (hidden) at.disable_recursion_pending();
    } else if (!hidden) {
      files.push_back(at->path().string());
    }
  }
  if (error) return tl::unexpected(cannot_list(folder, error));
  std::sort(files.begin(), files.end());
  if (files.empty()) return ir::failure("no recording in the folder `" + folder + "`", 2);
  return files;
}

}  // namespace

ir::Result<std::vector<std::string>> expand_recordings(const std::vector<std::string>& paths) {
  std::vector<std::string> all;
  std::set<std::string> seen;
  const auto add = [&](const std::string& path) {
    std::error_code unknown;
    const std::string same = path == "-" ? path : fs::weakly_canonical(path, unknown).string();
    if (seen.insert(same.empty() ? path : same).second) all.push_back(path);
  };
  for (const std::string& path : paths) {
    std::error_code unknown;
    if (path == "-" || !fs::is_directory(path, unknown)) {
      add(path);
      continue;
    }
    const ir::Result<std::vector<std::string>> files = files_below(path);
    if (!files) return tl::unexpected(files.error());
    for (const std::string& file : *files) add(file);
  }
  return all;
}

bool can_read_twice(const std::string& path) {
  std::error_code unknown;
  return path != "-" && fs::is_regular_file(path, unknown);
}

}  // namespace weir::simulator
