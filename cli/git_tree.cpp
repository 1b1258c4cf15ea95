// By `git ls-tree` and `git cat-file`, which look at neither .gitattributes nor the index. Not `git checkout`, which runs the hook
// post-checkout and the filters of the configuration; not `git archive`, which leaves out what .gitattributes says (export-ignore).
// Tested by tests/golden/diff_git_test.cpp.
#include "cli/git_tree.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

extern char** environ;

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

/// A line of `git ls-tree`.
struct Entry {
  std::string mode, object, path;
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

/// Ours, but nothing may be fetched: what a remote is reached by is a command of the configuration.
std::vector<std::string> environment() {
  std::vector<std::string> out = {"GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0", "GIT_LITERAL_PATHSPECS=1"};
  for (char** one = environ; *one != nullptr; ++one)
    if (!std::string_view(*one).starts_with("GIT_ALLOW_PROTOCOL=")) out.emplace_back(*one);
  return out;
}

/// Runs git without a shell from one file to another; false when it fails.
bool git(std::vector<std::string> words, const std::string& from, const std::string& to) {
  words.insert(words.begin(), {"git", "--no-pager", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"});
  std::vector<std::string> variables = environment();
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, from.c_str(), O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, "git", &files, nullptr, pointers(words).data(), pointers(variables).data());
  ::posix_spawn_file_actions_destroy(&files);
  int status = 0;
  return failed == 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Whether a path of a tree, which somebody else made, stays in the folder.
bool stays_inside(const fs::path& path) {
  return !path.empty() && path.is_relative() && std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part.empty() || part == "." || part == ".."; });
}

/// "100644 blob 1234abcd\tpath", each ended by a 0.
std::optional<std::vector<Entry>> read_entries(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<Entry> out;
  for (std::string line; std::getline(in, line, '\0');) {
    const std::size_t tab = line.find('\t');
    Entry entry;
    std::string kind;
    if (tab == std::string::npos || !(std::istringstream(line.substr(0, tab)) >> entry.mode >> kind >> entry.object)) return std::nullopt;
    entry.path = line.substr(tab + 1);
    if (!stays_inside(entry.path)) return std::nullopt;
    if (kind == "blob") out.push_back(std::move(entry));  // else a submodule, of which nothing is here
  }
  return out;
}

/// The next answer of `git cat-file --batch`: "OBJECT blob SIZE\n", the bytes, "\n".
std::optional<std::string> next_blob(std::ifstream& in) {
  std::string head, object, kind, bytes;
  std::size_t size = 0;
  if (!std::getline(in, head) || !(std::istringstream(head) >> object >> kind >> size) || kind != "blob") return std::nullopt;
  bytes.resize(size);
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  if (!in || in.get() != '\n') return std::nullopt;
  return bytes;
}

bool write_file(const fs::path& path, const std::string& bytes) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error || fs::exists(fs::symlink_status(path, error))) return false;
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  out.flush();
  return static_cast<bool>(out);
}

/// Whether a link stands between the tree and the path; a made-up tree may name one as a folder.
bool through_link(fs::path path, const fs::path& tree) {
  for (path = path.parent_path(); path != tree; path = path.parent_path()) {
    std::error_code error;
    if (fs::is_symlink(fs::symlink_status(path, error)) || !path.has_relative_path()) return true;
  }
  return false;
}

/// Links come last: then no file is written through one.
bool write_entries(const std::vector<Entry>& entries, const std::string& blobs, const fs::path& tree) {
  std::ifstream in(blobs, std::ios::binary);
  std::vector<std::pair<fs::path, std::string>> links;
  for (const Entry& entry : entries) {
    auto bytes = next_blob(in);
    if (!bytes) return false;
    if (entry.mode == "120000") links.emplace_back(tree / entry.path, std::move(*bytes));
    else if (!write_file(tree / entry.path, *bytes)) return false;
  }
  for (const auto& [path, target] : links) {
    if (through_link(path, tree)) return false;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    fs::create_symlink(target, path, error);
    if (error) return false;
  }
  return true;
}

}  // namespace

bool write_git_tree(const std::string& revision, const std::string& path, const std::string& folder) {
  const std::string list = folder + "/list", wanted = folder + "/wanted", blobs = folder + "/blobs";
  std::vector<std::string> words = {"ls-tree", "-r", "-z", "--full-tree", revision};
  if (path != ".") words.insert(words.end(), {"--", path});
  if (!git(words, "/dev/null", list)) return false;
  const auto entries = read_entries(list);
  if (!entries || entries->empty()) return false;
  std::ofstream out(wanted, std::ios::binary);
  for (const Entry& entry : *entries) out << entry.object << '\n';
  out.close();
  const bool written = out && git({"cat-file", "--batch"}, wanted, blobs) && write_entries(*entries, blobs, fs::path(folder) / "tree");
  std::error_code ignored;
  fs::remove(blobs, ignored);
  return written;
}

}  // namespace weir::cli
