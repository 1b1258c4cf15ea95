#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/space.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// What one rule matches, as sets.
struct RuleRegion {
  std::optional<EndBox> subject;  // absent: no pod can be selected
  std::vector<EndBox> peers;      // any of them; empty: nobody
  ir::PortSet ports;
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
  [[nodiscard]] std::vector<ConnectionBox> boxes(ir::RuleId) const;
  /// The part of `piece` that the rule matches.
  [[nodiscard]] std::vector<ConnectionBox> part(ir::RuleId, const ConnectionBox& piece) const;
  [[nodiscard]] std::vector<ConnectionBox> without(ir::RuleId, const ConnectionBox& piece) const;

  /// The rules of this direction that may select a pod of the box, by id.
  [[nodiscard]] std::vector<ir::RuleId> selecting(const EndBox& subject, ir::Direction) const;
  /// The other rules of the same direction that share a connection with this one, by id.
  [[nodiscard]] std::vector<ir::RuleId> meeting(ir::RuleId) const;
  /// Whether every connection of `inner` is one of `outer` too; may say no when several boxes of `outer` are needed.
  [[nodiscard]] bool inside(ir::RuleId inner, ir::RuleId outer) const;

 private:
  /// Rules of one namespace (or of none) filed under the value of one label key, the one that splits them best.
  struct Shelf {
    std::string key;
    std::map<std::string, std::vector<ir::RuleId>, std::less<>> by_value;
    std::vector<ir::RuleId> loose;  // do not pin the key
  };
  using Shelves = std::map<std::string, Shelf, std::less<>>;  // by namespace; "" for rules that pin none

  void file(ir::Direction, const std::vector<ir::RuleId>&);
  static void collect(const Shelf&, const ir::LabelBox&, std::vector<ir::RuleId>& into);
  [[nodiscard]] bool meet(const RuleRegion&, const RuleRegion&) const;

  const Space& space_;
  const ir::PolicySet& policies_;
  std::vector<RuleRegion> regions_;
  Shelves shelves_[2];
};

/// The label value a box fixes for a key, or nothing.
[[nodiscard]] std::optional<std::string_view> pinned(const ir::LabelBox&, std::string_view key);

}  // namespace weir::compiler
