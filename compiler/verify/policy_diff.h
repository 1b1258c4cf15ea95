#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/verify/any_diff.h"
#include "compiler/verify/today_diff.h"
#include "compiler/verify/verify.h"

namespace weir::compiler {

struct DiffQuestion {
  bool today = true;      // between the pods of the inventories, and with the outside
  bool any = true;        // between any pods that may come
  VerifyLimits limits = {};
  std::size_t most = 100; // differences over any pods that are kept
};

struct PolicyDiff {
  std::optional<TodayDiff> today;
  std::optional<AnyDiff> any;
  std::vector<std::string> assumptions;  // what the answer over any pods does not speak about; sorted

  [[nodiscard]] bool equal() const { return (!today || (today->changes.empty() && today->requests.empty())) && (!any || any->found.empty()); }
  [[nodiscard]] bool complete() const { return (!today || today->why().empty()) && (!any || any->complete); }
};

/// What changes from one set to the other. Rules in audit deny nothing.
[[nodiscard]] PolicyDiff diff_policies(const DiffSide& before, const DiffSide& after, const DiffQuestion&);

/// How what `after` lets pass is related to what `before` lets pass.
enum class Relation : std::uint8_t {
  Equivalent,  // the same
  Contains,    // at least as much
  Contained,   // at most as much
  Disjoint,    // no connection passes with both, beside those of a pod with its own node
  Interferes,  // some connection that `before` denies is admitted by a rule of `after`
};
[[nodiscard]] std::optional<Relation> parse_relation(std::string_view);  // "equivalent" ...
[[nodiscard]] std::string_view to_text(Relation);

struct RelationAnswer {
  ProofStatus status = ProofStatus::Unknown;  // Holds: yes; Violated: no
  std::string world;                          // of the example: "today" or "any"
  std::string source, destination;            // of the example: why not, or of Interferes why; empty: none
  std::optional<ir::Flow> flow;
  std::string why;                            // why it is unknown
  std::vector<std::string> assumptions;       // what an answer over any pods rests on; sorted
};
[[nodiscard]] RelationAnswer relation(Relation, const DiffSide& before, const DiffSide& after, const DiffQuestion&);

}  // namespace weir::compiler
