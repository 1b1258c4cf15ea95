#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/box_index.h"
#include "compiler/verify/space.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// What one rule matches, as sets.
struct RuleRegion {
  std::optional<EndBox> subject;  // absent: no pod can be selected
  std::vector<EndBox> peers;      // any of them; empty: nobody. At most these
  std::vector<EndBox> sure;       // these in any case
  ir::PortSet ports;
  std::uint32_t kinds = 0;        // one bit for each kind among the peers
  [[nodiscard]] bool empty() const { return !subject || peers.empty() || ports.empty(); }
};

/// The regions of all rules and an index that finds those that may meet.
class RuleSpace {
 public:
  RuleSpace(const Space&, const ir::PolicySet&);

  [[nodiscard]] const Space& space() const { return space_; }
  [[nodiscard]] const ir::PolicySet& policies() const { return policies_; }
  [[nodiscard]] const RuleRegion& region(ir::RuleId id) const { return regions_[id.index]; }
  /// The rule's connections, one box for each kind of peer.
  [[nodiscard]] std::vector<ConnectionBox> boxes(ir::RuleId, Reading = Reading::May) const;
  /// The part of `piece` that the rule matches.
  [[nodiscard]] std::vector<ConnectionBox> part(ir::RuleId, const ConnectionBox& piece, Reading = Reading::May) const;
  /// `piece` without what the rule matches for sure.
  [[nodiscard]] std::vector<ConnectionBox> without(ir::RuleId, const ConnectionBox& piece) const;
  /// `piece` without the subjects that the rule selects.
  [[nodiscard]] std::vector<ConnectionBox> unselected(ir::RuleId, const ConnectionBox& piece) const;

  /// The rules of this direction that may select a pod of the box, by id.
  [[nodiscard]] std::vector<ir::RuleId> selecting(const EndBox& subject, ir::Direction) const;
  /// The other rules of the same direction that share a connection with this one, by id.
  [[nodiscard]] std::vector<ir::RuleId> meeting(ir::RuleId) const;
  /// Whether every connection of `inner` is one of `outer` for sure; may say no when several boxes of `outer` are needed.
  [[nodiscard]] bool inside(ir::RuleId inner, ir::RuleId outer) const;

 private:
  /// First and last port of a rule: side by side, because every candidate is asked for them first.
  struct PortBounds {
    std::uint32_t first = 1, last = 0;
  };
  [[nodiscard]] bool meet(const RuleRegion&, const RuleRegion&) const;

  const Space& space_;
  const ir::PolicySet& policies_;
  std::vector<RuleRegion> regions_;
  std::vector<PortBounds> bounds_;
  BoxIndex subjects_[2], peers_[2];  // by direction
};

}  // namespace weir::compiler
