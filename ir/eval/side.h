#pragma once

#include <optional>
#include <vector>

#include "ir/cluster/cluster.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"

namespace weir::ir {

enum class Match : std::uint8_t { No, Yes, Maybe };

/// Who is asked about whom: one side of a connection, and the rules that may speak about it.
struct Side {
  const PolicySet& policies;
  const Cluster& cluster;
  const Flow& flow;
  Direction direction = Direction::Ingress;
  const Endpoint& subject;
  const Endpoint& peer;
  LabelSet peer_labels = {};          // as the subject sees them
  std::vector<RuleId> selected = {};  // E of policy.md 4.2, in decision order
  std::vector<NamePattern> lookups = {};  // what the DNS rules of E let the subject look up (policy.md 5.6)

  [[nodiscard]] const Settings& settings() const { return cluster.settings; }
  [[nodiscard]] bool peer_is_local_host() const { return subject.kind == EndpointKind::Pod && peer_labels.reserved("host"); }
  /// Default deny whether a rule asks for it or not.
  [[nodiscard]] bool forced() const;
  /// dd of policy.md 4.2.
  [[nodiscard]] bool default_deny() const;
};

/// A managed subject: a pod, or a node when the host firewall is on (policy.md 4.2, 4.4).
[[nodiscard]] bool is_managed(const Settings&, const Endpoint& subject);
/// `with_audit`: rules in audit count too.
[[nodiscard]] Side side_of(const PolicySet&, const Cluster&, const Flow&, Direction, bool with_audit);

[[nodiscard]] Match match(const Side&, const Peer&);
/// L3 and L4 of one rule.
[[nodiscard]] Match match(const Side&, const Rule&);

/// The narrowest of the rule's ports that match; wider than any range when the rule names no ports.
[[nodiscard]] std::uint32_t matched_width(const Rule&, Protocol, std::uint16_t port);

/// Whether the Baseline tier is asked at all before the default deny (policy.md 8.2).
[[nodiscard]] bool baseline_counts(const Side&);
/// policy.md 4.2 and issue 48444: with `always` and no rule at all 1.20 forgets the localhost allow.
[[nodiscard]] bool localhost_is_let_in(const Side&);

}  // namespace weir::ir
