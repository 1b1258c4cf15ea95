#include "simulator/replay/checks.h"

#include <utility>

namespace weir::simulator {
namespace {

constexpr std::size_t kIngress = 0, kEgress = 1;

struct Ends {
  ir::IpAddress client, server;
  std::uint16_t port;
};

Ends ends_of(const ConnectionKey& key, bool client_is_low) {
  const ir::IpFamily family = key.v6 != 0 ? ir::IpFamily::V6 : ir::IpFamily::V4;
  const ir::IpAddress low{family, key.low_address}, high{family, key.high_address};
  return client_is_low ? Ends{low, high, key.high_port} : Ends{high, low, key.low_port};
}

// flows.md 1.5: a packet is dropped at one side only, so a drop event beside the policy's own event on the other side is
// the same drop, its direction guessed wrong.
void fold_drop(std::array<SideEvidence, 2>& sides) {
  for (const auto& [strong, weak] : {std::pair(kEgress, kIngress), std::pair(kIngress, kEgress)})
    if (sides[strong].rank == Rank::PolicyVerdict && sides[strong].denied() && sides[weak].rank == Rank::Drop) sides[weak] = {};
}

Check make_check(const Half& half, const SideEvidence& evidence, ir::Direction direction, const Ends& ends,
                 std::uint8_t protocol, const ir::Settings& settings, Actors& actors) {
  const bool known = evidence.rank != Rank::None, egress = direction == ir::Direction::Egress;
  const ActorId source = actors.find(known ? evidence.source : half.source, ends.client);
  const ActorId destination = actors.find(known ? evidence.destination : half.destination, ends.server);
  Check check;
  check.evidence = evidence;
  check.question = {direction, egress ? source : destination, egress ? destination : source,
                    egress ? ends.server : ends.client, static_cast<ir::Protocol>(protocol), ends.port, half.icmp_code};
  check.applies = actors.at(check.question.subject).managed;
  // flows.md 1.5 "Skip": the host reaches its own pods unless a setting says otherwise.
  const bool host_passes = settings.allow_localhost && !settings.host_firewall;
  if (!egress && host_passes && actors.at(source).host) check.applies = false;
  // policy.md 4.5: a pod talking to its own address never reaches the datapath.
  if (ends.client == ends.server) check.applies = false;
  return check;
}

Excuse excuse_of(const Checked& checked, const Half& half, const Actors& actors) {
  const Actor &source = actors.at(checked.source), &destination = actors.at(checked.destination);
  if (destination.service && !destination.managed) return Excuse::ClusterIp;
  if (!source.resolved || !destination.resolved)
    return source.managed || destination.managed ? Excuse::PeerUnresolved : Excuse::EndpointUnresolved;
  const Check &ingress = checked.sides[kIngress], &egress = checked.sides[kEgress];
  if (!ingress.applies && !egress.applies) return Excuse::NoPolicyEndpoint;
  if (!ingress.recorded() && !egress.recorded()) return half.excuse != Excuse::None ? half.excuse : Excuse::NoEvidence;
  if ((ingress.recorded() && ingress.evidence.conflict) || (egress.recorded() && egress.evidence.conflict))
    return Excuse::ConflictingEvidence;
  return Excuse::None;
}

}  // namespace

Checked make_checks(const ConnectionKey& key, const Half& half, bool client_is_low, const ir::Settings& settings, Actors& actors) {
  const Ends ends = ends_of(key, client_is_low);
  std::array<SideEvidence, 2> evidence = half.sides;
  fold_drop(evidence);
  Checked checked;
  for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress}) {
    const auto side = static_cast<std::size_t>(direction);
    checked.sides[side] = make_check(half, evidence[side], direction, ends, key.protocol, settings, actors);
  }
  checked.source = actors.find(half.source, ends.client);
  checked.destination = actors.find(half.destination, ends.server);
  checked.excuse = excuse_of(checked, half, actors);
  return checked;
}

}  // namespace weir::simulator
