#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ir/base/id.h"
#include "ir/policy/policy_set.h"
#include "ir/sets/port_set.h"
#include "ir/tables/rule_index.h"

namespace weir::compiler {

using PeerId = ir::Id<struct PeerTag>;    // peers that no rule and no default tells apart
using PortsId = ir::Id<struct PortsTag>;  // one AdmittedPorts

/// What is asked of the requests of a connection that only rules about requests admit.
enum class RequestCheck : std::uint8_t { Http, Dns, Tls };
inline constexpr std::array kRequestChecks = {RequestCheck::Http, RequestCheck::Dns, RequestCheck::Tls};
[[nodiscard]] std::string_view to_text(RequestCheck);  // "http", "dns", "tls"

struct AdmittedPorts {
  ir::PortSet ports;
  std::array<ir::PortSet, kRequestChecks.size()> checked;  // parts of `ports`, which do not overlap
  friend auto operator<=>(const AdmittedPorts&, const AdmittedPorts&) = default;

  [[nodiscard]] ir::PortSet unchecked() const;
};

/// Admitted ports by number; equal ones have one number.
class PortsTable {
 public:
  PortsTable();
  static constexpr PortsId kNone{0}, kEvery{1};
  [[nodiscard]] PortsId of(const AdmittedPorts&);
  /// What both let through.
  [[nodiscard]] PortsId meet(PortsId, PortsId);
  [[nodiscard]] const AdmittedPorts& at(PortsId id) const { return sets_[id.index]; }

 private:
  std::vector<AdmittedPorts> sets_;
  std::map<AdmittedPorts, PortsId> numbers_;
  std::unordered_map<std::uint64_t, PortsId> meets_;
};

/// A peer as the rules of an index see it.
struct PeerClass {
  ir::Signature signature;
  bool local_host = false;      // reserved:host: the default lets it in (policy.md 4.2)
  std::uint32_t names = 0;      // into PeerClasses::names
  friend auto operator<=>(const PeerClass&, const PeerClass&) = default;
};

/// The peers of one run. `names[0]` is a peer inside the cluster, the others are outside (policy.md 5.6).
struct PeerClasses {
  std::vector<PeerClass> peers;
  std::vector<ir::PeerNames> names{{}};
};

/// What one subject class lets through in one direction: the same for nearly all peers, so only the others are listed.
struct AdmissionRow {
  PortsId usual;
  std::vector<std::pair<PeerId, PortsId>> others;  // sorted by peer; none has `usual`
  friend auto operator<=>(const AdmissionRow&, const AdmissionRow&) = default;

  [[nodiscard]] PortsId at(PeerId) const;
};

/// Makes rows for a fixed list of peers. Exact: within a piece between two ends of port ranges no verdict changes, and the
/// verdict of a piece is that of ir::decide at its first point. Code 0 stands for every code of an ICMP type. What is only
/// reported (AUDIT) is let through; what is unknown is not.
class RowMaker {
 public:
  /// All must outlive it; the signatures of the index must hold every peer's.
  RowMaker(const ir::PolicySet&, const ir::RuleIndex&, const PeerClasses&, PortsTable&);
  /// `node`: the subject is a node, which has no local host (policy.md 4.2).
  [[nodiscard]] AdmissionRow row(ir::SubjectClass, ir::Direction, bool node);

 private:
  void refine(const std::vector<PeerId>& members);
  [[nodiscard]] AdmissionRow take(const std::vector<PortsId>& ports_of_pattern);
  [[nodiscard]] PortsId admitted(const ir::RuleList&, ir::Direction, const PeerClass*, bool local_host);
  [[nodiscard]] std::optional<RequestCheck> check_of(const ir::SideDecision&) const;

  const ir::PolicySet& policies_;
  const ir::RuleIndex& index_;
  const PeerClasses& classes_;
  const std::vector<PeerClass>& peers_;
  PortsTable& ports_;
  std::vector<std::vector<PeerId>> holders_;  // matcher -> peers it matches
  std::vector<std::vector<PeerId>> named_;    // names -> peers that have them; of 0 none
  std::vector<PeerId> local_hosts_;
  // Of the row at work. Pattern 0: peers that no rule names.
  std::vector<std::uint32_t> pattern_;         // by peer
  std::vector<PeerId> touched_;                // peers whose pattern is not 0
  std::vector<std::uint32_t> members_;         // by pattern
  std::vector<std::uint32_t> split_;           // pattern -> what its members become, while one matcher is applied
};

}  // namespace weir::compiler
