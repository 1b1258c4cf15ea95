#pragma once

#include <string>
#include <vector>

#include "ir/base/result.h"

namespace weir::simulator {

/// What a user names -> recording files: a folder stands for the files in it and below it, hidden ones left out, in the order
/// of their names. A file that is named twice is read once. An Error (exit code 2) says what is not there, cannot be
/// listed, or holds no file.
[[nodiscard]] ir::Result<std::vector<std::string>> expand_recordings(const std::vector<std::string>& paths);

/// A file that can be looked into before it is read: no pipe and not standard input, whose bytes come only once.
[[nodiscard]] bool can_read_twice(const std::string& path);

}  // namespace weir::simulator
