#pragma once

#include <string>

namespace weir::cli {

/// Writes what `revision` of the repository around the working directory holds at `path` ("." for all) to `folder`/tree, byte by byte
/// as it was committed. Nothing that the repository brings is run: no hook, no filter, no monitor, and nothing is fetched. False when
/// git does not know the revision or the path; git's messages go where ours go.
[[nodiscard]] bool write_git_tree(const std::string& revision, const std::string& path, const std::string& folder);

}  // namespace weir::cli
