#include "simulator/replay/connection_table.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <vector>

namespace weir::simulator {
namespace {

constexpr std::int64_t kWindow = 60'000'000'000;
constexpr std::int64_t kSweepEvery = 15'000'000'000;
/// After so many late lines in a row the clock of the recording was set back: go on from there.
constexpr std::uint64_t kLateRun = 4096;
constexpr std::uint32_t kEnd = 0xffffffff;

struct KeyHash {
  std::size_t operator()(const ConnectionKey& key) const noexcept { return hash_of(key); }
};

}  // namespace

struct ConnectionTable::State {
  const Parties& parties;
  Close close;
  tsl::robin_map<ConnectionKey, std::uint32_t, KeyHash> heads;
  std::vector<Connection> pool;
  std::vector<std::uint32_t> free;
  std::int64_t newest = 0, swept = 0;
  bool started = false;
  std::uint64_t late = 0, late_run = 0;

  std::uint32_t allocate(const Connection& connection, std::uint32_t next);
  void join(std::uint32_t& head, const Connection& line, std::int64_t window);
  void advance(std::int64_t time);
  void sweep(std::int64_t now);
};

std::uint32_t ConnectionTable::State::allocate(const Connection& connection, std::uint32_t next) {
  std::uint32_t slot = static_cast<std::uint32_t>(pool.size());
  if (free.empty()) {
    pool.push_back(connection);
  } else {
    slot = free.back();
    free.pop_back();
    pool[slot] = connection;
  }
  pool[slot].next = next;
  return slot;
}

/// Joins `line` with every interval of its key that it reaches; an interval it bridges disappears into the first.
void ConnectionTable::State::join(std::uint32_t& head, const Connection& line, std::int64_t window) {
  std::uint32_t target = kEnd;
  for (std::uint32_t* link = &head; *link != kEnd;) {
    const std::uint32_t slot = *link;
    Connection& open = pool[slot];
    const Connection& reach = target == kEnd ? line : pool[target];
    // Lines without a time are one connection of their own.
    const bool apart = open.timed != reach.timed ||
                       (open.timed && (reach.first - open.last > window || open.first - reach.last > window));
    if (apart) {
      link = &open.next;
    } else if (target == kEnd) {
      merge(open, line, parties);
      target = slot;
      link = &open.next;
    } else {
      merge(pool[target], open, parties);
      *link = open.next;
      free.push_back(slot);
    }
  }
  if (target == kEnd) head = allocate(line, head);
}

/// Moves the clock of the recording. Disorder up to the window is normal; more is counted.
void ConnectionTable::State::advance(std::int64_t time) {
  if (!started) newest = swept = time, started = true;
  if (time + kWindow < newest) {
    ++late;
    if (++late_run < kLateRun) return;
    newest = swept = time;
  }
  late_run = 0;
  newest = std::max(newest, time);
  if (newest - swept >= kSweepEvery) sweep(newest);
}

/// Closes the connections that no line within the absorbed disorder can join any more.
void ConnectionTable::State::sweep(std::int64_t now) {
  swept = now;
  for (auto entry = heads.begin(); entry != heads.end();) {
    const std::int64_t window = window_of(entry->first);
    for (std::uint32_t* link = &entry.value(); *link != kEnd;) {
      const std::uint32_t slot = *link;
      Connection& connection = pool[slot];
      if (!connection.timed || connection.last + window + kWindow >= now) {
        link = &connection.next;
        continue;
      }
      close(entry->first, connection);
      *link = connection.next;
      free.push_back(slot);
    }
    entry = entry->second == kEnd ? heads.erase(entry) : std::next(entry);
  }
}

ConnectionTable::ConnectionTable(const Parties& parties, Close close)
    : state_(std::make_unique<State>(State{parties, std::move(close)})) {}
ConnectionTable::~ConnectionTable() = default;

void ConnectionTable::add(const Record& flow, const Evidence& evidence) {
  const Folded folded = fold(flow, evidence);
  const auto [entry, added] = state_->heads.try_emplace(folded.key, kEnd);
  state_->join(entry.value(), folded.connection, window_of(folded.key));
  if (flow.has_time) state_->advance(flow.time);
}

void ConnectionTable::finish() {
  for (auto entry = state_->heads.begin(); entry != state_->heads.end(); ++entry)
    for (std::uint32_t slot = entry->second; slot != kEnd; slot = state_->pool[slot].next)
      state_->close(entry->first, state_->pool[slot]);
  state_->heads.clear();
}

std::uint64_t ConnectionTable::late() const { return state_->late; }
std::size_t ConnectionTable::open() const { return state_->heads.size(); }

}  // namespace weir::simulator
