// Statements about pods: `every pod in S has ingress policy` over every pod that may come, `egress-bandwidth of S at most`
// over those of the inventory.
#include <algorithm>

#include "compiler/verify/members.h"
#include "compiler/verify/party.h"
#include "compiler/verify/statements.h"
#include "nlohmann/json.hpp"

namespace weir::compiler {
namespace {

using Ends = std::vector<EndBox>;

Ends without(const Space& space, Ends from, const EndBox& taken) {
  Ends next;
  for (const EndBox& end : from)
    for (EndBox& rest : space.subtract(end, taken)) next.push_back(std::move(rest));
  return next;
}

bool isolates(const ir::Rule& rule, ir::Direction direction) {
  return rule.default_deny && !rule.subject_is_node && rule.direction == direction;
}

/// Pods that no rule isolates; nothing when there are too many pieces.
std::optional<Ends> open_pods(const CheckContext& context, const Ends& ends, ir::Direction direction) {
  Ends open;
  for (const EndBox& end : ends) {
    if (end.kind != 0) continue;
    Ends left = {end};
    for (const ir::RuleId id : context.rules.selecting(end, direction)) {
      if (isolates(context.policies().rule(id), direction)) left = without(context.rules.space(), std::move(left), *context.rules.region(id).subject);
      if (left.size() > context.limits.pieces) return std::nullopt;
    }
    open.insert(open.end(), left.begin(), left.end());
  }
  std::erase_if(open, [&](const EndBox& end) { return context.rules.space().empty(end); });
  return open;
}

/// The evaluator's own reading of the rules says so too.
bool is_open(const CheckContext& context, const ir::LabelSet& labels, ir::Direction direction) {
  return std::none_of(context.policies().rules.begin(), context.policies().rules.end(),
                      [&](const ir::Rule& rule) { return isolates(rule, direction) && matches(rule.subject, labels); });
}

/// The pods of the statement without those of its exceptions.
ir::Result<Ends> pods_of(const CheckContext& context, const Statement& statement, const Parties& who, const InvariantException* only = nullptr) {
  const Space& space = context.rules.space();
  auto ends = ends_of(space, statement.keys, who);
  for (const InvariantException& exception : statement.exceptions) {
    if (!ends || only != nullptr) break;
    const auto taken = ends_of(space, statement.keys, exception.source);
    if (!taken) return taken;
    for (const EndBox& one : *taken) *ends = without(space, std::move(*ends), one);
  }
  if (!ends || only == nullptr) return ends;
  const auto inside = ends_of(space, statement.keys, only->source);
  if (!inside) return inside;
  Ends both;
  for (const EndBox& a : *ends)
    for (const EndBox& b : *inside)
      if (auto common = space.intersect(a, b)) both.push_back(std::move(*common));
  return both;
}

void report_open(const CheckContext& context, const Statement& statement, const EndWitness& pod, ir::Direction direction) {
  const std::string way(to_text(direction));
  ir::Diagnostic found = violation(statement.invariant, "no policy isolates the " + way + " of `" + pod.party + "`");
  for (const std::string& note : pod.notes) found.notes.push_back("where " + note);
  found.fix = "add a policy that selects it, such as a default deny for its namespace";
  nlohmann::ordered_json witness;
  witness["pod"] = pod.party;
  witness["direction"] = way;
  for (const std::string& note : pod.notes) witness["given"].push_back(note);
  found.witness = witness.dump();
  tell(context, std::move(found), World::AnyPod);
}

/// The inventory's pods of the statement; exceptions left out.
std::vector<const ir::Pod*> members(const CheckContext& context, const Parties& who) {
  std::vector<const ir::Pod*> pods;
  for (const ir::Pod& pod : context.cluster().pods)
    if (is_member(context.cluster(), pod, who)) pods.push_back(&pod);
  return pods;
}

bool breaks(const ir::Pod& pod, std::uint64_t most) { return !pod.egress_bandwidth || *pod.egress_bandwidth > most; }

}  // namespace

Answer check_covered(const CheckContext& context, const Statement& statement, const CoveredInvariant& covered) {
  const ir::Enforcement mode = context.cluster().settings.enforcement;
  if (mode == ir::Enforcement::Always) {
    statement.assumptions.push_back("enforcement is `always`: every pod is isolated");
    return {ProofStatus::Holds, "", "sets", std::nullopt};
  }
  const auto pods = pods_of(context, statement, covered.who);
  if (!pods) return {ProofStatus::Unknown, pods.error().message, "sets", std::nullopt};
  for (const InvariantException& exception : statement.exceptions) {
    Statement bare{statement.invariant, {}, statement.keys, statement.assumptions};
    const auto inside = pods_of(context, bare, covered.who, &exception);
    const auto open = inside ? open_pods(context, *inside, covered.direction) : std::nullopt;
    if (open && open->empty() && mode != ir::Enforcement::Never) report_unused(context, exception);
  }
  const auto open = mode == ir::Enforcement::Never ? std::optional(*pods) : open_pods(context, *pods, covered.direction);
  if (!open) return {ProofStatus::Unknown, "too many policies select these pods", "sets", std::nullopt};
  for (const EndBox& end : *open) {
    const auto pod = end.kind == 0 ? context.rules.space().witness(end) : std::nullopt;
    if (!pod) continue;
    if (mode != ir::Enforcement::Never && !is_open(context, pod->endpoint.labels, covered.direction))
      return {ProofStatus::Unknown, "the evaluator does not confirm the counterexample", "sets", std::nullopt};
    report_open(context, statement, *pod, covered.direction);
    return {ProofStatus::Violated, "", "sets", std::nullopt};
  }
  return {ProofStatus::Holds, "", "sets", std::nullopt};
}

Answer check_bandwidth(const CheckContext& context, const Statement& statement, const BandwidthInvariant& bandwidth) {
  std::vector<const ir::Pod*> bad;
  std::vector<bool> used(statement.exceptions.size());
  for (const ir::Pod* pod : members(context, bandwidth.who)) {
    if (!breaks(*pod, bandwidth.most)) continue;
    bool excepted = false;
    for (std::size_t i = 0; i < statement.exceptions.size(); ++i)
      if (is_member(context.cluster(), *pod, statement.exceptions[i].source)) excepted = used[i] = true;
    if (!excepted) bad.push_back(pod);
  }
  for (std::size_t i = 0; i < used.size(); ++i)
    if (!used[i]) report_unused(context, statement.exceptions[i]);
  statement.assumptions.push_back("it is about the pods of the inventory");
  if (bad.empty()) return {ProofStatus::Holds, "", "inventory", std::nullopt};
  const ir::Pod& first = *bad.front();
  const std::string name = first.namespace_name + "/" + first.name;
  const std::string has = first.egress_bandwidth ? "may send " + std::to_string(*first.egress_bandwidth) + " bits per second" : "has no egress bandwidth limit";
  ir::Diagnostic found = violation(statement.invariant, "pod `" + name + "` " + has);
  if (bad.size() > 1) found.notes.push_back("so is it with " + std::to_string(bad.size() - 1) + " further pods");
  found.labels.push_back({first.origin, "this pod"});
  found.fix = "set the annotation `kubernetes.io/egress-bandwidth` of its workload to at most " + std::to_string(bandwidth.most);
  nlohmann::ordered_json witness;
  witness["pod"] = "pod:" + name;
  witness["egressBandwidth"] = first.egress_bandwidth ? nlohmann::ordered_json(*first.egress_bandwidth) : nlohmann::ordered_json(nullptr);
  found.witness = witness.dump();
  tell(context, std::move(found), World::Today);
  return {ProofStatus::Violated, "", "inventory", std::nullopt};
}

}  // namespace weir::compiler
