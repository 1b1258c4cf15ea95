#pragma once

#include <algorithm>
#include <compare>
#include <optional>
#include <vector>

namespace weir::ir {

/// A set of points on a discrete line, as sorted intervals that neither touch nor overlap: equal sets are equal values.
/// `Line` gives `next` and `previous` of a point, nullopt at the ends.
template <class Point, class Line>
struct IntervalSet {
  struct Interval {
    Point first{}, last{};  // inclusive
    friend auto operator<=>(const Interval&, const Interval&) = default;
  };
  std::vector<Interval> intervals;
  friend auto operator<=>(const IntervalSet&, const IntervalSet&) = default;

  [[nodiscard]] bool empty() const { return intervals.empty(); }

  [[nodiscard]] bool contains(const Point& point) const {
    const auto after = std::upper_bound(intervals.begin(), intervals.end(), point,
                                        [](const Point& p, const Interval& i) { return p < i.first; });
    return after != intervals.begin() && !(std::prev(after)->last < point);
  }

  /// The least point, or nullopt when the set is empty.
  [[nodiscard]] std::optional<Point> witness() const {
    if (empty()) return std::nullopt;
    return intervals.front().first;
  }

  static IntervalSet of(const Point& first, const Point& last) {
    IntervalSet set;
    if (!(last < first)) set.intervals.push_back({first, last});
    return set;
  }

  /// Sorts and joins; for building from many intervals at once.
  static IntervalSet joined(std::vector<Interval> raw) {
    std::sort(raw.begin(), raw.end());
    IntervalSet set;
    for (const Interval& interval : raw) {
      if (interval.last < interval.first) continue;
      if (!set.empty() && touches(set.intervals.back(), interval))
        set.intervals.back().last = std::max(set.intervals.back().last, interval.last);
      else
        set.intervals.push_back(interval);
    }
    return set;
  }

  [[nodiscard]] IntervalSet unite(const IntervalSet& other) const {
    std::vector<Interval> all = intervals;
    all.insert(all.end(), other.intervals.begin(), other.intervals.end());
    return joined(std::move(all));
  }

  [[nodiscard]] IntervalSet intersect(const IntervalSet& other) const {
    IntervalSet set;
    auto a = intervals.begin(), b = other.intervals.begin();
    while (a != intervals.end() && b != other.intervals.end()) {
      const Point first = std::max(a->first, b->first), last = std::min(a->last, b->last);
      if (!(last < first)) set.intervals.push_back({first, last});
      if (a->last < b->last) ++a; else ++b;
    }
    return set;
  }

  [[nodiscard]] IntervalSet subtract(const IntervalSet& other) const {
    IntervalSet set;
    auto b = other.intervals.begin();
    for (Interval rest : intervals) {
      while (b != other.intervals.end() && b->last < rest.first) ++b;
      bool left = true;
      for (auto cut = b; left && cut != other.intervals.end() && !(rest.last < cut->first); ++cut) {
        if (rest.first < cut->first) set.intervals.push_back({rest.first, *Line::previous(cut->first)});
        left = cut->last < rest.last;
        if (left) rest.first = *Line::next(cut->last);
      }
      if (left) set.intervals.push_back(rest);
    }
    return set;
  }

  [[nodiscard]] bool overlaps(const IntervalSet& other) const {
    auto a = intervals.begin(), b = other.intervals.begin();
    while (a != intervals.end() && b != other.intervals.end()) {
      if (!(a->last < b->first) && !(b->last < a->first)) return true;
      if (a->last < b->last) ++a; else ++b;
    }
    return false;
  }

  [[nodiscard]] bool inside(const IntervalSet& outer) const { return subtract(outer).empty(); }

 private:
  static bool touches(const Interval& left, const Interval& right) {
    if (!(left.last < right.first)) return true;
    const std::optional<Point> after = Line::next(left.last);
    return after && *after == right.first;
  }
};

}  // namespace weir::ir
