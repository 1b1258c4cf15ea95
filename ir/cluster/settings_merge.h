#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ir/base/result.h"
#include "ir/cluster/settings.h"

namespace weir::ir {

/// Settings as key and value; the key `dialect` may be among them.
using SettingPairs = std::vector<std::pair<std::string, std::string>>;

/// The settings that these pairs give, from the weakest word to the strongest: the last on a key wins. The dialect is read
/// first, as it sets the defaults of the others. Exit code 2 for an unknown key or value.
[[nodiscard]] Result<Settings> merge_settings(const SettingPairs& weakest_first);

}  // namespace weir::ir
