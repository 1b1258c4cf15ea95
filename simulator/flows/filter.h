#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ir/base/result.h"
#include "simulator/flows/decode.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

/// hubble's filter flags as written: name without `--`, value; "not" has no value and turns the next one into an exclusion.
using FilterFlags = std::vector<std::pair<std::string, std::string>>;

/// Which flows are replayed (ergonomics.md; `hubble observe --help`): those that every flag matches (several values of one
/// flag: any of them), without those that every flag behind `--not` matches. A flag about either end, such as `--pod`, is
/// asked of both sources or both destinations: `--pod a --label b` is an end that is a and b.
class FlowFilter {
 public:
  FlowFilter();  // matches everything
  /// An Error (exit code 2) names the flag and what it takes. `end`: when the recordings end, from which the durations of
  /// `--since` and `--until` count back (recording_end in simulator/replay/plan.h); without it they are an Error.
  [[nodiscard]] static ir::Result<FlowFilter> parse(const FilterFlags&, std::optional<std::int64_t> end = std::nullopt);
  FlowFilter(FlowFilter&&) noexcept;
  FlowFilter& operator=(FlowFilter&&) noexcept;
  ~FlowFilter();

  /// Whether one of them is such a duration.
  [[nodiscard]] static bool needs_end(const FilterFlags&);

  [[nodiscard]] bool matches(const Record&, const Interned&) const;
  [[nodiscard]] bool matches_everything() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
