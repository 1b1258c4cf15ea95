#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "compiler/verify/rule_space.h"

namespace weir::compiler {

/// Whether rules together match every connection of some boxes for sure.
struct Cover {
  bool complete = false;                      // every connection is matched by one of `by`
  bool gave_up = false;                       // more pieces than the limit: not known
  std::optional<ConnectionWitness> left_out;  // a connection that none matches
  std::vector<ir::RuleId> by;                 // those that were needed, by id
};

/// Cuts the boxes along the rules until a connection is left that none of them matches, or nothing is left. The next cut
/// follows a concrete connection, so that rules far away cost nothing.
[[nodiscard]] Cover cover(const RuleSpace&, std::vector<ConnectionBox> boxes, const std::vector<ir::RuleId>& rules,
                          std::size_t limit);

/// The evaluator's own reading: subject, peer and port of the rule match this connection (policy.md 4.2), for sure or
/// at most.
[[nodiscard]] bool rule_matches(const RuleSpace&, ir::RuleId, const ir::Flow&, Reading = Reading::Sure);

}  // namespace weir::compiler
