#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ir/base/result.h"

namespace weir::cli {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Keys and values of `path`, or of the nearest .weir.yaml from the working directory up to the repository's root
/// (a folder that holds .git). No file: empty. Exit code 2 when it cannot be read.
[[nodiscard]] ir::Result<Pairs> read_config(const std::string& path);

/// WEIR_DIALECT, WEIR_ENFORCEMENT ... : the key in lower case; names weir uses for its own tests are left out.
[[nodiscard]] Pairs environment_settings();

}  // namespace weir::cli
