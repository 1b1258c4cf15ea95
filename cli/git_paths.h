#pragma once

#include <string>

#include "ir/base/files.h"
#include "ir/base/result.h"

namespace weir::cli {

/// "git:REV" or "git:REV:PATH": what a revision of the repository around the working directory holds, as a folder of its own. Any
/// other path is itself.
class GitPath {
 public:
  /// Exit code 2 when git does not know the revision or the path.
  [[nodiscard]] static ir::Result<GitPath> open(const std::string& argument);
  /// Standard input as a file, which can be read more than once.
  [[nodiscard]] static ir::Result<GitPath> standard_input();
  ~GitPath();
  GitPath(GitPath&&) noexcept;
  GitPath& operator=(GitPath&&) noexcept;
  GitPath(const GitPath&) = delete;
  GitPath& operator=(const GitPath&) = delete;

  /// What can be read like any other path.
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Names files of the folder as the user did: "git:main:policies/a.yaml".
  void rename(ir::Files&) const;

 private:
  GitPath() = default;
  std::string path_, folder_, name_;  // folder_ is ours to remove; empty: the path is what it says
};

}  // namespace weir::cli
