// Tested by tests/unit/compiler/verify/policy_diff_test.cpp.
#include "compiler/verify/policy_diff.h"

#include <algorithm>

#include "compiler/verify/any_world.h"
#include "compiler/verify/relabelled.h"
#include "compiler/verify/secret_values.h"
#include "compiler/verify/today_requests.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

bool looks(const ir::PolicySet& policies) {
  return std::any_of(policies.rules.begin(), policies.rules.end(), [](const ir::Rule& rule) { return rule.l7.has_value(); });
}

std::vector<std::string> assumptions(const DiffSide& before, const DiffSide& after) {
  std::vector<std::string> out;
  const auto names = [](const ir::Cluster& cluster) {
    std::vector<std::pair<std::string, std::map<std::string, std::string>>> all;
    for (const ir::Namespace& one : cluster.namespaces) all.emplace_back(one.name, one.labels);
    return all;
  };
  if (names(before.cluster) != names(after.cluster)) out.push_back("both are read over the namespaces of the second");
  if (before.cluster.api_servers != after.cluster.api_servers) out.push_back("both are read with the API servers of the second");
  if (before.cluster.names != after.cluster.names) out.push_back("both are read with the DNS answers of the second");
  if (before.cluster.settings != after.cluster.settings) out.push_back("both are read with the settings of the second");
  const auto on_nodes = [](const DiffSide& side) {
    return std::any_of(side.policies.rules.begin(), side.policies.rules.end(), [](const ir::Rule& rule) { return rule.subject_is_node; });
  };
  if (on_nodes(before) || on_nodes(after)) out.push_back("rules on nodes are compared over today's nodes alone");
  const auto authenticates = [](const DiffSide& side) {
    return std::any_of(side.policies.rules.begin(), side.policies.rules.end(), [](const ir::Rule& rule) { return rule.auth == ir::Auth::Required; });
  };
  // policy.md 3.11
  if (authenticates(before) || authenticates(after)) out.push_back("ends that a rule wants authenticated have authenticated each other");
  if (looks(before.policies) || looks(after.policies)) out.push_back("requests are printable ASCII, with each header once");
  std::sort(out.begin(), out.end());
  return out;
}

/// Whether rules of this set say so, and not only its silence.
bool by_rule(const ir::Decision& decision) { return !decision.egress.decided_by.empty() || !decision.ingress.decided_by.empty(); }

bool sure(const ir::Decision& before, const ir::Decision& after) {
  return before.verdict != ir::Verdict::Unknown && after.verdict != ir::Verdict::Unknown;
}

/// Whether such a difference answers the question; Equivalent: any.
bool counts(Relation relation, bool before, bool after, const ir::Decision* decided_after) {
  switch (relation) {
    case Relation::Equivalent: return before != after;
    case Relation::Contains: return before && !after;
    case Relation::Contained: return !before && after;
    case Relation::Interferes: return !before && after && (decided_after == nullptr || by_rule(*decided_after));
    case Relation::Disjoint: return false;
  }
  return false;
}

/// The connection of a change on another port, when the evaluator says before and after what is claimed.
std::optional<ir::Flow> at_port(const TodayChange& change, const ir::PortSet& ports, bool passes_before, const DiffSide& before, const DiffSide& after) {
  const auto port = witness(ports);
  if (!port || !change.flow || !change.flow_before) return std::nullopt;
  ir::Flow a = *change.flow_before, b = *change.flow;
  a.protocol = b.protocol = port->protocol;
  a.port = b.port = port->port;
  const ir::Verdict first = ir::decide(before.policies, before.cluster, a).verdict, second = ir::decide(after.policies, after.cluster, b).verdict;
  const auto passed = std::pair(ir::Verdict::Allowed, ir::Verdict::Denied), gained = std::pair(ir::Verdict::Denied, ir::Verdict::Allowed);
  return std::pair(first, second) == (passes_before ? passed : gained) ? std::optional(b) : std::nullopt;
}

/// A change counts by its ports, of which its own example is one. What only requests tell apart is in TodayDiff::requests.
std::optional<RelationAnswer> counting(Relation relation, const TodayChange& change, ProofStatus found, const DiffSide& before, const DiffSide& after) {
  const auto answer = [&](std::optional<ir::Flow> flow) { return RelationAnswer{found, "today", change.source, change.destination, std::move(flow), {}}; };
  for (const bool passes_before : {true, false}) {
    const ir::PortSet ports = passes_before ? change.before.ports.subtract(change.after.ports) : change.after.ports.subtract(change.before.ports);
    if (ports.empty() || !counts(relation, passes_before, !passes_before, nullptr)) continue;
    // Who admits it is the question then, and without the other end nobody says.
    if (!change.only.empty() && relation == Relation::Interferes) continue;
    if (!change.only.empty()) return answer(std::nullopt);
    auto flow = at_port(change, ports, passes_before, before, after);
    if (!flow) continue;
    const ir::Decision decided = ir::decide(after.policies, after.cluster, *flow);
    if (counts(relation, passes_before, !passes_before, &decided)) return answer(std::move(flow));
  }
  return std::nullopt;
}

/// Ports change the way that is asked about.
bool may_count(Relation relation, const TodayChange& change) {
  if (relation == Relation::Interferes) return false;  // who admits it is not in the ports
  return (!change.before.ports.subtract(change.after.ports).empty() && counts(relation, true, false, nullptr)) ||
         (!change.after.ports.subtract(change.before.ports).empty() && counts(relation, false, true, nullptr));
}

bool adds(const std::vector<TodayChange>& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const TodayChange& one) { return !one.after.ports.subtract(one.before.ports).empty(); });
}

bool adds(const std::vector<AnyDifference>& found) {
  return std::any_of(found.begin(), found.end(), [](const AnyDifference& one) {
    return one.before.verdict != ir::Verdict::Allowed && one.after.verdict == ir::Verdict::Allowed;
  });
}

RelationAnswer answer_of(Relation relation, const PolicyDiff& diff, const DiffSide& before, const DiffSide& after) {
  const auto found = relation == Relation::Interferes ? ProofStatus::Holds : ProofStatus::Violated;
  if (diff.today)
    for (const TodayChange& change : diff.today->changes)
      if (auto answer = counting(relation, change, found, before, after)) return *answer;
  if (diff.today)
    for (const TodayRequest& one : diff.today->requests)
      if (sure(one.before, one.after) && counts(relation, one.before.verdict == ir::Verdict::Allowed, one.after.verdict == ir::Verdict::Allowed, &one.after))
        return {found, "today", one.source, one.destination, one.flow, {}, {}};
  if (diff.any)
    for (const AnyDifference& one : diff.any->found)
      if (sure(one.before, one.after) && counts(relation, one.before.verdict == ir::Verdict::Allowed, one.after.verdict == ir::Verdict::Allowed, &one.after))
        return {found, "any", one.connection.source.party, one.connection.destination.party, one.connection.flow, {}};
  const std::vector<TodayChange> none;
  const auto& changes = diff.today ? diff.today->changes : none;
  const bool added = std::any_of(changes.begin(), changes.end(), [&](const TodayChange& change) { return may_count(relation, change); });
  if (added) return {ProofStatus::Unknown, {}, {}, {}, {}, "the evaluator does not confirm a change of ports", {}};
  // One example stands for all that one side lets pass for the same reason; others of it may be admitted by a rule.
  const bool has_allow = std::any_of(after.policies.rules.begin(), after.policies.rules.end(), [](const ir::Rule& rule) { return rule.action == ir::Action::Allow; });
  const bool more = relation == Relation::Interferes && has_allow && (adds(changes) || (diff.any && adds(diff.any->found)));
  if (more) return {ProofStatus::Unknown, {}, {}, {}, {}, "more passes, and no example of it is admitted by a rule", {}};
  if (diff.any && !diff.any->complete) return {ProofStatus::Unknown, {}, {}, {}, {}, diff.any->why};
  if (!diff.complete()) return {ProofStatus::Unknown, {}, {}, {}, {}, diff.today->why()};
  return {relation == Relation::Interferes ? ProofStatus::Violated : ProofStatus::Holds, {}, {}, {}, {}, {}};
}

/// With a host firewall and enforced rules on nodes (policy.md 2.5).
bool judges_nodes(const DiffSide& side) {
  return side.cluster.settings.host_firewall &&
         std::any_of(side.policies.rules.begin(), side.policies.rules.end(), [](const ir::Rule& rule) { return rule.subject_is_node && !rule.audit; });
}

RelationAnswer disjoint(const DiffSide& before, const DiffSide& after, const DiffQuestion& question) {
  const bool nodes = judges_nodes(before) || judges_nodes(after);
  const RelationAnswer none{nodes ? ProofStatus::Unknown : ProofStatus::Holds, {}, {}, {}, {}, nodes ? "rules on nodes are not read for this question" : ""};
  if (question.today)
    if (const auto one = common_connection(before, after)) {
      const bool passes = one->flow && one->flow_before && ir::decide(before.policies, before.cluster, *one->flow_before).verdict == ir::Verdict::Allowed &&
                          ir::decide(after.policies, after.cluster, *one->flow).verdict == ir::Verdict::Allowed;
      if (passes) return {ProofStatus::Violated, "today", one->source, one->destination, one->flow, {}};
      return {ProofStatus::Unknown, {}, {}, {}, {}, "the evaluator does not confirm that " + one->source + " -> " + one->destination + " passes with both"};
    }
  if (!question.any) return none;
  const AnyWorld world(before.any(), after.any(), after.cluster);
  const SolverAnswer answer = world.both_pass(question);
  if (answer.status == SolverStatus::None) return none;
  if (answer.status == SolverStatus::Found && world.confirmed_both(answer.model->flow))
    return {ProofStatus::Violated, "any", answer.model->source.party, answer.model->destination.party, answer.model->flow, {}};
  return {ProofStatus::Unknown, {}, {}, {}, {}, answer.why.empty() ? "the evaluator does not confirm the solver's example" : answer.why};
}

/// A proof over any pods needs one world: where the two have other namespaces or settings there is none.
RelationAnswer in_one_world(RelationAnswer answer, Relation asked, const DiffSide& before, const DiffSide& after, const DiffQuestion& question) {
  if (!question.any) return answer;
  answer.assumptions = assumptions(before, after);
  const bool proof = answer.status == (asked == Relation::Interferes ? ProofStatus::Violated : ProofStatus::Holds);
  const auto other_world = [](const std::string& text) { return text.starts_with("both are read"); };
  const auto found = std::find_if(answer.assumptions.begin(), answer.assumptions.end(), other_world);
  if (!(proof || answer.world == "any") || found == answer.assumptions.end()) return answer;
  answer.status = ProofStatus::Unknown;
  answer.why = *found + ", so nothing is proven over any pods; --world today compares the pods of both";
  return answer;
}

constexpr std::pair<std::string_view, Relation> kRelations[] = {{"equivalent", Relation::Equivalent}, {"contains", Relation::Contains},
                                                                {"contained", Relation::Contained},   {"disjoint", Relation::Disjoint},
                                                                {"interferes", Relation::Interferes}};

void add_requests(RequestsDiff requests, AnyDiff& any) {
  std::move(requests.found.begin(), requests.found.end(), std::back_inserter(any.found));
  if (requests.complete) return;
  any.complete = false;
  if (any.why.empty()) any.why = requests.why;
}

void is_unknown(const ir::Flow& flow, std::string& why) {
  if (why.empty()) why = "what `" + to_text(flow) + (flow.request ? "` (" + to_text(*flow.request) + ")" : "`") + " gets is unknown on one side";
}

/// What the evaluator cannot tell on one side is listed, and nothing is proven.
void add_unknown(PolicyDiff& diff) {
  if (diff.today)
    for (const TodayRequest& one : diff.today->requests)
      if (!sure(one.before, one.after)) is_unknown(one.flow, diff.today->requests_unknown);
  if (diff.today)
    for (const TodayChange& one : diff.today->changes)
      if (one.flow && !sure(*one.decided_before, *one.decided_after)) is_unknown(*one.flow, diff.today->unknown);
  if (!diff.any) return;
  for (const AnyDifference& one : diff.any->found)
    if (!sure(one.before, one.after)) {
      diff.any->complete = false;
      is_unknown(one.connection.flow, diff.any->why);
    }
}

}  // namespace

namespace {

void add_requests_today(const DiffSide& before, const DiffSide& after, const DiffQuestion& question, const AnyWorld& world, const RequestsDiff& requests,
                        TodayDiff& out) {
  out.requests_unknown = requests.splits_unknown;
  out.requests = today_requests(world.space(), requests.splits, before, after, question.limits.pieces, out.requests_unknown);
  for (TodayRequest& one : out.requests) hide_secret_values(*one.flow.request, before.cluster, after.cluster);
}

/// A side with the values of Secrets in its rules.
struct SideOfValues {
  const ir::Cluster& cluster;
  ir::PolicySet policies;
  std::optional<ir::PolicySet> of_any_pod;

  explicit SideOfValues(const DiffSide& from) : cluster(from.cluster), policies(with_secret_values(from.policies, cluster)) {
    if (from.of_any_pod) of_any_pod = with_secret_values(*from.of_any_pod, cluster);
  }
  [[nodiscard]] DiffSide side() const { return {policies, cluster, of_any_pod ? &*of_any_pod : nullptr}; }
};

/// `any` and its requests are of any pods.
TodayDiff with_requests(const DiffSide& before, const DiffSide& after, const DiffQuestion& question, const AnyWorld& any, const RequestsDiff& of_any) {
  TodayDiff out = diff_today(before, after);
  if (before.of_any_pod || after.of_any_pod) {
    // Where the ports of today's pods have numbers, requests split in other places.
    const AnyWorld world(before.policies, after.policies, after.cluster);
    AnyDiff none;
    RequestsDiff requests;
    if (looks(before.policies) || looks(after.policies)) world.run({.today = true, .any = false, .limits = question.limits, .most = question.most}, none, requests);
    add_requests_today(before, after, question, world, requests, out);
  } else {
    add_requests_today(before, after, question, any, of_any, out);
  }
  if (const std::string why = any.doubts_differ(); !why.empty()) out.unknown = why;
  add_relabelled(before, after, out);
  return out;
}

}  // namespace

PolicyDiff diff_policies(const DiffSide& first, const DiffSide& second, const DiffQuestion& question) {
  const SideOfValues one(first), other(second);
  const DiffSide before = one.side(), after = other.side();
  PolicyDiff out;
  const AnyWorld world(before.any(), after.any(), after.cluster);
  AnyDiff any;
  RequestsDiff requests;
  if (question.any || looks(before.policies) || looks(after.policies)) world.run(question, any, requests);
  if (question.today) out.today = with_requests(before, after, question, world, requests);
  if (!question.any) {
    add_unknown(out);
    return out;
  }
  for (AnyDifference& one : requests.found) hide_secret_values(*one.connection.flow.request, before.cluster, after.cluster);
  out.any = std::move(any);
  add_requests(std::move(requests), *out.any);
  add_unknown(out);
  if (!question.today && world.nodes_differ()) {
    out.any->complete = false;
    out.any->why = "rules on nodes differ, and no nodes but today's are known; --world today compares them";
  }
  out.assumptions = assumptions(before, after);
  return out;
}

std::optional<Relation> parse_relation(std::string_view text) {
  for (const auto& [name, relation] : kRelations)
    if (name == text) return relation;
  return std::nullopt;
}

std::string_view to_text(Relation relation) {
  for (const auto& [name, one] : kRelations)
    if (one == relation) return name;
  return "";
}

RelationAnswer relation(Relation asked, const DiffSide& before, const DiffSide& after, const DiffQuestion& question) {
  RelationAnswer answer = asked == Relation::Disjoint ? disjoint(before, after, question) : answer_of(asked, diff_policies(before, after, question), before, after);
  answer = in_one_world(std::move(answer), asked, before, after, question);
  if (asked == Relation::Disjoint) answer.assumptions.insert(answer.assumptions.begin(), "what a pod's own node sends to it passes anyway and is left out");
  return answer;
}

}  // namespace weir::compiler
