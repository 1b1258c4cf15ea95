// What became of each recorded connection (flows.md 1.5 "Before/after reports"). Tested by
// tests/unit/simulator/replay/replay_test.cpp.

#include "simulator/replay/tally.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "simulator/flows/enum_names.h"
#include "simulator/replay/checks.h"
#include "simulator/replay/fix.h"
#include "simulator/replay/judge.h"
#include "simulator/replay/requests.h"
#include "simulator/replay/routes.h"
#include "simulator/replay/services.h"
#include "ir/flow/decided_by.h"

namespace weir::simulator {
namespace {

constexpr std::size_t kIngress = 0, kEgress = 1;
constexpr std::uint32_t kNoJudgement = 0xffffffff;

/// Connections with equal keys are counted together.
struct EdgeKey {
  std::uint32_t source = 0, destination = 0;  // EdgeNameId
  std::uint32_t judgement = kNoJudgement;     // of `after`
  std::uint16_t port = 0;
  std::uint8_t protocol = 0, direction = 0;
  std::uint8_t change = 0, recorded = 0, predicted = 0, excuse = 0;
  friend bool operator==(const EdgeKey&, const EdgeKey&) = default;
};

struct EdgeHash {
  std::size_t operator()(const EdgeKey& key) const noexcept {
    static_assert(sizeof(EdgeKey) == 20, "no padding");
    return hash_bytes({reinterpret_cast<const char*>(&key), sizeof key});
  }
};

struct EdgeCount {
  std::uint64_t connections = 0, flows = 0;
  std::int64_t first = 0, last = 0;
  std::int64_t example_time = 0;
  Uuid example{};
  bool timed = false, redirected = false;
  ActorId subject, peer;  // of one of them, for the fix
};

/// What policy does to a connection; the sides added up.
struct Fate {
  bool denied = false;   // dropped
  bool audited = false;  // denied, reported as AUDIT and let through (policy.md 6.9)
  bool unknown = false;

  void add(const ir::SideDecision& side) {
    if (side.verdict == ir::Verdict::Allowed) return;
    if (side.audit)
      audited = true;
    else
      (side.verdict == ir::Verdict::Denied ? denied : unknown) = true;
  }
  void add(const SideEvidence& evidence) {
    if (evidence.denied()) (evidence.verdict == FlowVerdict::Audit ? audited : denied) = true;
  }
  [[nodiscard]] bool decided() const { return denied || !unknown; }
  friend bool operator==(const Fate&, const Fate&) = default;
};

/// How an edge says it: the numbers of EdgeKey::predicted.
enum class Predicted : std::uint8_t { Forwarded, Dropped, Audit };

Predicted predicted_of(const Fate& fate) {
  if (fate.denied) return Predicted::Dropped;
  return fate.audited ? Predicted::Audit : Predicted::Forwarded;
}

std::string_view to_text(Predicted predicted) {
  switch (predicted) {
    case Predicted::Forwarded: return "FORWARDED";
    case Predicted::Dropped: return "DROPPED";
    case Predicted::Audit: return "AUDIT";
  }
  return "FORWARDED";
}

/// Whether what was recorded of one side is what these policies say of it; audit may not have been on yet.
bool explains(const ir::SideDecision& side, const SideEvidence& evidence) {
  if (side.verdict == ir::Verdict::Unknown) return true;
  if (side.audit) return !evidence.denied() || evidence.verdict == FlowVerdict::Audit;
  return (side.verdict == ir::Verdict::Denied) == evidence.denied();
}

/// A compared connection on its way into the numbers.
struct Outcome {
  std::array<JudgementId, 2> after{}, before{};
  Fate recorded, now, then;  // `then`: by the policies before
  bool calibrated = true;  // every recorded side is as `before` predicts it
};

}  // namespace

struct Tally::State {
  State(const compiler::Resolved& after_, const compiler::Resolved* before_, const Gathered& gathered_, LabelSource labels,
        std::vector<PodLabel> changes)
      : resolved(after_), gathered(gathered_),
        actors(after_.cluster, gathered_.interned.parties, labels, before_ == nullptr ? nullptr : &before_->cluster,
               std::move(changes)),
        names(gathered_), after(after_, actors, names),
        seen(after_.cluster.pods.size()), exercised(after_.policies.rules.size()) {
    if (before_ != nullptr) before.emplace(*before_, actors, names, true), old_routes = &before_->routes;
    actors.adopt(gathered.local_clusters);
  }

  const compiler::Resolved& resolved;
  const Gathered& gathered;
  Actors actors;
  KnownNames names;
  Judge after;
  std::optional<Judge> before;
  const ir::RouteTable* old_routes = nullptr;  // of the policies before
  std::vector<bool> seen, exercised;  // by PodId, by RuleId
  ReplayReport numbers;
  std::array<std::uint64_t, kExcuses> excuses{};
  tsl::robin_map<EdgeKey, EdgeCount, EdgeHash> edges;

  Checked check(const Shape&, std::optional<ActorId> backend = {});
  std::optional<Checked> behind_service(const Shape&, std::uint16_t& port);
  void add(const Shape&, const ShapeCount&);
  void add_rest();
  void count_lines(const ShapeCount&, const Checked&);
  Outcome predict(const Checked&);
  Change compare(const Outcome&) const;
  void count(const Outcome&, Change, std::uint64_t connections);
  std::size_t deciding_side(const Checked&, const Outcome&, Change) const;
  void add_edge(const Shape&, const ShapeCount&, const Checked&, const Outcome*, Change);
  void cover(const Checked&, const Outcome&);
  ReplayEdge edge(const EdgeKey&, const EdgeCount&, const ir::Files&) const;
  void add_requests(const ir::Files&);
  void count_pods();
  void count_rules(const ir::Files&);
};

void Tally::State::count_lines(const ShapeCount& count, const Checked& checked) {
  ReplayFlows& flows = numbers.flows;
  flows.reply += count.reply_lines;
  flows.not_policy += count.fold_lines;
  if (checked.excuse != Excuse::None) {
    flows.not_comparable += count.lines[kIngress] + count.lines[kEgress] + count.excused_lines;
    return;
  }
  flows.not_policy += count.excused_lines;
  for (std::size_t side = 0; side < 2; ++side) {
    const std::uint64_t lines = count.lines[side];
    if (!checked.sides[side].applies) {
      flows.not_policy += lines;
    } else if (!checked.sides[side].recorded()) {
      flows.duplicate += lines;  // a drop folded into the other side's
    } else {
      flows.evaluated += count.with_lines[side];
      flows.duplicate += lines - count.with_lines[side];
    }
  }
}

Outcome Tally::State::predict(const Checked& checked) {
  Outcome outcome;
  for (std::size_t side = 0; side < 2; ++side) {
    const Check& check = checked.sides[side];
    if (!check.applies) continue;
    outcome.after[side] = after.decide(check.question);
    outcome.now.add(after.at(outcome.after[side]));
    if (check.recorded()) outcome.recorded.add(check.evidence);
    if (!before) continue;
    outcome.before[side] = before->decide(check.question);
    const ir::SideDecision& decision = before->at(outcome.before[side]);
    outcome.then.add(decision);
    if (check.recorded() && !explains(decision, check.evidence)) outcome.calibrated = false;
  }
  return outcome;
}

Change Tally::State::compare(const Outcome& outcome) const {
  if (!outcome.now.decided() || (before && !outcome.then.decided())) return Change::Unknown;
  if (!outcome.calibrated) return Change::Unexplained;
  const Fate& was = before ? outcome.then : outcome.recorded;
  // cli.md: a check recorded as AUDIT counts as denied; what audit lets through is no new denial. What the policies before
  // would only audit does pass, and enforcing it is a change.
  const bool was_denied = was.denied || (!before && was.audited && !outcome.now.audited);
  if (was_denied == outcome.now.denied) return Change::Same;
  return outcome.now.denied ? Change::NewlyDenied : Change::NewlyAllowed;
}

void Tally::State::count(const Outcome& outcome, Change change, std::uint64_t connections) {
  if (change == Change::Unknown) {
    numbers.unknown += connections;
    return;
  }
  numbers.compared += connections;
  (outcome.now.denied ? numbers.denied : numbers.allowed) += connections;
  switch (change) {
    case Change::Same: numbers.same += connections; return;
    case Change::NewlyDenied: numbers.newly_denied += connections; return;
    case Change::NewlyAllowed: numbers.newly_allowed += connections; return;
    case Change::Unexplained: numbers.unexplained += connections; return;
    case Change::Unknown: return;
  }
}

/// The side a person wants to see: the one that denies now, else the one that denied, else where the evidence is.
std::size_t Tally::State::deciding_side(const Checked& checked, const Outcome& outcome, Change change) const {
  for (const bool any : {false, true})
    for (const std::size_t side : {kEgress, kIngress}) {
      if (!checked.sides[side].applies) continue;
      const ir::SideDecision& decision = after.at(outcome.after[side]);
      const bool denies = decision.verdict == ir::Verdict::Denied && !decision.audit;
      if (denies || (any && decision.verdict != ir::Verdict::Allowed)) return side;
    }
  for (const std::size_t side : {kEgress, kIngress}) {
    const Check& check = checked.sides[side];
    if (!check.applies) continue;
    if (check.recorded() && check.evidence.denied()) return side;
    if (change == Change::NewlyAllowed && before && before->at(outcome.before[side]).verdict == ir::Verdict::Denied) return side;
  }
  return checked.sides[kIngress].recorded() || !checked.sides[kEgress].applies ? kIngress : kEgress;
}

void Tally::State::cover(const Checked& checked, const Outcome& outcome) {
  for (std::size_t side = 0; side < 2; ++side) {
    const Check& check = checked.sides[side];
    if (!check.applies) continue;
    for (const ir::RuleId rule : after.at(outcome.after[side]).decided_by) exercised[rule.index] = true;
    const Actor& subject = actors.at(check.question.subject);
    if (check.recorded() && subject.pod) seen[subject.pod->index] = true;
  }
}

void Tally::State::add_edge(const Shape& shape, const ShapeCount& added, const Checked& checked, const Outcome* outcome, Change change) {
  const std::size_t side = outcome == nullptr ? kIngress : deciding_side(checked, *outcome, change);
  const Check& check = checked.sides[side];
  FlowVerdict recorded = check.evidence.rank != Rank::None ? check.evidence.verdict : FlowVerdict::Unknown;
  // Nothing recorded of this side, but the connection went out of the other one.
  if (recorded == FlowVerdict::Unknown) recorded = checked.sides[1 - side].evidence.verdict;
  if (recorded == FlowVerdict::Redirected) recorded = FlowVerdict::Forwarded;
  EdgeKey edge{actors.at(checked.source).name.index, actors.at(checked.destination).name.index};
  edge.port = check.question.port;
  edge.protocol = shape.protocol;
  edge.direction = static_cast<std::uint8_t>(check.question.direction);
  edge.change = static_cast<std::uint8_t>(change);
  edge.recorded = static_cast<std::uint8_t>(recorded);
  edge.excuse = static_cast<std::uint8_t>(checked.excuse);
  if (outcome != nullptr) {
    edge.predicted = static_cast<std::uint8_t>(predicted_of(outcome->now));
    if (check.applies) edge.judgement = outcome->after[side].index;
  }
  EdgeCount& count = edges[edge];
  if (added.timed) {
    count.first = count.timed ? std::min(count.first, added.first) : added.first;
    count.last = count.timed ? std::max(count.last, added.last) : added.last;
    count.timed = true;
  }
  const bool first = count.connections == 0;
  count.connections += added.connections;
  count.flows += added.lines[kIngress] + added.lines[kEgress] + added.excused_lines + added.reply_lines + added.fold_lines;
  count.redirected |= shape.redirected;
  keep_earlier(count.example_time, count.example, added.example_time, added.example);
  // The smallest labels, so that the fix does not depend on which connection came first.
  if (first || actors.at(check.question.peer).labels < actors.at(count.peer).labels) {
    count.subject = check.question.subject;
    count.peer = check.question.peer;
  }
}

Checked Tally::State::check(const Shape& shape, std::optional<ActorId> backend) {
  const auto denies_host = [this](const Question& question) {
    return after.at(after.decide(question)).verdict != ir::Verdict::Allowed ||
           (before && before->at(before->decide(question)).verdict != ir::Verdict::Allowed);
  };
  return make_checks(shape, resolved.cluster.settings, actors, denies_host, backend);
}

/// flows.md 1.5 "Services": policy saw one of the backends. It can be compared when it does not matter which.
std::optional<Checked> Tally::State::behind_service(const Shape& shape, std::uint16_t& port) {
  std::optional<Checked> first;
  Outcome outcome;
  for (const ServiceEnd& end : service_ends(resolved.cluster, shape.server, static_cast<ir::Protocol>(shape.protocol), shape.port)) {
    Shape one = shape;
    one.server = end.address;
    one.port = end.port;
    const Checked checked = check(one, actors.of_pod(end.pod));
    if (checked.excuse != Excuse::None) return std::nullopt;
    const Outcome own = predict(checked);
    if (!first) {
      first = checked;
      outcome = own;
      port = end.port;
    } else if (own.now != outcome.now || own.then != outcome.then) {
      first->excuse = Excuse::ServiceBackendsDiffer;
    }
  }
  return first;
}

void Tally::State::add(const Shape& shape, const ShapeCount& added) {
  Checked checked = check(shape);
  std::uint16_t port = shape.port;
  if (checked.excuse == Excuse::ClusterIp)
    if (const auto mapped = behind_service(shape, port)) checked = *mapped;
  count_lines(added, checked);
  if (checked.excuse != Excuse::None) {
    excuses[static_cast<std::size_t>(checked.excuse)] += added.connections;
    // Between two ends that no policy is enforced on there is nothing to know.
    if (checked.excuse == Excuse::NoPolicyEndpoint) return;
    numbers.unknown += added.connections;
    return add_edge(shape, added, checked, nullptr, Change::Unknown);
  }
  const Outcome outcome = predict(checked);
  const Change change = compare(outcome);
  count(outcome, change, added.connections);
  cover(checked, outcome);
  add_edge(shape, added, checked, &outcome, change);
}

/// Lines and connections without a shape.
void Tally::State::add_rest() {
  numbers.flows.not_policy += gathered.not_policy;
  for (std::size_t i = 0; i < kExcuses; ++i) {
    excuses[i] += gathered.loose[i];
    numbers.flows.not_comparable += gathered.loose[i];
  }
  numbers.flows.not_comparable += gathered.unoriented_lines;
  excuses[static_cast<std::size_t>(Excuse::DirectionUnknown)] += gathered.unoriented;
  numbers.unknown += gathered.unoriented;
}

ReplayEdge Tally::State::edge(const EdgeKey& key, const EdgeCount& count, const ir::Files& files) const {
  ReplayEdge edge;
  edge.source = actors.name({key.source});
  edge.destination = actors.name({key.destination});
  edge.direction = static_cast<ir::Direction>(key.direction);
  edge.protocol = static_cast<ir::Protocol>(key.protocol);
  edge.port = key.port;
  edge.change = static_cast<Change>(key.change);
  edge.count = count.connections;
  edge.flows = count.flows;
  if (count.timed) edge.first = count.first, edge.last = count.last;
  if (key.recorded != 0) edge.recorded = to_text(static_cast<FlowVerdict>(key.recorded));
  edge.redirected = count.redirected;
  edge.example = uuid_text(count.example);
  edge.predicted = edge.change == Change::Unknown ? "UNKNOWN" : std::string(to_text(static_cast<Predicted>(key.predicted)));
  const auto excuse = static_cast<Excuse>(key.excuse);
  // Policy names the peer by something that the recording and the inventory do not tell.
  if (edge.change == Change::Unknown) edge.reason = excuse == Excuse::None ? "policy-unknown" : std::string(to_text(excuse));
  if (key.judgement == kNoJudgement) return edge;
  const ir::SideDecision& decision = after.at({key.judgement});
  if (decision.match != ir::MatchType::None) edge.match = ir::to_text(decision.match);
  if (decision.verdict == ir::Verdict::Denied) edge.reason = ir::to_text(decision.reason);
  edge.decided_by = ir::decided_by(resolved.policies, files, decision, edge.direction);
  // What is audited today is no new denial, and dropped once it is enforced.
  const bool drops = edge.change == Change::NewlyDenied || (edge.recorded == "AUDIT" && edge.predicted == "DROPPED");
  if (drops && decision.verdict == ir::Verdict::Denied)
    edge.fix = smallest_rule({resolved.policies, resolved.cluster.settings, files, decision, edge.direction, edge.protocol, edge.port},
                             actors.at(count.subject), actors.at(count.peer));
  return edge;
}

void Tally::State::add_requests(const ir::Files& files) {
  RequestTally requests = tally_requests(gathered, {resolved, actors, after, before ? &*before : nullptr, files});
  numbers.requests = requests.numbers;
  for (const ir::RuleId rule : requests.exercised) exercised[rule.index] = true;
  for (ReplayEdge& edge : requests.edges) numbers.edges.push_back(std::move(edge));
}

void Tally::State::count_pods() {
  for (std::size_t i = 0; i < resolved.cluster.pods.size(); ++i) {
    const ir::Pod& pod = resolved.cluster.pods[i];
    if (pod.host_network) continue;
    if (!after.enforced(pod.labels, ir::Direction::Ingress) && !after.enforced(pod.labels, ir::Direction::Egress)) continue;
    ++numbers.pods_total;
    numbers.pods_seen += seen[i];
    if (!seen[i]) numbers.pods_unseen.push_back(pod.namespace_name + "/" + pod.name);
  }
  std::sort(numbers.pods_unseen.begin(), numbers.pods_unseen.end());
}

/// Rules as people wrote them: an element whose parts differ is several of ours.
void Tally::State::count_rules(const ir::Files& files) {
  std::map<ir::RuleRef, bool> met;
  for (std::uint32_t i = 0; i < exercised.size(); ++i) {
    const auto at = met.try_emplace(ir::rule_ref(resolved.policies, files, ir::RuleId{i}), false).first;
    at->second = at->second || exercised[i];
  }
  numbers.rules_total = met.size();
  for (const auto& [rule, seen_once] : met) {
    if (seen_once)
      ++numbers.rules_exercised;
    else
      numbers.rules_unexercised.push_back(rule);
  }
}

Tally::Tally(const compiler::Resolved& after, const compiler::Resolved* before, const Gathered& gathered, LabelSource labels,
             std::vector<PodLabel> changes)
    : state_(std::make_unique<State>(after, before, gathered, labels, std::move(changes))) {}
Tally::~Tally() = default;

const Actors& Tally::actors() const { return state_->actors; }

ReplayReport Tally::report(const ir::Files& files) {
  State& state = *state_;
  for (const auto& [shape, count] : state.gathered.shapes) state.add(shape, count);
  state.add_rest();
  state.add_requests(files);
  if (state.old_routes != nullptr) state.numbers.routes = route_changes(state.gathered, state.resolved.routes, *state.old_routes, files);
  state.count_pods();
  state.count_rules(files);
  ReplayReport& report = state.numbers;
  report.has_base = state.before.has_value();
  for (std::size_t i = 1; i < kExcuses; ++i)
    if (state.excuses[i] != 0) report.not_comparable[std::string(to_text(static_cast<Excuse>(i)))] = state.excuses[i];
  std::set<std::string> ends;
  for (const auto& [key, count] : state.edges) {
    report.edges.push_back(state.edge(key, count, files));
    ends.insert(report.edges.back().source);
    ends.insert(report.edges.back().destination);
  }
  report.workloads_seen = ends.size();
  std::sort(report.edges.begin(), report.edges.end());
  return std::move(report);
}

}  // namespace weir::simulator
