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
  std::string fix;                  // the smallest rule that would admit it, checked to do so; empty: none is simple
  std::string l7;                   // a request inside connections: "GET /v1/items", "dns example.com"; empty: connections
  std::string example;              // uuid of its earliest recorded flow; empty: none is recorded
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
  std::uint64_t too_long = 0;    // of `malformed`: over the line limit
  std::uint64_t filtered = 0;    // left out by hubble's filter flags; not in `read`
};

/// Recorded requests that request rules speak about.
struct ReplayRequests {
  std::uint64_t compared = 0, same = 0, newly_denied = 0, newly_allowed = 0, unexplained = 0, unknown = 0;
};

/// A recorded HTTP request that the routes answer differently after the change.
struct RouteChange {
  std::string method, host, path;
  std::string before, after;        // "shop/reviews-v1:9080 90%, shop/reviews-v2:9080 10%", "404", "redirect 302 https://..."
  std::uint64_t count = 0;          // requests
  std::string example;
  std::vector<ir::RuleRef> routes;  // that decide after the change
  friend auto operator<=>(const RouteChange&, const RouteChange&) = default;
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
  ReplayRequests requests;
  std::vector<RouteChange> routes;
  // How far it can be trusted.
  std::uint64_t sampled = 1;                            // one of so many flows was recorded; counts are scaled by it
  std::vector<ir::RuleRef> rules_unexercised;           // no recorded connection or request met them
  std::vector<std::string> pods_unseen;                 // "shop/web-1", selected by a policy, without a comparable check
  std::uint64_t workloads_seen = 0;                     // distinct names of edges' ends

  [[nodiscard]] double coverage_percent() const;     // 100 when no policy selects a pod
  [[nodiscard]] double unexplained_rate() const;     // 0..1
};

/// `--sampled N`: one of N flows was recorded, so each count stands for N. What was read is not scaled.
void scale(ReplayReport&, std::uint64_t sampled);

}  // namespace weir::simulator
