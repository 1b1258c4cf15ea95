#pragma once

#include <string>
#include <string_view>

#include "ir/base/result.h"

namespace weir::cli {

/// The whole of `bytes`, or the file as it was: written beside it, synced and renamed. A pipe or a device is written to
/// directly. An Error has exit code 5.
[[nodiscard]] ir::Result<std::string> write_file(const std::string& path, std::string_view bytes);

}  // namespace weir::cli
