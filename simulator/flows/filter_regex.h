#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ir/base/result.h"

namespace weir::simulator {

/// An expression of Go's regexp, which is RE2's; bounded in memory (reliability.md C2 row 3).
class FlowRegex {
 public:
  [[nodiscard]] static ir::Result<FlowRegex> compile(const std::string& expression);
  /// Somewhere in the text.
  [[nodiscard]] bool found_in(std::string_view text) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

/// `*.cilium.io` as Hubble reads it: `*` is any run of letters, digits, `-` and `.`; case and one final dot do not matter.
[[nodiscard]] ir::Result<FlowRegex> name_pattern(std::string_view pattern);
/// `[CLUSTER/]NODE`, each a pattern of that kind, matched against "cluster/node"; an absent or empty one is any.
[[nodiscard]] ir::Result<FlowRegex> node_pattern(std::string_view pattern);

}  // namespace weir::simulator
