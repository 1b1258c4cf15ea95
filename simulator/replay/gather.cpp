// Lines -> connections -> counted shapes. Tested by tests/unit/simulator/replay/gathered_test.cpp.

#include "simulator/replay/gather.h"

#include <algorithm>

#include "simulator/replay/closing.h"
#include "simulator/replay/gather_requests.h"

namespace weir::simulator {
namespace {

/// A connection this near to another part may have lines there: its own window, and the disorder that ConnectionTable absorbs.
constexpr std::int64_t kReach = 120'000'000'000;

bool is_safe(const SafeTime& safe, const Connection& connection) {
  const bool alone = safe.after == SafeTime{}.after && safe.before == SafeTime{}.before;
  if (alone || !connection.timed) return alone;
  const auto wide = [](std::int64_t time) { return static_cast<__int128>(time); };
  const bool begins = safe.after == SafeTime{}.after || wide(connection.first) - kReach > safe.after;
  return begins && (safe.before == SafeTime{}.before || wide(connection.last) + kReach < safe.before);
}

}  // namespace

struct Gather::State {
  State(Gathered& sum_, const SafeTime& safe_, const GatherOptions& options_)
      : sum(sum_), safe(safe_), options(options_), closing(sum_, options_.addresses),
        table(sum_.interned.parties, [this](const ConnectionKey& key, const Connection& connection) { close(key, connection); }) {}

  Gathered& sum;
  SafeTime safe;
  GatherOptions options;
  Closing closing;
  ConnectionTable table;
  std::vector<std::uint64_t> flows_of_node, flows_of_local;  // by NodeNameId, by PartyId

  void close(const ConnectionKey& key, const Connection& connection) {
    if (is_safe(safe, connection)) return closing.add(key, connection);
    sum.open.emplace_back(key, connection);
  }

  void see(const Record& record, std::uint64_t flows) {
    const auto count = [flows](std::vector<std::uint64_t>& counts, std::uint32_t index) {
      if (counts.size() <= index) counts.resize(index + 1);
      counts[index] += flows;
    };
    count(flows_of_node, record.node.index);
    if (record.source_local) count(flows_of_local, record.source.index);
    if (record.destination_local) count(flows_of_local, record.destination.index);
    if (record.has_time) {
      sum.first = std::min(sum.first.value_or(record.time), record.time);
      sum.last = std::max(sum.last.value_or(record.time), record.time);
    }
    sum.fields.add(record, sum.interned.parties, flows);
  }

  /// False: the flow belongs to a connection.
  bool count_loose(const Evidence& evidence, std::uint64_t flows) {
    if (evidence.use == LineUse::NotPolicy) sum.not_policy += flows;
    else if (evidence.use == LineUse::Loose) sum.loose[static_cast<std::size_t>(evidence.excuse)] += flows;
    else return false;
    return true;
  }
};

Gather::Gather(Gathered& sum, const SafeTime& safe, const GatherOptions& options) : state_(std::make_unique<State>(sum, safe, options)) {}
Gather::~Gather() = default;

void Gather::add(const Record& record) {
  State& state = *state_;
  if (record.kind == RecordKind::AgentEvent) {
    if (record.has_time) state.sum.policy_changes.insert(record.time);
    return;
  }
  if (state.options.filter != nullptr && !state.options.filter->matches(record, state.sum.interned)) {
    ++state.sum.filtered;
    return;
  }
  state.see(record, 1);
  gather_request(record, state.options.addresses, state.sum);
  const Evidence evidence = classify(record, state.sum.interned.parties);
  if (!state.count_loose(evidence, 1)) state.table.add(record, evidence);
}

void Gather::count(const Record& record, const Evidence& evidence, std::uint64_t flows) {
  state_->see(record, flows);
  (void)state_->count_loose(evidence, flows);
}

void Gather::close(const ConnectionKey& key, const Connection& connection) { state_->close(key, connection); }

void Gather::finish() {
  State& state = *state_;
  state.table.finish();
  state.sum.late += state.table.late();
  for (std::uint32_t i = 0; i < state.flows_of_node.size(); ++i)
    if (state.flows_of_node[i] != 0) state.sum.flows_of_node[i] += state.flows_of_node[i];
  for (std::uint32_t i = 0; i < state.flows_of_local.size(); ++i) {
    const Party& party = state.sum.interned.parties.at(PartyId{i});
    if (state.flows_of_local[i] != 0 && !party.cluster.empty() && !party.namespace_name.empty())
      state.sum.local_clusters[party.cluster] += state.flows_of_local[i];
  }
  state.flows_of_node.clear();
  state.flows_of_local.clear();
}

}  // namespace weir::simulator
