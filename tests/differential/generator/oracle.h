#pragma once

#include "ir/flow/decision.h"
#include "ir/flow/flow.h"
#include "tests/differential/generator/written.h"

namespace weir::tests {

/// policy.md 2, 3, 4 and 7 once more, straight from what is written to a verdict: no labels of identities, no resolved
/// rules, nothing of compiler/. A mistake in reading or resolving makes all engines wrong alike; this one does not share it.
class Oracle {
 public:
  Oracle(const ir::Cluster&, const std::vector<Written>&);
  /// Verdict and reason of one side; both ends have addresses.
  struct Answer {
    ir::Verdict verdict = ir::Verdict::Allowed;
    ir::DropReason reason = ir::DropReason::None;
    friend bool operator==(const Answer&, const Answer&) = default;
  };
  [[nodiscard]] Answer ask(const ir::Flow&, ir::Direction) const;

 private:
  const ir::Cluster& cluster_;
  const std::vector<Written>& policies_;
};

}  // namespace weir::tests
