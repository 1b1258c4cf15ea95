#include "compiler/verify/cover.h"

#include <algorithm>

#include "ir/eval/eval.h"

namespace weir::compiler {

namespace {

bool peer_matches(const Space& space, const ir::Peer& peer, const ir::LabelSet& labels, const ir::Endpoint& end, Reading reading) {
  if (std::holds_alternative<ir::CidrPeer>(peer))
    return ir::peer_matches(space.cluster().settings, peer, labels, end.address);
  const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
  if (selector == nullptr) return reading == Reading::May && labels.world();
  return end.kind == ir::EndpointKind::Pod ? matches(selector->selector, labels) : space.selects(selector->selector, labels, reading);
}

}  // namespace

bool rule_matches(const RuleSpace& rules, ir::RuleId id, const ir::Flow& flow, Reading reading) {
  const ir::Rule& rule = rules.policies().rule(id);
  const bool egress = rule.direction == ir::Direction::Egress;
  const ir::Endpoint& subject = egress ? flow.source : flow.destination;
  const ir::Endpoint& peer = egress ? flow.destination : flow.source;
  if (rule.subject_is_node || subject.kind != ir::EndpointKind::Pod || !matches(rule.subject, subject.labels)) return false;
  if (!ir::rule_matches_ports(rule, flow.protocol, flow.port)) return false;
  if (!rule.peers) return true;
  const ir::LabelSet labels = peer_labels(peer, subject);
  return std::any_of(rule.peers->begin(), rule.peers->end(), [&](const ir::Peer& candidate) {
    return peer_matches(rules.space(), candidate, labels, peer, reading);
  });
}

Cover cover(const RuleSpace& rules, std::vector<ConnectionBox> boxes, const std::vector<ir::RuleId>& candidates,
            std::size_t limit) {
  Cover answer;
  std::size_t pieces = 0;
  while (!boxes.empty()) {
    const ConnectionBox piece = std::move(boxes.back());
    boxes.pop_back();
    auto point = witness(rules.space(), piece);
    if (!point) continue;
    const auto hit = std::find_if(candidates.begin(), candidates.end(),
                                  [&](ir::RuleId id) { return rule_matches(rules, id, point->flow); });
    if (hit == candidates.end()) {
      answer.left_out = std::move(point);
      return answer;
    }
    answer.by.push_back(*hit);
    for (ConnectionBox& rest : rules.without(*hit, piece)) boxes.push_back(std::move(rest));
    if (++pieces > limit) {
      answer.gave_up = true;
      return answer;
    }
  }
  std::sort(answer.by.begin(), answer.by.end());
  answer.by.erase(std::unique(answer.by.begin(), answer.by.end()), answer.by.end());
  answer.complete = true;
  return answer;
}

}  // namespace weir::compiler
