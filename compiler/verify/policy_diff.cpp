// Tested by tests/unit/compiler/verify/policy_diff_test.cpp.
#include "compiler/verify/policy_diff.h"

#include <algorithm>

#include "compiler/verify/approximate.h"
#include "compiler/verify/request_diff.h"
#include "compiler/verify/solver.h"
#include "compiler/verify/today_requests.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

ir::PolicySet enforced(const DiffSide& side) {
  ir::PolicySet out = side.policies;
  std::erase_if(out.rules, [](const ir::Rule& rule) { return rule.audit; });
  return out;
}

/// The cluster whose namespaces both sets are read over.
ir::Cluster common_cluster(const DiffSide& after) {
  ir::Cluster out = after.cluster;
  if (out.settings.audit_mode) out.settings.enforcement = ir::Enforcement::Never;
  out.settings.audit_mode = false;
  return out;
}

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
  if (before.cluster.settings != after.cluster.settings) out.push_back("both are read with the settings of the second");
  const auto on_nodes = [](const DiffSide& side) {
    return std::any_of(side.policies.rules.begin(), side.policies.rules.end(), [](const ir::Rule& rule) { return rule.subject_is_node; });
  };
  if (on_nodes(before) || on_nodes(after)) out.push_back("rules on nodes are compared over today's nodes alone");
  if (looks(before.policies) || looks(after.policies)) out.push_back("requests are printable ASCII, with each header once");
  std::sort(out.begin(), out.end());
  return out;
}

class AnyWorld {
 public:
  AnyWorld(const DiffSide& before, const DiffSide& after)
      : cluster_(common_cluster(after)), space_(cluster_), before_(enforced(before)), after_(enforced(after)) {}

  [[nodiscard]] const Space& space() const { return space_; }

  /// What only others know is read in favour of both, then against both; the evaluator has the last word.
  void run(const DiffQuestion& question, AnyDiff& any, RequestsDiff& requests) const {
    if (!doubt()) return run_one({space_, before_, after_}, question, any, requests);
    for (const Bias bias : {Bias::Permissive, Bias::Restrictive}) {
      const ir::PolicySet a = approximate(space_, before_, bias), b = approximate(space_, after_, bias);
      AnyDiff part;
      RequestsDiff more;
      run_one({space_, a, b}, question, part, more);
      add(std::move(part), any);
      std::move(more.splits.begin(), more.splits.end(), std::back_inserter(requests.splits));
      if (requests.splits_unknown.empty()) requests.splits_unknown = more.splits_unknown;
      AnyDiff read{{}, requests.complete, requests.why};
      add({std::move(more.found), more.complete, more.why}, read);
      std::move(read.found.begin(), read.found.end(), std::back_inserter(requests.found));
      requests.complete = read.complete, requests.why = read.why;
    }
  }

  /// A connection that both let pass, over every pod that may come.
  SolverAnswer both_pass(const DiffQuestion& question) const {
    const ir::PolicySet a = doubt() ? approximate(space_, before_, Bias::Permissive) : before_;
    const ir::PolicySet b = doubt() ? approximate(space_, after_, Bias::Permissive) : after_;
    return Solver(space_, a, question.limits.solver_millis).passing_both(b, {space_.everyone(), space_.everyone(), ir::every_port()});
  }

  [[nodiscard]] bool confirmed_both(const ir::Flow& flow) const {
    return ir::decide(before_, cluster_, flow).verdict == ir::Verdict::Allowed && ir::decide(after_, cluster_, flow).verdict == ir::Verdict::Allowed;
  }

 private:
  static void run_one(const TwoSets& sets, const DiffQuestion& question, AnyDiff& any, RequestsDiff& requests) {
    if (question.any) any = diff_any(sets, question.limits, question.most);
    requests = diff_requests(sets, question.limits, question.most);
  }

  [[nodiscard]] bool doubt() const { return has_doubt(space_, before_) || has_doubt(space_, after_); }

  void add(AnyDiff part, AnyDiff& out) const {
    if (!part.complete) {
      out.complete = false;
      out.why = part.why;
    }
    if (part.method == "z3") out.method = part.method;
    for (AnyDifference& one : part.found) {
      one.before = ir::decide(before_, cluster_, one.connection.flow);
      one.after = ir::decide(after_, cluster_, one.connection.flow);
      const bool known = std::any_of(out.found.begin(), out.found.end(), [&](const AnyDifference& other) { return other.before == one.before && other.after == one.after; });
      if (one.before.verdict == one.after.verdict) {
        out.complete = false;
        out.why = "names or groups that only others can resolve decide `" + to_text(one.connection.flow) + "`";
      } else if (!known) {
        out.found.push_back(std::move(one));
      }
    }
  }

  ir::Cluster cluster_;
  Space space_;
  ir::PolicySet before_, after_;
};

/// Whether rules of this set say so, and not only its silence.
bool by_rule(const ir::Decision& decision) { return !decision.egress.decided_by.empty() || !decision.ingress.decided_by.empty(); }

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
  const bool first = ir::decide(before.policies, before.cluster, a).verdict == ir::Verdict::Allowed;
  const bool second = ir::decide(after.policies, after.cluster, b).verdict == ir::Verdict::Allowed;
  return first == passes_before && second != passes_before ? std::optional(b) : std::nullopt;
}

/// A change counts by its ports, of which its own example is one.
std::optional<RelationAnswer> counting(Relation relation, const TodayChange& change, ProofStatus found, const DiffSide& before, const DiffSide& after) {
  const auto answer = [&](std::optional<ir::Flow> flow) { return RelationAnswer{found, "today", change.source, change.destination, std::move(flow), {}}; };
  for (const bool passes_before : {true, false}) {
    const ir::PortSet ports = passes_before ? change.before.ports.subtract(change.after.ports) : change.after.ports.subtract(change.before.ports);
    if (ports.empty() || !counts(relation, passes_before, !passes_before, nullptr)) continue;
    if (!change.only.empty()) return answer(std::nullopt);
    auto flow = at_port(change, ports, passes_before, before, after);
    if (!flow) continue;
    const ir::Decision decided = ir::decide(after.policies, after.cluster, *flow);
    if (counts(relation, passes_before, !passes_before, &decided)) return answer(std::move(flow));
  }
  if (change.before.ports == change.after.ports && relation == Relation::Equivalent) return answer(change.flow);
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
      if (counts(relation, one.before.verdict == ir::Verdict::Allowed, one.after.verdict == ir::Verdict::Allowed, &one.after))
        return {found, "today", one.source, one.destination, one.flow, {}, {}};
  if (diff.any)
    for (const AnyDifference& one : diff.any->found)
      if (counts(relation, one.before.verdict == ir::Verdict::Allowed, one.after.verdict == ir::Verdict::Allowed, &one.after))
        return {found, "any", one.connection.source.party, one.connection.destination.party, one.connection.flow, {}};
  const std::vector<TodayChange> none;
  const auto& changes = diff.today ? diff.today->changes : none;
  const bool added = std::any_of(changes.begin(), changes.end(), [&](const TodayChange& change) { return may_count(relation, change); });
  if (added) return {ProofStatus::Unknown, {}, {}, {}, {}, "the evaluator does not confirm a change of ports", {}};
  // One example stands for all that one side lets pass for the same reason; others of it may be admitted by a rule.
  const bool has_allow = std::any_of(after.policies.rules.begin(), after.policies.rules.end(), [](const ir::Rule& rule) { return rule.action == ir::Action::Allow; });
  const bool more = relation == Relation::Interferes && has_allow && (adds(changes) || (diff.any && adds(diff.any->found)));
  if (more) return {ProofStatus::Unknown, {}, {}, {}, {}, "more passes, and no example of it is admitted by a rule", {}};
  if (!diff.complete()) return {ProofStatus::Unknown, {}, {}, {}, {}, diff.any ? diff.any->why : "the evaluator did not confirm a difference"};
  return {relation == Relation::Interferes ? ProofStatus::Violated : ProofStatus::Holds, {}, {}, {}, {}, {}};
}

RelationAnswer disjoint(const DiffSide& before, const DiffSide& after, const DiffQuestion& question) {
  if (question.today)
    if (const auto one = common_connection(before, after)) return {ProofStatus::Violated, "today", one->source, one->destination, one->flow, {}};
  if (!question.any) return {ProofStatus::Holds, {}, {}, {}, {}, {}};
  const AnyWorld world(before, after);
  const SolverAnswer answer = world.both_pass(question);
  if (answer.status == SolverStatus::None) return {ProofStatus::Holds, {}, {}, {}, {}, {}};
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

}  // namespace

namespace {

void add_requests(RequestsDiff requests, AnyDiff& any) {
  std::move(requests.found.begin(), requests.found.end(), std::back_inserter(any.found));
  if (requests.complete) return;
  any.complete = false;
  if (any.why.empty()) any.why = requests.why;
}

}  // namespace

PolicyDiff diff_policies(const DiffSide& before, const DiffSide& after, const DiffQuestion& question) {
  PolicyDiff out;
  const AnyWorld world(before, after);
  AnyDiff any;
  RequestsDiff requests;
  if (question.any || looks(before.policies) || looks(after.policies)) world.run(question, any, requests);
  if (question.today) {
    out.today = diff_today(before, after);
    out.today->requests_unknown = requests.splits_unknown;
    out.today->requests = today_requests(world.space(), requests.splits, before, after, question.limits.pieces, out.today->requests_unknown);
  }
  if (!question.any) return out;
  out.any = std::move(any);
  add_requests(std::move(requests), *out.any);
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
  return in_one_world(std::move(answer), asked, before, after, question);
}

}  // namespace weir::compiler
