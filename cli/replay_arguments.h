#pragma once

#include <string_view>
#include <vector>

#include "cli/options.h"

namespace CLI {
class App;
}

namespace weir::cli {

/// The flags of `weir replay` beside the common ones.
void add_replay_options(CLI::App&, ReplayOptions&);

/// One of hubble's filter flags.
struct HubbleFlag {
  std::string_view name;   // without dashes: "from-pod"
  std::string_view letter; // "n"; empty: none
  std::string_view text;
  bool takes_value = true;
};
[[nodiscard]] const std::vector<HubbleFlag>& hubble_flags();

}  // namespace weir::cli
