// Why this is right: in policy.md 4.2 an allow that matches more only lets more pass, a deny only less; a pass leads to one
// of the two. Whom a rule isolates does not depend on peers. Tested by tests/unit/compiler/verify/encoding_test.cpp with
// names given at random.
#include "compiler/verify/approximate.h"

#include <algorithm>

namespace weir::compiler {
namespace {

using ir::Action;
using ir::Auth;

struct Split {
  std::vector<ir::Peer> sure, doubt;
};

ir::Peer entity(const char* name) {
  ir::SelectorPeer peer;
  peer.selector.add(ir::exists("reserved", name));
  return peer;
}

/// The nodes that the selector may match by labels that only their Node objects know.
std::vector<ir::Peer> doubtful_nodes(const Space& space, const ir::Selector& selector) {
  std::vector<ir::Peer> nodes;
  for (const char* name : {"host", "remote-node"})
    for (const EndKind& kind : space.kinds())
      if (kind.labels.reserved(name) && space.selects(selector, kind.labels, Reading::May) &&
          !space.selects(selector, kind.labels, Reading::Sure)) {
        nodes.push_back(entity(name));
        break;
      }
  return nodes;
}

Split split(const Space& space, const ir::Rule& rule) {
  Split out;
  for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{})) {
    const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
    if (!selector && !std::holds_alternative<ir::CidrPeer>(peer)) {
      for (const char* name : {"world", "world-ipv4", "world-ipv6"}) out.doubt.push_back(entity(name));
      continue;
    }
    out.sure.push_back(peer);
    if (!selector) continue;
    const std::vector<ir::Peer> nodes = doubtful_nodes(space, selector->selector);
    if (nodes.empty()) continue;
    // For sure it matches pods alone.
    for (const char* name : {"host", "remote-node"})
      std::get<ir::SelectorPeer>(out.sure.back()).selector.add({"reserved", name, ir::Operator::DoesNotExist, {}});
    out.doubt.insert(out.doubt.end(), nodes.begin(), nodes.end());
  }
  std::sort(out.doubt.begin(), out.doubt.end());
  out.doubt.erase(std::unique(out.doubt.begin(), out.doubt.end()), out.doubt.end());
  return out;
}

/// What the doubtful peers of a rule come to; nothing: they are left out.
std::optional<Action> reading(const ir::Rule& rule, Bias bias) {
  const bool fails = rule.auth == Auth::AlwaysFail;
  const bool opens = rule.action == Action::Pass || (rule.action == Action::Allow && (!fails || rule.conflict));
  const bool closes = rule.action != Action::Allow || fails || rule.conflict;
  if (bias == Bias::Permissive) return opens ? std::optional(Action::Allow) : std::nullopt;
  return closes ? std::optional(Action::Deny) : std::nullopt;
}

// policy.md 3.13: unknown where it decides.
void settle_conflict(ir::Rule& rule, Bias bias) {
  rule.conflict = false;
  rule.auth = Auth::Unset;
  if (bias == Bias::Permissive) return;
  rule.action = Action::Deny;
  rule.l7.reset();
}

}  // namespace

bool has_doubt(const Space& space, const ir::PolicySet& policies) {
  return std::any_of(policies.rules.begin(), policies.rules.end(),
                     [&](const ir::Rule& rule) { return rule.conflict || !split(space, rule).doubt.empty(); });
}

ir::PolicySet approximate(const Space& space, const ir::PolicySet& policies, Bias bias) {
  ir::PolicySet out{policies.policies, {}};
  bool lifts_failure = false;
  for (const ir::Rule& rule : policies.rules) {
    const Split peers = split(space, rule);
    out.rules.push_back(rule);
    if (rule.conflict) settle_conflict(out.rules.back(), bias);
    lifts_failure = lifts_failure || rule.conflict;
    if (peers.doubt.empty()) continue;
    out.rules.back().peers = peers.sure;
    // policy.md 3.11: a more specific rule may lift another one's failing mode.
    lifts_failure = lifts_failure || rule.auth == Auth::Disabled || rule.auth == Auth::Required;
    const auto action = reading(rule, bias);
    if (!action) continue;
    ir::Rule extra = rule;
    extra.peers = peers.doubt;
    extra.action = *action;
    extra.default_deny = false;
    extra.auth = Auth::Unset;
    if (bias == Bias::Restrictive || extra.action != rule.action) extra.l7.reset();
    extra.conflict = false;
    out.rules.push_back(std::move(extra));
  }
  if (bias == Bias::Permissive && lifts_failure)
    for (ir::Rule& rule : out.rules)
      if (rule.auth == Auth::AlwaysFail) rule.auth = Auth::Unset;
  return out;
}

}  // namespace weir::compiler
