#include "simulator/replay/checks.h"

#include <utility>

namespace weir::simulator {
namespace {

constexpr std::size_t kIngress = 0, kEgress = 1;

// flows.md 1.5: a packet is dropped at one side only, so a drop event beside the policy's own event on the other side is
// the same drop, its direction guessed wrong.
void fold_drop(std::array<SideEvidence, 2>& sides) {
  for (const auto& [strong, weak] : {std::pair(kEgress, kIngress), std::pair(kIngress, kEgress)})
    if (sides[strong].rank == Rank::PolicyVerdict && sides[strong].denied() && sides[weak].rank == Rank::Drop) sides[weak] = {};
}

Check make_check(const Shape& shape, const SideEvidence& evidence, ir::Direction direction, const ir::Settings& settings, Actors& actors,
                 const DeniesHost& denies_host, std::optional<ActorId> backend) {
  const bool known = evidence.rank != Rank::None, egress = direction == ir::Direction::Egress;
  const ActorId source = actors.find(known ? evidence.source : shape.source, shape.client);
  const ActorId destination = backend ? *backend : actors.find(known ? evidence.destination : shape.destination, shape.server);
  Check check;
  check.evidence = evidence;
  check.question = {direction, egress ? source : destination, egress ? destination : source,
                    egress ? shape.server : shape.client, static_cast<ir::Protocol>(shape.protocol), shape.port, shape.icmp_code,
                    known ? (egress ? evidence.source : evidence.destination) : (egress ? shape.source : shape.destination)};
  check.applies = actors.at(check.question.subject).managed;
  // flows.md 1.5 "Skip": the host reaches its own pods unless a setting says otherwise, or a rule denies it (policy.md 4.3).
  const bool host_passes = !egress && settings.allow_localhost && !settings.host_firewall && actors.at(source).host;
  if (check.applies && host_passes && !evidence.denied() && !denies_host(check.question)) check.applies = false;
  // policy.md 4.5: a pod talking to its own address never reaches the datapath.
  if (shape.client == shape.server) check.applies = false;
  return check;
}

Excuse excuse_of(const Checked& checked, const Shape& shape, const Actors& actors) {
  const Actor &source = actors.at(checked.source), &destination = actors.at(checked.destination);
  if (destination.service && !destination.managed) return Excuse::ClusterIp;
  if (!source.resolved || !destination.resolved)
    return source.managed || destination.managed ? Excuse::PeerUnresolved : Excuse::EndpointUnresolved;
  const Check &ingress = checked.sides[kIngress], &egress = checked.sides[kEgress];
  if (!ingress.applies && !egress.applies) return Excuse::NoPolicyEndpoint;
  if (!ingress.recorded() && !egress.recorded()) return shape.excuse != Excuse::None ? shape.excuse : Excuse::NoEvidence;
  if ((ingress.recorded() && ingress.evidence.conflict) || (egress.recorded() && egress.evidence.conflict))
    return Excuse::ConflictingEvidence;
  return shape.policy_changed ? Excuse::PolicyChanged : Excuse::None;
}

}  // namespace

Checked make_checks(const Shape& shape, const ir::Settings& settings, Actors& actors, const DeniesHost& denies_host,
                    std::optional<ActorId> backend) {
  std::array<SideEvidence, 2> evidence = shape.sides;
  fold_drop(evidence);
  Checked checked;
  for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress}) {
    const auto side = static_cast<std::size_t>(direction);
    checked.sides[side] = make_check(shape, evidence[side], direction, settings, actors, denies_host, backend);
  }
  checked.source = actors.find(shape.source, shape.client);
  checked.destination = backend ? *backend : actors.find(shape.destination, shape.server);
  checked.excuse = excuse_of(checked, shape, actors);
  return checked;
}

}  // namespace weir::simulator
