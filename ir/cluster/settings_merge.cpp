#include "ir/cluster/settings_merge.h"

#include <optional>
#include <string_view>

namespace weir::ir {
namespace {

/// `ipv4` and `ipv6` are one setting in two keys, which may come in any order and from different places.
struct Families {
  std::optional<bool> four, six;

  void take(std::string_view key, bool on, Settings& settings) {
    (key == "ipv4" ? four : six) = on;
    settings.dual_stack = six.value_or(settings.dual_stack) && four.value_or(true);
  }
};

}  // namespace

Result<Settings> merge_settings(const SettingPairs& weakest_first) {
  Dialect dialect = Dialect::Cilium120;
  for (const auto& [key, value] : weakest_first) {
    if (key != "dialect") continue;
    const auto parsed = parse_dialect(value);
    if (!parsed) return tl::unexpected(parsed.error());
    dialect = *parsed;
  }
  Settings settings = settings_for(dialect);
  Families families;
  for (const auto& [key, value] : weakest_first) {
    if (key == "dialect") continue;
    auto changed = with(std::move(settings), key, value);
    if (!changed) return changed;
    settings = std::move(*changed);
    // What was read alone, without what the settings were before.
    if (key == "ipv4" || key == "ipv6") families.take(key, with(Settings{}, "ipv6", value)->dual_stack, settings);
  }
  return settings;
}

}  // namespace weir::ir
