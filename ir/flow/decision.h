#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/flow/rule_ref.h"

namespace weir::ir {

enum class Verdict : std::uint8_t { Allowed = 0, Denied = 1, Unknown = 2 };

/// Cilium's numbers (policy.md 6.8, flows.md 2).
enum class DropReason : std::uint8_t {
  None = 0,
  PolicyDenied = 133,  // default deny
  PolicyDeny = 181,    // an explicit deny
  AuthRequired = 189,
  FragmentUnsupported = 157,
};

/// policy.md 6.8, field policy_match_type: how specific the deciding rule is.
enum class MatchType : std::uint8_t { None = 0, L3Only = 1, L3L4 = 2, L4Only = 3, All = 4, L3Proto = 5, ProtoOnly = 6 };

/// Which default decided when no rule did.
enum class DefaultRule : std::uint8_t { None, DefaultDeny, DefaultAllow, AllowLocalhost, IcmpFragNeeded };

[[nodiscard]] std::string_view to_text(Verdict);      // "allowed", "denied", "unknown"
[[nodiscard]] std::string_view to_text(DropReason);   // cli.md: "policy-denied", "policy-deny", ...
[[nodiscard]] std::string_view enum_name(DropReason); // Hubble: "POLICY_DENIED", ...
[[nodiscard]] std::string_view to_text(MatchType);    // "none", "l3-only", "l3-l4", "l4-only", "all", "l3-proto", "proto-only"
[[nodiscard]] std::string_view to_text(DefaultRule);  // "default-deny", ...; empty for None

/// The answer of one side (egress at the source, or ingress at the destination).
struct SideDecision {
  Verdict verdict = Verdict::Allowed;
  bool enforced = false;  // policy applies to the subject in this direction
  DropReason reason = DropReason::None;
  MatchType match = MatchType::None;
  DefaultRule default_rule = DefaultRule::None;
  bool audit = false;     // denied (or unknown), reported as AUDIT and let through (policy.md 6.9)
  bool redirect = false;  // allowed, through a proxy that checks requests
  bool authenticate = false;  // allowed once the peers have authenticated each other (policy.md 3.11)
  /// A rule decided: every rule of the winning kind at the winning level, the most specific first (narrowest ports,
  /// then with a peer, then the lowest id). DefaultDeny: the rules that isolate the subject, by id; DefaultAllow: none.
  /// Unknown: the rules that may or may not match.
  std::vector<RuleId> decided_by;
  friend auto operator<=>(const SideDecision&, const SideDecision&) = default;
};

/// What request rules say about the request of a flow (policy.md section 5), on the side that decides: the one that
/// denies, else the one that is unknown, else the one with request rules.
struct L7Decision {
  Verdict verdict = Verdict::Allowed;
  std::string protocol;              // "http", "dns", "tls"
  Direction side = Direction::Egress;
  std::vector<RuleId> decided_by;    // rules that admit the request; denied: the request rules that do not
  friend auto operator<=>(const L7Decision&, const L7Decision&) = default;
};

/// policy.md 4.4: allowed iff both sides allow. A side that is not a managed endpoint is allowed and not enforced.
struct Decision {
  Verdict verdict = Verdict::Allowed;
  SideDecision egress, ingress;
  std::optional<L7Decision> l7;  // of a flow with a request that the connection itself is allowed for
  std::vector<std::string> assumptions;  // named switches and missing inputs the verdict depended on; sorted, unique
  friend auto operator<=>(const Decision&, const Decision&) = default;
};

/// What becomes of a side when the rules in audit are left out (`enforced`) and when they count (`all`).
[[nodiscard]] SideDecision with_audit(SideDecision all, SideDecision enforced);
/// policy.md 4.4, with what requests add.
[[nodiscard]] Verdict verdict_of(const SideDecision& egress, const SideDecision& ingress, const std::optional<L7Decision>&);

}  // namespace weir::ir
