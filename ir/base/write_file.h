#pragma once

#include <string>
#include <string_view>

#include "ir/base/result.h"

namespace weir::ir {

/// Writes a whole file or nothing: into a new file beside it, synced, then renamed. A full disk or a kill leaves what was
/// there before. Devices and pipes ("/dev/stdout") are written to directly.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace weir::ir
