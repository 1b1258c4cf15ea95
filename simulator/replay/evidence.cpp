// One recorded line as evidence (flows.md 1.5). Tested by tests/unit/simulator/replay/evidence_test.cpp.
//
// A check is one side of a connection: egress at the source, ingress at the destination. The direction is taken from
// events of the policy itself (verdict, drop, proxy), never from a trace, whose traffic_direction is a guess (1.4, 1).

#include "simulator/replay/evidence.h"

namespace weir::simulator {
namespace {

// flows.md 2
constexpr std::uint8_t kPolicyDenied = 133, kPolicyDeny = 181, kAuthRequired = 189, kRateLimited = 198, kHorizon = 162;

/// ICMP errors carry a packet of another connection; they are RELATED and skip policy.
bool is_icmp_error(const Record& flow) {
  const std::uint16_t type = flow.destination_port;
  if (flow.protocol == ir::Protocol::Icmp) return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
  return flow.protocol == ir::Protocol::Icmpv6 && type >= 1 && type <= 4;
}

/// Router and neighbour discovery, redirect (RFC 4861).
bool is_neighbour_discovery(const Record& flow) {
  return flow.protocol == ir::Protocol::Icmpv6 && flow.destination_port >= 133 && flow.destination_port <= 137;
}

bool is_echo_reply(const Record& flow) {
  return (flow.protocol == ir::Protocol::Icmp && flow.destination_port == 0) ||
         (flow.protocol == ir::Protocol::Icmpv6 && flow.destination_port == 129);
}

bool is_l7(const Record& flow) { return flow.event_type == kL7 || flow.type == FlowType::L7; }

/// The skip list of flows.md 1.5, as far as one line shows it.
bool is_skipped(const Record& flow, const Parties& parties) {
  if (flow.type == FlowType::Sock || flow.event_type == kSock || flow.not_policed) return true;
  if (flow.verdict == FlowVerdict::Traced || flow.verdict == FlowVerdict::Translated) return true;
  const bool known_event = flow.event_type == 0 || flow.event_type == kDrop || flow.event_type == kTrace ||
                           flow.event_type == kPolicyVerdict || flow.event_type == kL7;
  if (!known_event || is_neighbour_discovery(flow)) return true;
  if (is_l7(flow) && flow.dns && flow.protocol == ir::Protocol::Tcp) return true;
  return parties.at(flow.source).ignored || parties.at(flow.destination).ignored;
}

void prove(Evidence& evidence, ir::Direction direction, const Record& flow, Rank rank, FlowVerdict verdict) {
  const PartyId client = evidence.swapped ? flow.destination : flow.source;
  const PartyId server = evidence.swapped ? flow.source : flow.destination;
  evidence.sides[static_cast<std::size_t>(direction)] = {client, server, rank, verdict, flow.drop_reason, false};
}

Evidence excused(Evidence evidence, Excuse excuse) {
  evidence.use = LineUse::Check;
  evidence.excuse = excuse;
  return evidence;
}

/// Direction of a drop whose line does not say it: the only local end enforced it.
FlowDirection drop_direction(const Record& flow) {
  if (flow.direction == FlowDirection::Ingress || flow.direction == FlowDirection::Egress) return flow.direction;
  if (flow.source_local != flow.destination_local)
    return flow.source_local ? FlowDirection::Egress : FlowDirection::Ingress;
  return FlowDirection::Unknown;
}

Evidence prove_directed(Evidence evidence, const Record& flow, FlowDirection direction, Rank rank, FlowVerdict verdict) {
  if (direction != FlowDirection::Ingress && direction != FlowDirection::Egress)
    return excused(evidence, Excuse::DirectionUnknown);
  evidence.use = LineUse::Check;
  evidence.redirected = verdict == FlowVerdict::Redirected;
  prove(evidence, direction == FlowDirection::Ingress ? ir::Direction::Ingress : ir::Direction::Egress, flow, rank, verdict);
  return evidence;
}

Excuse drop_excuse(std::uint8_t reason) {
  if (reason == kPolicyDenied || reason == kPolicyDeny || reason == kAuthRequired) return Excuse::None;
  return reason == kRateLimited || reason == kHorizon ? Excuse::RateLimited : Excuse::NonPolicyDrop;
}

// Evidence 1: the policy's own event, once per allowed connection and once per dropped packet.
Evidence policy_verdict(Evidence evidence, const Record& flow) {
  switch (flow.verdict) {
    case FlowVerdict::Forwarded:
    case FlowVerdict::Redirected:
    case FlowVerdict::Audit: break;
    case FlowVerdict::Dropped:
      // A mask may have cut the reason away; the event itself says that policy dropped it.
      if (flow.drop_reason != 0 && drop_excuse(flow.drop_reason) != Excuse::None)
        return excused(evidence, drop_excuse(flow.drop_reason));
      break;
    default: return excused(evidence, Excuse::NoVerdict);
  }
  return prove_directed(evidence, flow, flow.direction, Rank::PolicyVerdict, flow.verdict);
}

// Evidence 2.
Evidence drop(Evidence evidence, const Record& flow) {
  const Excuse excuse = drop_excuse(flow.drop_reason);
  if (excuse != Excuse::None) return excused(evidence, excuse);
  return prove_directed(evidence, flow, drop_direction(flow), Rank::Drop, FlowVerdict::Dropped);
}

// Evidence 3: the proxy's log. A response only adds code and latency. A request that the proxy saw, refused ones too, proves
// that policy let its connection through to the proxy.
Evidence l7(Evidence evidence, const Record& flow) {
  if (flow.l7 == L7Type::Response) {
    evidence.use = LineUse::Reply;
    evidence.swapped = true;
    return evidence;
  }
  evidence.use = LineUse::Fold;
  if (flow.l7 != L7Type::Request) return evidence;
  if (flow.verdict == FlowVerdict::Error) return excused(evidence, Excuse::L7Error);
  if (flow.verdict != FlowVerdict::Forwarded && flow.verdict != FlowVerdict::Dropped && flow.verdict != FlowVerdict::Redirected)
    return excused(evidence, Excuse::NoVerdict);
  return prove_directed(evidence, flow, flow.direction, Rank::L7, FlowVerdict::Redirected);
}

// Evidence 4: a packet seen behind a check proves that the check allowed it, and not which rule did.
Evidence trace(Evidence evidence, const Record& flow) {
  evidence.use = LineUse::Fold;
  evidence.oriented = flow.is_reply == Tristate::No || flow.reason == TraceReason::New || flow.reason == TraceReason::Established;
  if (flow.verdict != FlowVerdict::Forwarded && flow.verdict != FlowVerdict::Redirected) return evidence;
  evidence.redirected = flow.point == TracePoint::ToProxy;
  if (!evidence.oriented) return evidence;
  const bool leaves = flow.point == TracePoint::ToStack || flow.point == TracePoint::ToNetwork || flow.point == TracePoint::ToOverlay;
  if (flow.point == TracePoint::ToEndpoint) prove(evidence, ir::Direction::Ingress, flow, Rank::Trace, FlowVerdict::Forwarded);
  else if (leaves && flow.source_local) prove(evidence, ir::Direction::Egress, flow, Rank::Trace, FlowVerdict::Forwarded);
  else return evidence;
  evidence.use = LineUse::Check;
  return evidence;
}

/// A reply passes because both sides let its connection through.
Evidence reply(Evidence evidence, const Record& flow) {
  evidence.use = LineUse::Reply;
  evidence.swapped = true;
  const bool seen = flow.verdict == FlowVerdict::Forwarded || flow.verdict == FlowVerdict::Redirected;
  if (!seen || flow.event_type == kDrop || flow.event_type == kPolicyVerdict) return evidence;
  prove(evidence, ir::Direction::Ingress, flow, Rank::Trace, FlowVerdict::Forwarded);
  prove(evidence, ir::Direction::Egress, flow, Rank::Trace, FlowVerdict::Forwarded);
  return evidence;
}

/// A line whose event type was masked: a policy drop still shows itself, a forwarded flow proves nothing. Only policy says
/// AUDIT, and only policy and proxies say REDIRECTED (flows.md 1.3 "From code").
Evidence untyped(Evidence evidence, const Record& flow) {
  if (flow.verdict == FlowVerdict::Audit || flow.verdict == FlowVerdict::Redirected) return policy_verdict(evidence, flow);
  if (flow.verdict == FlowVerdict::Dropped) return drop(evidence, flow);
  if (flow.point != TracePoint::Unknown) return trace(evidence, flow);
  return excused(evidence, flow.verdict == FlowVerdict::Forwarded ? Excuse::EventTypeMissing : Excuse::NoVerdict);
}

}  // namespace

Evidence classify(const Record& flow, const Parties& parties) {
  Evidence evidence;
  if (is_skipped(flow, parties)) return evidence;
  evidence.use = LineUse::Loose;
  evidence.excuse = !flow.source_address || !flow.destination_address ? Excuse::NoAddress
                    : !flow.protocol || !flow.has_ports               ? Excuse::NoL4
                                                                      : Excuse::None;
  if (evidence.excuse != Excuse::None) return evidence;
  if (is_icmp_error(flow) || flow.reason == TraceReason::Related) {
    evidence.use = LineUse::Reply;
    return evidence;
  }
  evidence.oriented = true;
  if (is_l7(flow)) return l7(evidence, flow);
  if (flow.is_reply == Tristate::Yes || flow.reason == TraceReason::Reply || is_echo_reply(flow)) return reply(evidence, flow);
  switch (flow.event_type) {
    case kPolicyVerdict: return policy_verdict(evidence, flow);
    case kDrop: return drop(evidence, flow);
    case kTrace: return trace(evidence, flow);
    default: return untyped(evidence, flow);
  }
}

std::string_view to_text(Excuse excuse) {
  constexpr std::array<std::string_view, kExcuses> kTexts = {
      "NONE", "NO_ADDRESS", "NO_L4", "NO_VERDICT", "EVENT_TYPE_MISSING", "DIRECTION_UNKNOWN", "NON_POLICY_DROP",
      "RATE_LIMITED", "L7_ERROR", "CLUSTER_IP", "ENDPOINT_UNRESOLVED", "PEER_UNRESOLVED", "NO_POLICY_ENDPOINT",
      "NO_EVIDENCE", "CONFLICTING_EVIDENCE", "POLICY_CHANGED", "SERVICE_BACKENDS_DIFFER"};
  return kTexts[static_cast<std::size_t>(excuse)];
}

}  // namespace weir::simulator
