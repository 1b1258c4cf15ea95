#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ir/base/id.h"
#include "ir/sets/port_set.h"
#include "ir/tables/rule_index.h"

namespace weir::compiler {

using PeerId = ir::Id<struct PeerTag>;    // peers that no rule and no default tells apart
using PortsId = ir::Id<struct PortsTag>;  // one set of ports

/// Sets of ports by number; equal sets have one number.
class PortsTable {
 public:
  PortsTable();
  static constexpr PortsId kNone{0}, kEvery{1};
  [[nodiscard]] PortsId of(const ir::PortSet&);
  /// What both let through.
  [[nodiscard]] PortsId meet(PortsId, PortsId);
  [[nodiscard]] const ir::PortSet& at(PortsId id) const { return sets_[id.index]; }

 private:
  std::vector<ir::PortSet> sets_;
  std::map<ir::PortSet, PortsId> numbers_;
  std::unordered_map<std::uint64_t, PortsId> meets_;
};

/// A peer as the rules of an index see it.
struct PeerClass {
  ir::Signature signature;
  bool local_host = false;  // reserved:host: the default lets it in (policy.md 4.2)
  friend auto operator<=>(const PeerClass&, const PeerClass&) = default;
};

/// What one subject class lets through in one direction: the same for nearly all peers, so only the others are listed.
struct AdmissionRow {
  PortsId usual;
  std::vector<std::pair<PeerId, PortsId>> others;  // sorted by peer; none has `usual`
  friend auto operator<=>(const AdmissionRow&, const AdmissionRow&) = default;

  [[nodiscard]] PortsId at(PeerId) const;
};

/// Makes rows for a fixed list of peers. Exact: within a piece between two ends of port ranges no verdict changes, and the
/// verdict of a piece is that of ir::decide at its first point. Code 0 stands for every code of an ICMP type.
class RowMaker {
 public:
  /// All three must outlive it; the signatures of the index must hold every peer's.
  RowMaker(const ir::RuleIndex&, const std::vector<PeerClass>& peers, PortsTable&);
  [[nodiscard]] AdmissionRow row(ir::SubjectClass, ir::Direction);

 private:
  void refine(const std::vector<PeerId>& members);
  [[nodiscard]] AdmissionRow take(const std::vector<PortsId>& ports_of_pattern);
  [[nodiscard]] PortsId admitted(const ir::RuleList&, ir::Direction, const PeerClass*);

  const ir::RuleIndex& index_;
  const std::vector<PeerClass>& peers_;
  PortsTable& ports_;
  std::vector<std::vector<PeerId>> holders_;  // matcher -> peers it matches
  std::vector<PeerId> local_hosts_;
  // Of the row at work. Pattern 0: peers that no rule names.
  std::vector<std::uint32_t> pattern_;         // by peer
  std::vector<PeerId> touched_;                // peers whose pattern is not 0
  std::vector<PeerId> sample_;                 // by pattern; that of 0 is unused
  std::vector<std::uint32_t> members_;         // by pattern
  std::vector<std::uint32_t> split_;           // pattern -> what its members become, while one matcher is applied
};

}  // namespace weir::compiler
