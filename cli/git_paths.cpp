#include "cli/git_paths.h"

#include <spawn.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

extern char** environ;

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

/// Runs a program without a shell, with one more variable; false when it fails. Its messages go where ours go.
bool run(std::vector<std::string> words, std::string variable) {
  std::vector<char*> environment{variable.data()};
  for (char** one = environ; *one != nullptr; ++one) environment.push_back(*one);
  environment.push_back(nullptr);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (::posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environment.data()) != 0) return false;
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Nothing that git could take for an option or for several words.
bool plain(const std::string& word) { return !word.empty() && word.front() != '-' && word.find('\0') == std::string::npos; }

/// A path inside the repository, from its root.
bool inside(const std::string& path) {
  const fs::path normal = fs::path(path).lexically_normal();
  return normal.is_relative() && *normal.begin() != "..";
}

}  // namespace

ir::Result<GitPath> GitPath::open(const std::string& argument) {
  GitPath out;
  out.path_ = argument;
  if (!argument.starts_with("git:")) return out;
  const std::string rest = argument.substr(4);
  const std::size_t colon = rest.find(':');
  const std::string revision = rest.substr(0, colon), path = colon == std::string::npos ? "." : rest.substr(colon + 1);
  if (!plain(revision) || !plain(path) || !inside(path)) return ir::failure("`" + argument + "` wants git:REV or git:REV:PATH, a path from the root of the repository", 2);
  std::string folder = (fs::temp_directory_path() / "weir-git-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return ir::failure("cannot make a folder for `" + argument + "`", 5);
  out.folder_ = folder;
  out.name_ = "git:" + revision + ":";
  out.path_ = (fs::path(folder) / path).lexically_normal().string();
  // With an index of its own. Not `git archive`, which leaves out what .gitattributes says (export-ignore).
  if (!run({"git", "--work-tree=" + folder, "checkout", "-q", revision, "--", path}, "GIT_INDEX_FILE=" + folder + "/.weir.index"))
    return ir::failure("git does not give `" + argument + "`", 2);
  fs::remove(folder + "/.weir.index");
  return out;
}

GitPath::~GitPath() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

GitPath::GitPath(GitPath&& other) noexcept
    : path_(std::move(other.path_)), folder_(std::exchange(other.folder_, {})), name_(std::move(other.name_)) {}

GitPath& GitPath::operator=(GitPath&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(folder_, other.folder_);
  std::swap(name_, other.name_);
  return *this;
}

void GitPath::rename(ir::Files& files) const {
  if (folder_.empty()) return;
  for (auto& file : files.files)
    if (file.name.starts_with(folder_ + "/")) file.name = name_ + file.name.substr(folder_.size() + 1);
}

}  // namespace weir::cli
