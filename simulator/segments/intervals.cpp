// Which lines are one connection, decided while packing. Tested by tests/unit/simulator/segments/segment_test.cpp.

#include "simulator/segments/intervals.h"

#include <algorithm>

namespace weir::simulator {
namespace {

// The numbers of simulator/replay/connection_table.cpp: the same lines must give the same connections.
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDisorder = 60 * kSecond;
constexpr std::int64_t kSweepEvery = 15 * kSecond;
constexpr std::uint64_t kLateRun = 4096;

}  // namespace

std::int64_t Intervals::window(const Ends& ends) const {
  return (ends.protocol == static_cast<std::uint8_t>(ir::Protocol::Tcp) ? grouping_.tcp_window : grouping_.other_window) * kSecond;
}

bool Intervals::may_go_on(const Ends& ends, std::int64_t last) const { return last + window(ends) + kDisorder >= newest_; }

std::uint32_t Intervals::root(std::uint32_t piece) {
  while (pieces_[piece].parent != piece) piece = pieces_[piece].parent = pieces_[pieces_[piece].parent].parent;
  return piece;
}

std::uint32_t Intervals::link_root(std::uint32_t link) const {
  while (link_parents_[link] != link) link = link_parents_[link];
  return link;
}

/// Its link, made when another block turns out to have lines of it.
std::uint32_t Intervals::link_of(Interval& interval) {
  if (interval.link == 0) {
    interval.link = static_cast<std::uint32_t>(link_parents_.size());
    link_parents_.push_back(interval.link);
    links_.push_back({interval.block, interval.place, interval.link});
  }
  return interval.link;
}

void Intervals::connect(Interval& interval) {
  if (interval.piece != kNone && interval.block != kNone) pieces_[root(interval.piece)].link = link_of(interval);
}

void Intervals::absorb(Interval& into, Interval& from) {
  into.first = std::min(into.first, from.first);
  into.last = std::max(into.last, from.last);
  if (into.block != kNone && from.block != kNone) {
    const std::uint32_t a = link_root(link_of(into)), b = link_root(link_of(from));
    link_parents_[std::max(a, b)] = std::min(a, b);
  } else if (from.block != kNone) {
    into.block = from.block;
    into.place = from.place;
    into.link = from.link;
  }
  if (into.piece == kNone) into.piece = from.piece;
  else if (from.piece != kNone) pieces_[root(from.piece)].parent = root(into.piece);
  connect(into);
}

std::uint32_t Intervals::allocate(const Interval& interval) {
  if (free_.empty()) {
    pool_.push_back(interval);
    return static_cast<std::uint32_t>(pool_.size() - 1);
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  pool_[slot] = interval;
  return slot;
}

/// Joins a line with every interval that it reaches; an interval it bridges disappears into the first.
std::uint32_t Intervals::join(std::uint32_t& head, const Ends& ends, std::int64_t time, bool timed) {
  const std::int64_t reach = window(ends);
  std::uint32_t target = kNone;
  for (std::uint32_t* at = &head; *at != kNone;) {
    const std::uint32_t slot = *at;
    Interval& open = pool_[slot];
    const std::int64_t first = target == kNone ? time : pool_[target].first, last = target == kNone ? time : pool_[target].last;
    if (open.timed != timed || (timed && (first - open.last > reach || open.first - last > reach))) {
      at = &open.next;
    } else if (target == kNone) {
      open.first = std::min(open.first, time);
      open.last = std::max(open.last, time);
      target = slot;
      at = &open.next;
    } else {
      absorb(pool_[target], open);
      *at = open.next;
      free_.push_back(slot);
    }
  }
  return target == kNone ? head = allocate({.first = time, .last = time, .timed = timed, .piece = kNone, .place = 0, .next = head}) : target;
}

std::uint32_t Intervals::add(const Ends& ends, std::int64_t time, bool timed) {
  const auto [entry, added] = heads_.try_emplace(ends, kNone);
  Interval& interval = pool_[join(entry.value(), ends, time, timed)];
  if (interval.piece == kNone) {
    interval.piece = static_cast<std::uint32_t>(pieces_.size());
    pieces_.push_back({ends, timed, interval.piece, 0});
    connect(interval);
  }
  const std::uint32_t piece = interval.piece;
  if (timed) advance(time);
  return piece;
}

void Intervals::advance(std::int64_t time) {
  if (!started_) newest_ = swept_ = time, started_ = true;
  if (time + kDisorder < newest_) {
    ++late_;
    if (++late_run_ < kLateRun) return;
    newest_ = swept_ = time;
  }
  late_run_ = 0;
  newest_ = std::max(newest_, time);
  if (newest_ - swept_ >= kSweepEvery) sweep(newest_);
}

void Intervals::sweep(std::int64_t now) {
  swept_ = now;
  for (auto entry = heads_.begin(); entry != heads_.end();) {
    const std::int64_t reach = window(entry->first);
    for (std::uint32_t* at = &entry.value(); *at != kNone;) {
      const std::uint32_t slot = *at;
      const Interval& interval = pool_[slot];
      if (!interval.timed || interval.last + reach + kDisorder >= now) {
        at = &pool_[slot].next;
        continue;
      }
      *at = interval.next;
      free_.push_back(slot);
    }
    entry = entry->second == kNone ? heads_.erase(entry) : std::next(entry);
  }
}

void Intervals::end_block(std::uint32_t block, const std::vector<std::uint32_t>& place) {
  for (auto entry = heads_.begin(); entry != heads_.end(); ++entry)
    for (std::uint32_t slot = entry->second; slot != kNone; slot = pool_[slot].next) {
      Interval& interval = pool_[slot];
      if (interval.piece == kNone) continue;
      interval.block = block;
      interval.place = place[root(interval.piece)];
      interval.piece = kNone;
    }
  pieces_.clear();
}

std::vector<LinkedPiece> Intervals::links() const {
  std::vector<LinkedPiece> all = links_;
  for (LinkedPiece& linked : all) linked.link = link_root(linked.link);
  std::sort(all.begin(), all.end(), [](const LinkedPiece& a, const LinkedPiece& b) { return std::tie(a.block, a.piece) < std::tie(b.block, b.piece); });
  // Numbered in the order of their first piece.
  std::vector<std::uint32_t> numbers(link_parents_.size(), kNone);
  std::uint32_t next = 0;
  for (LinkedPiece& linked : all) {
    if (numbers[linked.link] == kNone) numbers[linked.link] = next++;
    linked.link = numbers[linked.link];
  }
  return all;
}

}  // namespace weir::simulator
