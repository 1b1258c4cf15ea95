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

/// Adds the files below a folder. `entered`: a link that leads back up is not followed again.
std::error_code add_below(const fs::path& folder, std::set<fs::path>& entered, std::vector<std::string>& files) {
  std::error_code error, unknown;
  if (!entered.insert(fs::canonical(folder, error)).second || error) return error;
  std::set<fs::path> entries;
  fs::directory_iterator at(folder, error);
  for (const fs::directory_iterator end; !error && at != end; at.increment(error))
    if (!at->path().filename().string().starts_with(".")) entries.insert(at->path());
  for (const fs::path& entry : entries) {
    if (error) return error;
    if (fs::is_directory(entry, unknown))
      error = add_below(entry, entered, files);
    else
      files.push_back(entry.string());
  }
  return error;
}

ir::Result<std::vector<std::string>> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::set<fs::path> entered;
  if (const std::error_code error = add_below(folder, entered, files)) return tl::unexpected(cannot_list(folder, error));
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
