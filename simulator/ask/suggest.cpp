// The smallest edit that turns a verdict. Each step takes away what denies now, until the evaluator allows; what it does
// not confirm is never shown. Tested by tests/unit/simulator/ask/suggest_test.cpp.
#include "simulator/ask/suggest.h"

#include <algorithm>
#include <optional>
#include <set>

#include "ir/eval/eval.h"
#include "ir/eval/side.h"
#include "simulator/ask/edit.h"
#include "simulator/ask/request_edit.h"

namespace weir::simulator {
namespace {

/// Steps that one suggestion may take: both sides may deny, each first by a rule and then by default.
constexpr int kSteps = 6;

bool is_cilium(const ir::PolicyObject& policy) { return policy.kind.starts_with("Cilium"); }

bool is_new(const Draft& draft, ir::RuleId id) { return !draft.policies.policy(id).origin.known(); }

/// A rule that a person can add to: an allow of the Normal tier, in force, whose policy was read from a file.
bool can_grow(const Draft& draft, ir::RuleId id) {
  const ir::Rule& rule = draft.policies.rule(id);
  return rule.tier == ir::Tier::Normal && rule.action == ir::Action::Allow && !rule.audit && !is_new(draft, id);
}

std::string spec_field(const ir::Rule& rule) { return "`spec." + std::string(ir::to_text(rule.direction)) + "`"; }

/// The one element of `kind` that admits the connection, compiled; nullopt when the kind cannot say it.
struct Admitting {
  std::string element;
  ir::PolicySet policies;
};

std::optional<Admitting> admitting(const Draft& draft, ir::Direction direction, std::string_view kind, const std::string& home,
                                   bool deny) {
  const std::string element = admitting_rule(admission_of(draft, direction, home), kind);
  if (element.empty()) return std::nullopt;
  auto compiled = compile_text(draft, policy_text(draft, direction, element, kind, deny));
  if (!compiled) return std::nullopt;
  return Admitting{element, std::move(compiled->policies)};
}

/// Whether the side lets the connection through after this, as far as rules without requests say.
bool side_passes(const Draft& draft, const ir::PolicySet& policies, ir::Direction direction) {
  const auto side = ir::decide_side(policies, draft.resolved.cluster, draft.flow, direction);
  return side.verdict == ir::Verdict::Allowed || side.audit;
}

/// The part of an element behind its first field: "toPorts: [...]" of "{fromEndpoints: [...], toPorts: [...]}".
std::string ports_part(const std::string& element) {
  std::size_t at = element.find(", toPorts: ");
  if (at == std::string::npos) at = element.find(", ports: ");
  if (at == std::string::npos) at = element.find(", icmps: ");
  return at == std::string::npos ? std::string() : element.substr(at + 2, element.size() - at - 3);
}

std::string peer_part(const std::string& element) {
  return element.substr(1, element.size() - ports_part(element).size() - 4);
}

/// Adds a port to an element that names this peer alone, or a peer to one that names this port alone: nothing else opens.
bool grow_element(Draft& draft, ir::Direction direction, ir::RuleId id) {
  const ir::Rule& old = draft.policies.rule(id);
  if (!can_grow(draft, id) || old.l7 || !old.peers || !old.ports || old.ports->empty()) return false;
  const ir::PolicyObject& policy = draft.policies.policy(id);
  const auto wanted = admitting(draft, direction, policy.kind, policy.namespace_name, false);
  if (!wanted) return false;
  const ir::Side side = ir::side_of(draft.policies, draft.resolved.cluster, draft.flow, direction, true);
  const bool peer_fits = old.peers->size() == 1 && ir::match(side, old.peers->front()) == ir::Match::Yes;
  const bool port_fits = old.ports->size() == 1 && old.ports->front().ports.first == old.ports->front().ports.last &&
                         ir::rule_matches_ports(old, draft.flow.protocol, draft.flow.port);
  if (peer_fits == port_fits) return false;
  // A list of a peer field holds one kind alone (policy.md 3.3).
  const ir::Rule& fresh = wanted->policies.rules.front();
  if (port_fits && (!fresh.peers || old.peers->empty() || fresh.peers->front().index() != old.peers->front().index())) return false;
  ir::PolicySet changed = draft.policies;
  ir::Rule& rule = changed.rules[id.index];
  if (peer_fits)
    rule.ports->insert(rule.ports->end(), fresh.ports->begin(), fresh.ports->end());
  else
    rule.peers->insert(rule.peers->end(), fresh.peers->begin(), fresh.peers->end());
  if (!side_passes(draft, changed, direction)) return false;
  draft.suggestion.edits.push_back({peer_fits ? "add this port to the element" : "add this peer to the element",
                                    place_of(draft, id), peer_fits ? ports_part(wanted->element) : peer_part(wanted->element)});
  draft.policies = std::move(changed);
  return true;
}

/// A new element in the policy of a rule that selects the subject.
bool new_element(Draft& draft, ir::Direction direction, ir::RuleId id) {
  if (!can_grow(draft, id)) return false;
  const ir::PolicyObject& policy = draft.policies.policy(id);
  const auto wanted = admitting(draft, direction, policy.kind, policy.namespace_name, false);
  if (!wanted) return false;
  ir::PolicySet changed = draft.policies;
  const ir::Rule& model = draft.policies.rule(id);
  for (ir::Rule rule : wanted->policies.rules) {
    rule.subject = model.subject;
    rule.policy = model.policy;
    rule.index = 0xffff;  // behind every element that is there
    insert_rule(changed, std::move(rule));
  }
  if (!side_passes(draft, changed, direction)) return false;
  draft.suggestion.edits.push_back({"add this element to " + spec_field(model), policy_place(draft, id), "- " + wanted->element});
  draft.policies = std::move(changed);
  return true;
}

/// A policy of its own, of the first kind that can say it.
bool new_policy(Draft& draft, ir::Direction direction, bool deny) {
  const std::string home = namespace_of(subject_of(draft.flow, direction));
  if (home.empty()) return false;
  const bool plain = draft.resolved.cluster.settings.dialect == ir::Dialect::K8s;
  if (plain && deny) return false;
  const std::string_view kind = plain ? "NetworkPolicy" : "CiliumNetworkPolicy";
  const auto wanted = admitting(draft, direction, kind, home, deny);
  if (!wanted) return false;
  insert_all(draft.policies, wanted->policies);
  draft.suggestion.edits.push_back({"add this policy", "", policy_text(draft, direction, wanted->element, kind, deny)});
  return true;
}

// The smallest first: in an element that is there, in a policy that is there, on its own.
bool admit(Draft& draft, ir::Direction direction) {
  const std::vector<ir::RuleId> selected =
      ir::side_of(draft.policies, draft.resolved.cluster, draft.flow, direction, true).selected;
  for (const ir::RuleId id : selected)
    if (grow_element(draft, direction, id)) return true;
  // A Cilium policy says more than a NetworkPolicy.
  for (const bool cilium : {false, true})
    for (const ir::RuleId id : selected)
      if (is_cilium(draft.policies.policy(id)) == cilium && new_element(draft, direction, id)) return true;
  return new_policy(draft, direction, false);
}

/// Takes an element out of force. Its policy isolates as before when `isolates`.
void retire(ir::PolicySet& policies, const ir::Rule& element, bool isolates) {
  const ir::Rule copy = element;
  if (!isolates) {
    std::erase_if(policies.rules, [&](const ir::Rule& rule) { return same_element(rule, copy); });
    return;
  }
  for (ir::Rule& rule : policies.rules) {
    if (!same_element(rule, copy)) continue;
    rule.action = ir::Action::Allow;
    rule.peers = std::vector<ir::Peer>{};
    rule.l7.reset();
  }
}

/// An `except` for the address, when the deny is by CIDR alone.
std::string exception_for(const ir::Rule& rule, const ir::Endpoint& peer) {
  if (!rule.peers || rule.peers->size() != 1 || !peer.address) return {};
  const auto* cidr = std::get_if<ir::CidrPeer>(&rule.peers->front());
  if (cidr == nullptr || cidr->cidr.length == (peer.address->family == ir::IpFamily::V6 ? 128 : 32)) return {};
  return "except: [" + scalar(ir::to_text(*peer.address) + (peer.address->family == ir::IpFamily::V6 ? "/128" : "/32")) + "]";
}

/// Denied by rules: each is narrowed so that it no longer speaks about this connection.
bool lift_denies(Draft& draft, ir::Direction direction, const ir::SideDecision& side) {
  std::vector<ir::Rule> elements;
  for (const ir::RuleId id : side.decided_by) {
    const ir::Rule& rule = draft.policies.rule(id);
    if (is_new(draft, id)) return false;
    if (std::any_of(elements.begin(), elements.end(), [&](const ir::Rule& seen) { return same_element(seen, rule); })) continue;
    const std::string except = exception_for(rule, peer_of(draft.flow, direction));
    draft.suggestion.edits.push_back({except.empty() ? "narrow this element so that it does not name the connection, or remove it"
                                                     : "put this beside the `cidr` of the element", place_of(draft, id), except});
    elements.push_back(rule);
  }
  for (const ir::Rule& element : elements) retire(draft.policies, element, element.default_deny);
  return !elements.empty();
}

// policy.md 3.11
bool lift_authentication(Draft& draft, const ir::SideDecision& side) {
  bool any = false;
  for (const ir::RuleId id : side.decided_by) {
    ir::Rule& rule = draft.policies.rules[id.index];
    if (rule.auth != ir::Auth::AlwaysFail) continue;
    draft.suggestion.edits.push_back({"put this in place of `authentication` in the element", place_of(draft, id),
                                      "authentication: {mode: disabled}"});
    rule.auth = ir::Auth::Disabled;
    any = true;
  }
  return any;
}

/// One step towards an allowed connection; false when there is none.
bool step(Draft& draft, const ir::Decision& decision) {
  for (const auto& [side, direction] : {std::pair(&decision.egress, ir::Direction::Egress), std::pair(&decision.ingress, ir::Direction::Ingress)}) {
    if (side->verdict != ir::Verdict::Denied || side->audit) continue;
    if (side->default_rule == ir::DefaultRule::DefaultDeny) return admit(draft, direction);
    if (side->reason == ir::DropReason::AuthRequired) return lift_authentication(draft, *side);
    return lift_denies(draft, direction, *side);
  }
  return decision.l7 && decision.l7->verdict == ir::Verdict::Denied && admit_request(draft, *decision.l7);
}

std::vector<Suggestion> to_allowed(const Draft& start) {
  Draft draft = start;
  draft.suggestion.effect = "the connection is allowed";
  for (int i = 0; i < kSteps; ++i) {
    const ir::Decision decision = draft.decide();
    if (decision.verdict == ir::Verdict::Allowed) return {draft.suggestion};
    if (decision.verdict == ir::Verdict::Unknown || !step(draft, decision)) return {};
  }
  return {};
}

/// The allows of one side taken out, when that is what lets the connection through.
std::optional<Suggestion> without_allows(Draft draft, const ir::SideDecision& side) {
  std::vector<ir::Rule> elements;
  for (const ir::RuleId id : side.decided_by) {
    const ir::Rule& rule = draft.policies.rule(id);
    if (std::any_of(elements.begin(), elements.end(), [&](const ir::Rule& seen) { return same_element(seen, rule); })) continue;
    draft.suggestion.edits.push_back({"remove this element, or narrow it so that it does not name the connection", place_of(draft, id), ""});
    elements.push_back(rule);
  }
  if (elements.empty() || side.default_rule != ir::DefaultRule::None) return std::nullopt;
  for (const ir::Rule& element : elements) retire(draft.policies, element, false);
  if (draft.decide().verdict != ir::Verdict::Denied) return std::nullopt;
  return draft.suggestion;
}

std::vector<Suggestion> to_denied(const Draft& start, const ir::Decision& decision) {
  std::vector<Suggestion> out;
  Draft draft = start;
  draft.suggestion.effect = "the connection is denied";
  for (const ir::SideDecision* side : {&decision.egress, &decision.ingress})
    if (auto one = without_allows(draft, *side)) out.push_back(std::move(*one));
  // A deny works at either end; where rules are read, at the destination first.
  for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress}) {
    Draft with_deny = draft;
    if (!new_policy(with_deny, direction, true) || with_deny.decide().verdict != ir::Verdict::Denied) continue;
    out.push_back(with_deny.suggestion);
    break;
  }
  return out;
}

}  // namespace

std::vector<Suggestion> suggest(const compiler::Resolved& resolved, const ir::Files& files, const TraceAnswer& answer) {
  const Draft draft{resolved, files, answer.flow, resolved.policies, {}};
  // The answer about a Service may be of several pods; only what the evaluator says of this one can be turned.
  const ir::Decision decision = draft.decide();
  if (decision.verdict != answer.decision.verdict) return {};
  if (decision.verdict == ir::Verdict::Denied) return to_allowed(draft);
  if (decision.verdict == ir::Verdict::Allowed) return to_denied(draft, decision);
  return {};
}

}  // namespace weir::simulator
