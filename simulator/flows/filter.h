#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ir/base/result.h"
#include "simulator/flows/decode.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

/// hubble's filter flags as written: name without `--`, value; "not" has no value and turns the next one into an exclusion.
using FilterFlags = std::vector<std::pair<std::string, std::string>>;

/// Which flows are replayed (ergonomics.md; `hubble observe --help`): those that every allow-list flag matches (several values of
/// one flag: any of them) and no `--not` flag does.
class FlowFilter {
 public:
  FlowFilter();  // matches everything
  /// An Error (exit code 2) names the flag and what it takes.
  [[nodiscard]] static ir::Result<FlowFilter> parse(const FilterFlags&);
  FlowFilter(FlowFilter&&) noexcept;
  FlowFilter& operator=(FlowFilter&&) noexcept;
  ~FlowFilter();

  [[nodiscard]] bool matches(const Record&, const Interned&) const;
  [[nodiscard]] bool matches_everything() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
