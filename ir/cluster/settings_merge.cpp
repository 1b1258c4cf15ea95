#include "ir/cluster/settings_merge.h"

namespace weir::ir {

Result<Settings> merge_settings(const SettingPairs& weakest_first) {
  Dialect dialect = Dialect::Cilium120;
  for (const auto& [key, value] : weakest_first) {
    if (key != "dialect") continue;
    const auto parsed = parse_dialect(value);
    if (!parsed) return tl::unexpected(parsed.error());
    dialect = *parsed;
  }
  Settings settings = settings_for(dialect);
  for (const auto& [key, value] : weakest_first) {
    if (key == "dialect") continue;
    auto changed = with(std::move(settings), key, value);
    if (!changed) return changed;
    settings = std::move(*changed);
  }
  return settings;
}

}  // namespace weir::ir
