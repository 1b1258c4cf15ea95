#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ir/flow/rule_ref.h"
#include "simulator/flows/parties.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

/// Why something cannot be compared with a prediction; the keys of `notComparable` (cli.md ReplayReport).
enum class Excuse : std::uint8_t {
  None, NoAddress, NoL4, NoVerdict, EventTypeMissing, DirectionUnknown, NonPolicyDrop, RateLimited, L7Error,
  ClusterIp, EndpointUnresolved, PeerUnresolved, NoPolicyEndpoint, NoEvidence, ConflictingEvidence, PolicyChanged,
  ServiceBackendsDiffer
};
inline constexpr std::size_t kExcuses = 17;

[[nodiscard]] std::string_view to_text(Excuse);  // "NO_L4"

/// How strong a line is as evidence for a check (flows.md 1.5); the larger number wins.
enum class Rank : std::uint8_t { None = 0, Trace = 1, L7 = 2, Drop = 3, PolicyVerdict = 4 };

/// What is recorded of one check: who said it, and what.
struct SideEvidence {
  PartyId source, destination;  // of the connection's forward direction, as this evidence names them
  Rank rank = Rank::None;
  FlowVerdict verdict = FlowVerdict::Unknown;
  std::uint8_t drop_reason = 0;
  bool conflict = false;        // equally strong evidence says both
  [[nodiscard]] bool denied() const { return verdict == FlowVerdict::Dropped || verdict == FlowVerdict::Audit; }
  friend bool operator==(const SideEvidence&, const SideEvidence&) = default;
};

enum class LineUse : std::uint8_t {
  Check,      // evidence for one side, or an excuse why not
  Reply,      // reply or related: never evaluated itself, but a reply proves both sides
  Fold,       // belongs to a connection and proves nothing
  NotPolicy,  // belongs to no connection that policy sees
  Loose,      // cannot be put into a connection: `excuse` says why
};

/// What one line says (flows.md 1.5).
struct Evidence {
  LineUse use = LineUse::NotPolicy;
  Excuse excuse = Excuse::None;
  bool oriented = false;    // it is known which end is the client
  bool swapped = false;     // the recorded source is the server
  bool redirected = false;  // handed to a proxy
  std::array<SideEvidence, 2> sides;  // by ir::Direction; rank None: says nothing about it
};

/// flow -> evidence. Pure.
[[nodiscard]] Evidence classify(const Record&, const Parties&);

}  // namespace weir::simulator
