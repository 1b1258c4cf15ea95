// What the old `cilium policy trace` answered, with what it lacked: egress (cilium issue 14987), ports without --dport,
// CIDR containment (18775), policies of denies alone (16991) and requests.
#include "simulator/ask/policy_trace.h"

#include <algorithm>
#include <array>
#include <set>

namespace weir::simulator {
namespace {

constexpr std::array kPortProtocols = {ir::Protocol::Tcp, ir::Protocol::Udp, ir::Protocol::Sctp};

RuleStep step_of(const compiler::Resolved& resolved, const ir::Files& files, const ir::Side& side, ir::RuleId id) {
  const ir::Rule& rule = resolved.policies.rule(id);
  RuleStep step;
  step.rule = ir::rule_ref(resolved.policies, files, id);
  step.subject = ir::to_text(rule.subject);
  step.selected = std::find(side.selected.begin(), side.selected.end(), id) != side.selected.end();
  step.any_peer = !rule.peers;
  for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{}))
    step.peers.emplace_back(ir::to_text(peer), ir::match(side, peer));
  step.any_port = !rule.ports;
  for (const ir::PortMatch& port : rule.ports.value_or(std::vector<ir::PortMatch>{}))
    step.ports.emplace_back(ir::to_text(port), port.protocol == side.flow.protocol && port.ports.contains(side.flow.port));
  return step;
}

std::vector<RuleStep> steps_of(const compiler::Resolved& resolved, const ir::Files& files, const ir::Flow& flow,
                               ir::Direction direction) {
  const ir::Side side = ir::side_of(resolved.policies, resolved.cluster, flow, direction, true);
  std::vector<RuleStep> steps;
  for (std::uint32_t i = 0; i < resolved.policies.rules.size(); ++i)
    if (resolved.policies.rules[i].direction == direction) steps.push_back(step_of(resolved, files, side, ir::RuleId{i}));
  return steps;
}

/// Where verdicts may change: every bound that a rule writes.
std::set<std::uint32_t> first_ports(const ir::PolicySet& policies, ir::Protocol protocol) {
  std::set<std::uint32_t> ports{1};
  for (const ir::Rule& rule : policies.rules)
    for (const ir::PortMatch& match : rule.ports.value_or(std::vector<ir::PortMatch>{})) {
      if (match.protocol != protocol) continue;
      if (match.ports.first > 1) ports.insert(match.ports.first);
      if (match.ports.last < 65535) ports.insert(std::uint32_t{match.ports.last} + 1);
    }
  return ports;
}

TracedPort ask(const compiler::Resolved& resolved, const ir::Files& files, ir::Flow flow, ir::Protocol protocol,
               std::uint16_t first, std::uint16_t last) {
  flow.protocol = protocol;
  flow.port = first;
  return {protocol, first, last, trace_flow(resolved, files, std::move(flow))};
}

void ask_every_port(const compiler::Resolved& resolved, const ir::Files& files, const ir::Flow& flow, PolicyTrace& out) {
  for (const ir::Protocol protocol : kPortProtocols) {
    const auto firsts = first_ports(resolved.policies, protocol);
    for (auto at = firsts.begin(); at != firsts.end(); ++at) {
      const std::uint32_t last = std::next(at) == firsts.end() ? 65535 : *std::next(at) - 1;
      TracedPort one = ask(resolved, files, flow, protocol, static_cast<std::uint16_t>(*at), static_cast<std::uint16_t>(last));
      const bool joins = !out.ports.empty() && out.ports.back().protocol == protocol &&
                         out.ports.back().answer.decision == one.answer.decision;
      if (joins)
        out.ports.back().last = one.last;
      else
        out.ports.push_back(std::move(one));
    }
  }
}

ir::Verdict worse(ir::Verdict a, ir::Verdict b) {
  if (a == ir::Verdict::Denied || b == ir::Verdict::Denied) return ir::Verdict::Denied;
  return a == ir::Verdict::Unknown ? a : b;
}

ir::Verdict better(ir::Verdict a, ir::Verdict b) {
  if (a == ir::Verdict::Allowed || b == ir::Verdict::Allowed) return ir::Verdict::Allowed;
  return a == ir::Verdict::Unknown ? a : b;
}

}  // namespace

PolicyTrace policy_trace(const compiler::Resolved& resolved, const ir::Files& files, const ir::Flow& flow,
                         const std::vector<AskedPort>& asked) {
  PolicyTrace out;
  for (const AskedPort& port : asked)
    for (const ir::Protocol protocol : port.protocols) out.ports.push_back(ask(resolved, files, flow, protocol, port.port, port.port));
  if (asked.empty()) ask_every_port(resolved, files, flow, out);
  const ir::Flow& first = out.ports.front().answer.flow;
  out.egress = steps_of(resolved, files, first, ir::Direction::Egress);
  out.ingress = steps_of(resolved, files, first, ir::Direction::Ingress);
  return out;
}

ir::Verdict final_verdict(const PolicyTrace& trace, const std::vector<AskedPort>& asked) {
  ir::Verdict verdict = ir::Verdict::Allowed;
  if (asked.empty())
    for (const TracedPort& port : trace.ports) verdict = worse(verdict, port.answer.decision.verdict);
  std::size_t at = 0;
  for (const AskedPort& port : asked) {
    ir::Verdict one = ir::Verdict::Denied;
    for (std::size_t i = 0; i < port.protocols.size(); ++i) one = better(one, trace.ports[at++].answer.decision.verdict);
    verdict = worse(verdict, one);
  }
  return verdict;
}

}  // namespace weir::simulator
