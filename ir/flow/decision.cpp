#include "ir/flow/decision.h"

namespace weir::ir {

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::Allowed: return "allowed";
    case Verdict::Denied: return "denied";
    case Verdict::Unknown: return "unknown";
  }
  return "unknown";
}

std::string_view to_text(DropReason reason) {
  switch (reason) {
    case DropReason::None: return "";
    case DropReason::PolicyDenied: return "policy-denied";
    case DropReason::PolicyDeny: return "policy-deny";
    case DropReason::AuthRequired: return "auth-required";
    case DropReason::FragmentUnsupported: return "fragment-unsupported";
  }
  return "";
}

// flow.proto of Cilium, enum DropReason
std::string_view enum_name(DropReason reason) {
  switch (reason) {
    case DropReason::None: return "DROP_REASON_UNKNOWN";
    case DropReason::PolicyDenied: return "POLICY_DENIED";
    case DropReason::PolicyDeny: return "POLICY_DENY";
    case DropReason::AuthRequired: return "AUTH_REQUIRED";
    case DropReason::FragmentUnsupported: return "IP_FRAGMENTATION_NOT_SUPPORTED";
  }
  return "DROP_REASON_UNKNOWN";
}

std::string_view to_text(MatchType match) {
  switch (match) {
    case MatchType::None: return "none";
    case MatchType::L3Only: return "l3-only";
    case MatchType::L3L4: return "l3-l4";
    case MatchType::L4Only: return "l4-only";
    case MatchType::All: return "all";
    case MatchType::L3Proto: return "l3-proto";
    case MatchType::ProtoOnly: return "proto-only";
  }
  return "none";
}

std::string_view to_text(DefaultRule rule) {
  switch (rule) {
    case DefaultRule::None: return "";
    case DefaultRule::DefaultDeny: return "default-deny";
    case DefaultRule::DefaultAllow: return "default-allow";
    case DefaultRule::AllowLocalhost: return "allow-localhost";
    case DefaultRule::IcmpFragNeeded: return "allow-icmp-frag-needed";
  }
  return "";
}

SideDecision with_audit(SideDecision all, SideDecision enforced) {
  if (enforced.verdict != Verdict::Allowed) return enforced;
  all.audit = all.verdict != Verdict::Allowed;
  return all;
}

Verdict verdict_of(const SideDecision& egress, const SideDecision& ingress, const std::optional<L7Decision>& l7) {
  Verdict verdict = Verdict::Allowed;
  for (const SideDecision* side : {&egress, &ingress}) {
    if (side->audit || side->verdict == Verdict::Allowed) continue;
    if (side->verdict == Verdict::Denied) return Verdict::Denied;
    verdict = Verdict::Unknown;
  }
  if (!l7 || l7->verdict == Verdict::Allowed) return verdict;
  return l7->verdict;
}

}  // namespace weir::ir
