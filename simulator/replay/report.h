#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ir/base/ports.h"
#include "ir/flow/decision.h"
#include "ir/flow/rule_ref.h"

namespace weir::simulator {

/// What the policies would do to a recorded connection.
enum class Change : std::uint8_t {
  Same,
  NewlyDenied,
  NewlyAllowed,
  Unknown,      // not comparable
  Unexplained,  // `--base` does not predict what was recorded, so its difference proves nothing
};

/// Connections of one kind between two workloads, counted together.
struct ReplayEdge {
  std::string source, destination;  // "shop/frontend", "entity:world"
  ir::Direction direction = ir::Direction::Ingress;
  ir::Protocol protocol = ir::Protocol::Tcp;
  std::uint16_t port = 0;           // the type for ICMP
  Change change = Change::Same;
  std::uint64_t count = 0;          // distinct connections
  std::uint64_t flows = 0;          // recorded lines folded into them
  std::optional<std::int64_t> first, last;  // nanoseconds since 1970
  std::string recorded;             // FORWARDED, DROPPED, AUDIT; empty: nothing is recorded
  std::string predicted;            // FORWARDED, DROPPED, UNKNOWN
  std::string match;                // how specific the deciding rule is; empty: no rule decided
  bool redirected = false;
  std::string reason;               // of a denial (cli.md trace), or why it is unknown
  std::vector<ir::RuleRef> decided_by;
  std::string fix;                  // the smallest rule that would admit it; empty: none is simple
  friend auto operator<=>(const ReplayEdge&, const ReplayEdge&) = default;
};

struct ReplayNode {
  std::string name;
  std::uint64_t flows = 0, lost_events = 0;
  bool unavailable = false;  // a relay reported it as missing
};

struct ReplayFlows {
  std::uint64_t read = 0, malformed = 0;
  std::uint64_t evaluated = 0;   // lines that were the evidence for a compared check
  std::uint64_t reply = 0, not_policy = 0, duplicate = 0, not_comparable = 0;  // with `evaluated` they add up to `read`
  std::uint64_t lost_events = 0;
  std::uint64_t late = 0;        // more disorder than the window absorbs
};

/// cli.md "replay (kind: ReplayReport)". Lists are sorted.
struct ReplayReport {
  ReplayFlows flows;
  std::optional<std::int64_t> first, last;
  std::vector<ReplayNode> nodes;
  std::map<std::string, std::uint64_t> not_comparable;  // reason -> connections, or lines that belong to none
  std::uint64_t compared = 0;                           // connections
  std::uint64_t unexplained = 0;
  std::uint64_t pods_seen = 0, pods_total = 0, rules_exercised = 0, rules_total = 0;
  std::uint64_t allowed = 0, denied = 0, unknown = 0;   // predicted, by connection
  std::uint64_t same = 0, newly_denied = 0, newly_allowed = 0;
  std::vector<ReplayEdge> edges;                        // every one; the output picks
  std::vector<std::string> damaged;                     // "recording: what is wrong"; not empty: not the whole recording
  std::vector<std::string> missing_fields;              // that more than half of the flows lack
  bool has_base = false;

  [[nodiscard]] double coverage_percent() const;     // 100 when no policy selects a pod
  [[nodiscard]] double unexplained_rate() const;     // 0..1
};

}  // namespace weir::simulator
