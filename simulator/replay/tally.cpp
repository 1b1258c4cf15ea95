// What became of each recorded connection (flows.md 1.5 "Before/after reports"). Tested by
// tests/unit/simulator/replay/replay_test.cpp.

#include "simulator/replay/tally.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <deque>
#include <set>
#include <vector>

#include "simulator/flows/enum_names.h"
#include "simulator/replay/checks.h"
#include "simulator/replay/fix.h"
#include "simulator/replay/judge.h"
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
  State(const compiler::Resolved& after_, const compiler::Resolved* before_, const Parties& parties, LabelSource labels)
      : resolved(after_), actors(after_.cluster, parties, labels, before_ == nullptr ? nullptr : &before_->cluster), after(after_, actors),
        seen(after_.cluster.pods.size()), exercised(after_.policies.rules.size()) {
    if (before_ != nullptr) before.emplace(*before_, actors);
  }

  const compiler::Resolved& resolved;
  Actors actors;
  Judge after;
  std::optional<Judge> before;
  std::vector<bool> seen, exercised;  // by PodId, by RuleId
  std::set<std::int64_t> policy_changes;
  ReplayReport numbers;
  std::array<std::uint64_t, kExcuses> excuses{};
  tsl::robin_map<EdgeKey, EdgeCount, EdgeHash> edges;

  void add_half(const ConnectionKey&, const Connection&, bool client_is_low);
  void count_lines(const Half&, const Checked&);
  Outcome predict(const Checked&);
  Change compare(const Outcome&) const;
  void count(const Outcome&, Change);
  std::size_t deciding_side(const Checked&, const Outcome&, Change) const;
  void add_edge(const ConnectionKey&, const Connection&, const Half&, const Checked&, const Outcome*, Change);
  void cover(const Checked&, const Outcome&);
  bool changed_inside(const Connection&) const;
  ReplayEdge edge(const EdgeKey&, const EdgeCount&, const ir::Files&) const;
  void count_pods(ReplayReport&);
};

bool Tally::State::changed_inside(const Connection& connection) const {
  const auto at = policy_changes.upper_bound(connection.first);
  return connection.timed && at != policy_changes.end() && *at <= connection.last;
}

void Tally::State::count_lines(const Half& half, const Checked& checked) {
  ReplayFlows& flows = numbers.flows;
  flows.reply += half.reply_lines;
  flows.not_policy += half.fold_lines;
  if (checked.excuse != Excuse::None) {
    flows.not_comparable += half.lines[kIngress] + half.lines[kEgress] + half.excused_lines;
    return;
  }
  flows.not_policy += half.excused_lines;
  for (std::size_t side = 0; side < 2; ++side) {
    const std::uint32_t lines = half.lines[side];
    if (lines == 0) continue;
    if (!checked.sides[side].applies) {
      flows.not_policy += lines;
    } else if (!checked.sides[side].recorded()) {
      flows.duplicate += lines;  // a drop folded into the other side's
    } else {
      ++flows.evaluated;
      flows.duplicate += lines - 1;
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
  // cli.md: a check recorded as AUDIT counts as denied; what audit lets through is no new denial.
  const bool was_denied = was.denied || (was.audited && !outcome.now.audited);
  if (was_denied == outcome.now.denied) return Change::Same;
  return outcome.now.denied ? Change::NewlyDenied : Change::NewlyAllowed;
}

void Tally::State::count(const Outcome& outcome, Change change) {
  if (change == Change::Unknown) {
    ++numbers.unknown;
    return;
  }
  ++numbers.compared;
  ++(outcome.now.denied ? numbers.denied : numbers.allowed);
  switch (change) {
    case Change::Same: ++numbers.same; return;
    case Change::NewlyDenied: ++numbers.newly_denied; return;
    case Change::NewlyAllowed: ++numbers.newly_allowed; return;
    case Change::Unexplained: ++numbers.unexplained; return;
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

void Tally::State::add_edge(const ConnectionKey& key, const Connection& connection, const Half& half, const Checked& checked,
                            const Outcome* outcome, Change change) {
  const std::size_t side = outcome == nullptr ? kIngress : deciding_side(checked, *outcome, change);
  const Check& check = checked.sides[side];
  FlowVerdict recorded = check.evidence.rank != Rank::None ? check.evidence.verdict : FlowVerdict::Unknown;
  // Nothing recorded of this side, but the connection went out of the other one.
  if (recorded == FlowVerdict::Unknown) recorded = checked.sides[1 - side].evidence.verdict;
  if (recorded == FlowVerdict::Redirected) recorded = FlowVerdict::Forwarded;
  EdgeKey edge{actors.at(checked.source).name.index, actors.at(checked.destination).name.index};
  edge.port = check.question.port;
  edge.protocol = key.protocol;
  edge.direction = static_cast<std::uint8_t>(check.question.direction);
  edge.change = static_cast<std::uint8_t>(change);
  edge.recorded = static_cast<std::uint8_t>(recorded);
  edge.excuse = static_cast<std::uint8_t>(checked.excuse);
  if (outcome != nullptr) {
    edge.predicted = static_cast<std::uint8_t>(predicted_of(outcome->now));
    if (check.applies) edge.judgement = outcome->after[side].index;
  }
  EdgeCount& count = edges[edge];
  if (connection.timed) {
    count.first = count.timed ? std::min(count.first, connection.first) : connection.first;
    count.last = count.timed ? std::max(count.last, connection.last) : connection.last;
    count.timed = true;
  }
  const bool first = count.connections++ == 0;
  count.flows += half.lines[kIngress] + half.lines[kEgress] + half.excused_lines + half.reply_lines + half.fold_lines;
  count.redirected |= half.redirected;
  // The smallest labels, so that the fix does not depend on which connection came first.
  if (first || actors.at(check.question.peer).labels < actors.at(count.peer).labels) {
    count.subject = check.question.subject;
    count.peer = check.question.peer;
  }
}

void Tally::State::add_half(const ConnectionKey& key, const Connection& connection, bool client_is_low) {
  const Half& half = connection.halves[client_is_low ? 0 : 1];
  Checked checked = make_checks(key, half, client_is_low, resolved.cluster.settings, actors);
  if (checked.excuse == Excuse::None && changed_inside(connection)) checked.excuse = Excuse::PolicyChanged;
  count_lines(half, checked);
  if (checked.excuse != Excuse::None) {
    ++excuses[static_cast<std::size_t>(checked.excuse)];
    // Between two ends that no policy is enforced on there is nothing to know.
    if (checked.excuse == Excuse::NoPolicyEndpoint) return;
    ++numbers.unknown;
    add_edge(key, connection, half, checked, nullptr, Change::Unknown);
    return;
  }
  const Outcome outcome = predict(checked);
  const Change change = compare(outcome);
  count(outcome, change);
  cover(checked, outcome);
  add_edge(key, connection, half, checked, &outcome, change);
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
  edge.predicted = edge.change == Change::Unknown ? "UNKNOWN" : std::string(to_text(static_cast<Predicted>(key.predicted)));
  const auto excuse = static_cast<Excuse>(key.excuse);
  // Policy names the peer by something that the recording and the inventory do not tell.
  if (edge.change == Change::Unknown) edge.reason = excuse == Excuse::None ? "policy-unknown" : std::string(to_text(excuse));
  if (key.judgement == kNoJudgement) return edge;
  const ir::SideDecision& decision = after.at({key.judgement});
  if (decision.match != ir::MatchType::None) edge.match = ir::to_text(decision.match);
  if (decision.verdict == ir::Verdict::Denied) edge.reason = ir::to_text(decision.reason);
  edge.decided_by = ir::decided_by(resolved.policies, files, decision, edge.direction);
  if (edge.change == Change::NewlyDenied)
    edge.fix = smallest_rule({resolved.policies, files, decision, edge.direction, edge.protocol, edge.port},
                             actors.at(count.peer), actors.at(count.subject).namespace_name);
  return edge;
}

void Tally::State::count_pods(ReplayReport& report) {
  for (std::size_t i = 0; i < resolved.cluster.pods.size(); ++i) {
    const ir::Pod& pod = resolved.cluster.pods[i];
    if (pod.host_network) continue;
    if (!after.enforced(pod.labels, ir::Direction::Ingress) && !after.enforced(pod.labels, ir::Direction::Egress)) continue;
    ++report.pods_total;
    report.pods_seen += seen[i];
  }
}

Tally::Tally(const compiler::Resolved& after, const compiler::Resolved* before, const Parties& parties, LabelSource labels)
    : state_(std::make_unique<State>(after, before, parties, labels)) {}
Tally::~Tally() = default;

bool Tally::observe(const Record& record) {
  return (record.source_local && state_->actors.observe(record.source)) ||
         (record.destination_local && state_->actors.observe(record.destination));
}

void Tally::add(const ConnectionKey& key, const Connection& connection) {
  State& state = *state_;
  const bool any = connection.halves[0].seen || connection.halves[1].seen;
  if (any) {
    state.numbers.flows.not_policy += connection.loose_lines;
  } else {
    state.numbers.flows.not_comparable += connection.loose_lines;
    ++state.excuses[static_cast<std::size_t>(Excuse::DirectionUnknown)];
    ++state.numbers.unknown;
  }
  for (const bool client_is_low : {true, false})
    if (connection.halves[client_is_low ? 0 : 1].seen) state.add_half(key, connection, client_is_low);
}

void Tally::add_loose(Excuse excuse) {
  ++state_->excuses[static_cast<std::size_t>(excuse)];
  ++state_->numbers.flows.not_comparable;
}

void Tally::add_not_policy() { ++state_->numbers.flows.not_policy; }
void Tally::policy_changed(std::int64_t time) { state_->policy_changes.insert(time); }
const Actors& Tally::actors() const { return state_->actors; }

void Tally::finish(const ir::Files& files, ReplayReport& report) {
  State& state = *state_;
  report = std::move(state.numbers);
  report.has_base = state.before.has_value();
  for (std::size_t i = 1; i < kExcuses; ++i)
    if (state.excuses[i] != 0) report.not_comparable[std::string(to_text(static_cast<Excuse>(i)))] = state.excuses[i];
  state.count_pods(report);
  report.rules_total = state.exercised.size();
  report.rules_exercised = static_cast<std::uint64_t>(std::count(state.exercised.begin(), state.exercised.end(), true));
  for (const auto& [key, count] : state.edges) report.edges.push_back(state.edge(key, count, files));
  std::sort(report.edges.begin(), report.edges.end());
}

}  // namespace weir::simulator
