// Tested by tests/unit/compiler/verify/policy_diff_test.cpp and tests/differential/diff_test.cpp.
#include "compiler/verify/any_world.h"

#include <algorithm>

#include "compiler/verify/approximate.h"
#include "compiler/verify/named_outside.h"
#include "compiler/verify/relabelled.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::Verdict;

ir::PolicySet enforced(ir::PolicySet policies) {
  std::erase_if(policies.rules, [](const ir::Rule& rule) { return rule.audit; });
  return policies;
}

/// The cluster whose namespaces both sets are read over.
ir::Cluster common_cluster(ir::Cluster out) {
  if (out.settings.audit_mode) out.settings.enforcement = ir::Enforcement::Never;
  out.settings.audit_mode = false;
  return out;
}

bool sure(const AnyDifference& one) { return one.before.verdict != Verdict::Unknown && one.after.verdict != Verdict::Unknown; }

/// One that is unknown on a side says nothing beside one that is not and differs for the same reason.
void drop_told(std::vector<AnyDifference>& found) {
  const auto unsure = std::stable_partition(found.begin(), found.end(), sure);
  const auto told = [&](const AnyDifference& one) {
    return std::any_of(found.begin(), unsure, [&](const AnyDifference& other) {
      return one.before.verdict == Verdict::Unknown ? one.after == other.after : one.before == other.before;
    });
  };
  found.erase(std::remove_if(unsure, found.end(), told), found.end());
}

bool is_outside(const ir::Endpoint& end) { return end.kind == ir::EndpointKind::Other && end.labels.world(); }

}  // namespace

struct AnyWorld::Found {
  AnyDiff& any;
  RequestsDiff& requests;
  AnyDiff of_requests;
};

AnyWorld::AnyWorld(const ir::PolicySet& before, const ir::PolicySet& after, const ir::Cluster& cluster)
    : cluster_(common_cluster(cluster)), space_(cluster_), whole_before_(before), whole_after_(after), before_(enforced(before)), after_(enforced(after)),
      own_(own_rules(before_, after_)) {}

bool AnyWorld::nodes_differ() const {
  const auto on_node = [](const ir::PolicySet& policies) {
    return [&](ir::RuleId id) { return policies.rule(id).subject_is_node; };
  };
  return cluster_.settings.host_firewall && (std::any_of(own_.before.begin(), own_.before.end(), on_node(before_)) ||
                                             std::any_of(own_.after.begin(), own_.after.end(), on_node(after_)));
}

std::string AnyWorld::doubts_differ() const {
  if (own_.before.empty() && own_.after.empty()) return {};
  const auto denies = [](const ir::PolicySet& policies) { return [&](ir::RuleId id) { return policies.rule(id).action != ir::Action::Allow; }; };
  const bool denied = std::any_of(own_.before.begin(), own_.before.end(), denies(before_)) || std::any_of(own_.after.begin(), own_.after.end(), denies(after_));
  const auto doubt_of = [&](const ir::PolicySet& policies, const std::vector<ir::RuleId>& own) {
    for (std::uint32_t i = 0; i < policies.rules.size(); ++i)
      if (denied || std::binary_search(own.begin(), own.end(), ir::RuleId{i}))
        if (std::string why = doubt(policies.rules[i]); !why.empty()) return why;
    return std::string();
  };
  const std::string of_before = doubt_of(before_, own_.before);
  return of_before.empty() ? doubt_of(after_, own_.after) : of_before;
}

void AnyWorld::run(const DiffQuestion& question, AnyDiff& any, RequestsDiff& requests) const {
  if (own_.before.empty() && own_.after.empty()) return;
  Found found{any, requests, {}};
  std::string unknown;
  if (!has_unresolved(before_) && !has_unresolved(after_)) run_resolved(nullptr, question, found);
  else
    for (const Resolution& one : resolutions(before_, after_, own_, cluster_, unknown))
      if (!alike(space_, before_, after_, own_, one)) run_resolved(&one, question, found);
  requests.found = std::move(found.of_requests.found);
  requests.complete = found.of_requests.complete;
  requests.why = found.of_requests.why;
  drop_told(any.found);
  drop_told(requests.found);
  if (unknown.empty()) return;
  any.complete = false;
  any.why = unknown;
}

void AnyWorld::run_resolved(const Resolution* resolution, const DiffQuestion& question, Found& found) const {
  const ir::PolicySet a = resolution ? resolved(space_, before_, *resolution, before_) : before_, b = resolution ? resolved(space_, after_, *resolution, after_) : after_;
  if (!has_doubt(space_, a) && !has_doubt(space_, b)) return run_one(a, b, resolution, question, found);
  for (const Bias bias : {Bias::Permissive, Bias::Restrictive}) run_one(approximate(space_, a, bias), approximate(space_, b, bias), resolution, question, found);
}

void AnyWorld::run_one(const ir::PolicySet& a, const ir::PolicySet& b, const Resolution* resolution, const DiffQuestion& question, Found& found) const {
  const TwoSets sets(space_, a, b);
  if (question.any) add(diff_any(sets, question.limits, question.most), resolution, found.any);
  RequestsDiff requests = diff_requests(sets, question.limits, question.most);
  std::move(requests.splits.begin(), requests.splits.end(), std::back_inserter(found.requests.splits));
  if (found.requests.splits_unknown.empty()) found.requests.splits_unknown = requests.splits_unknown;
  add({std::move(requests.found), requests.complete, requests.why}, resolution, found.of_requests);
}

void AnyWorld::decide(AnyDifference& one) const {
  one.before = ir::decide(whole_before_, cluster_, one.connection.flow);
  one.after = ir::decide(whole_after_, cluster_, one.connection.flow);
}

/// Whether it differs for sure when the ends outside have the resolution's name, and by no address if that is enough.
bool AnyWorld::decide_by_name(AnyDifference& one, const Resolution& resolution) const {
  if (!resolution.name) return false;
  AnyDifference by_address = one, by_name = one;
  for (const auto& [flow_end, witness_end] : {std::pair(&ir::Flow::source, &ConnectionWitness::source), std::pair(&ir::Flow::destination, &ConnectionWitness::destination)}) {
    ir::Endpoint& at_address = by_address.connection.flow.*flow_end;
    if (!is_outside(at_address)) continue;
    EndWitness& text = by_address.connection.*witness_end;
    at_address.dns_names = {*resolution.name};
    text.notes.push_back("`" + text.party + "` " + (resolution.holding.empty() ? "has none of the names that rules speak of" : "is an address of `" + *resolution.name + "`"));
    by_name.connection.flow.*flow_end = named_outside(cluster_, *resolution.name);
    (by_name.connection.*witness_end).party = "fqdn:" + *resolution.name;
    (by_name.connection.*witness_end).endpoint = by_name.connection.flow.*flow_end;
  }
  const auto differs = [&](AnyDifference& tried) {
    decide(tried);
    if (tried.before.verdict == tried.after.verdict || !sure(tried)) return false;
    one = std::move(tried);
    return true;
  };
  return (!resolution.holding.empty() && differs(by_name)) || differs(by_address);
}

void AnyWorld::add(AnyDiff part, const Resolution* resolution, AnyDiff& out) const {
  if (!part.complete) {
    out.complete = false;
    out.why = part.why;
  }
  if (part.method == "z3") out.method = part.method;
  for (AnyDifference& one : part.found) {
    decide(one);
    const bool clear = one.before.verdict != one.after.verdict && sure(one);
    if (!clear && resolution) decide_by_name(one, *resolution);
    settle(cluster_, one.connection, [&](const ir::Flow& flow) {
      return ir::decide(before_, cluster_, flow).verdict == one.before.verdict && ir::decide(after_, cluster_, flow).verdict == one.after.verdict;
    });
    const bool known = std::any_of(out.found.begin(), out.found.end(), [&](const AnyDifference& other) { return other.before == one.before && other.after == one.after; });
    if (one.before.verdict == one.after.verdict) {
      out.complete = false;
      out.why = "names or groups that only others can resolve decide `" + to_text(one.connection.flow) + "`";
    } else if (!known) {
      out.found.push_back(std::move(one));
    }
  }
}

SolverAnswer AnyWorld::both_pass(const DiffQuestion& question) const {
  const auto reading = [&](const ir::PolicySet& policies) {
    return has_doubt(space_, policies) ? approximate(space_, policies, Bias::Permissive) : policies;
  };
  const ir::PolicySet a = reading(before_), b = reading(after_);
  const EndBox pods = space_.everyone().front();
  Solver solver(space_, a, question.limits.solver_millis);
  // A connection that policy judges says more than one between two ends outside.
  SolverAnswer answer = solver.passing_both(b, {{pods}, {pods}, ir::every_port()});
  if (answer.status == SolverStatus::None) answer = solver.passing_both(b, {{pods}, space_.everyone(), ir::every_port()});
  // policy.md 4.3: the own node reaches its pods anyway.
  std::vector<EndBox> sources = space_.everyone();
  std::erase_if(sources, [&](const EndBox& box) { return space_.kinds()[box.kind].labels.reserved("host"); });
  if (answer.status == SolverStatus::None) answer = solver.passing_both(b, {sources, {pods}, ir::every_port()});
  return answer;
}

bool AnyWorld::confirmed_both(const ir::Flow& flow) const {
  return ir::decide(before_, cluster_, flow).verdict == Verdict::Allowed && ir::decide(after_, cluster_, flow).verdict == Verdict::Allowed;
}

}  // namespace weir::compiler
