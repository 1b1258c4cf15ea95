#include "cli/git_paths.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

#include "cli/git_tree.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

/// Nothing that git could take for an option or for several words.
bool plain(const std::string& word) { return !word.empty() && word.front() != '-' && word.find('\0') == std::string::npos; }

/// "." for the root, no slash at its end.
std::string normal(const std::string& path) {
  const std::string text = fs::path(path).lexically_normal().string();
  return text.size() > 1 && text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
}

/// A path inside the repository, from its root.
bool inside(const fs::path& path) { return path.is_relative() && *path.begin() != ".."; }

}  // namespace

ir::Result<GitPath> GitPath::open(const std::string& argument) {
  GitPath out;
  out.path_ = argument;
  if (!argument.starts_with("git:")) return out;
  const std::string rest = argument.substr(4);
  const std::size_t colon = rest.find(':');
  const std::string revision = rest.substr(0, colon), path = colon == std::string::npos ? "." : normal(rest.substr(colon + 1));
  if (!plain(revision) || !plain(path) || !inside(path)) return ir::failure("`" + argument + "` wants git:REV or git:REV:PATH, a path from the root of the repository", 2);
  std::string folder = (fs::temp_directory_path() / "weir-git-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return ir::failure("cannot make a folder for `" + argument + "`", 5);
  out.folder_ = folder;
  out.name_ = "git:" + revision + ":";
  out.path_ = (fs::path(folder) / "tree" / path).lexically_normal().string();
  if (!write_git_tree(revision, path, folder)) return ir::failure("git does not give `" + argument + "`", 2);
  return out;
}

ir::Result<GitPath> GitPath::standard_input() {
  GitPath out;
  std::string folder = (fs::temp_directory_path() / "weir-stdin-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return ir::failure("cannot make a folder for standard input", 5);
  out.folder_ = folder;
  out.path_ = folder + "/tree/<stdin>";
  std::error_code error;
  fs::create_directory(folder + "/tree", error);
  std::ofstream file(out.path_, std::ios::binary);
  if (std::cin.peek() != std::char_traits<char>::eof()) file << std::cin.rdbuf();
  file.flush();
  if (!file) return ir::failure("cannot keep standard input in `" + folder + "`", 5);
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
  const std::string root = folder_ + "/tree/";
  for (auto& file : files.files)
    if (file.name.starts_with(root)) file.name = name_ + file.name.substr(root.size());
}

}  // namespace weir::cli
