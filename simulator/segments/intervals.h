#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <vector>

#include "simulator/segments/ends.h"
#include "simulator/segments/format.h"

namespace weir::simulator {

/// The lines of one interval of a connection that are in one block.
struct Piece {
  Ends ends;
  bool timed = false;
  std::uint32_t parent;    // itself, or the piece it was joined with
  std::uint32_t link = 0;  // not 0: other blocks have pieces of the same interval
};

/// A piece of a written block that belongs together with pieces of other blocks.
struct LinkedPiece {
  std::uint32_t block, piece, link;
};

/// Lines -> intervals: the lines of one pair of ends with no gap longer than its window, closed as replay's ConnectionTable
/// closes them, so that one thread that reads the lines would find the same connections. Cuts them into pieces at the ends of
/// blocks.
class Intervals {
 public:
  explicit Intervals(const Grouping& grouping) : grouping_(grouping) {}

  /// The piece that a line goes to.
  [[nodiscard]] std::uint32_t add(const Ends&, std::int64_t time, bool timed);
  [[nodiscard]] std::vector<Piece>& pieces() { return pieces_; }
  [[nodiscard]] std::uint32_t root(std::uint32_t piece);
  /// Every piece is written: `place` has the number in its block of each.
  void end_block(std::uint32_t block, const std::vector<std::uint32_t>& place);
  /// Could a line still join what ended at `last`?
  [[nodiscard]] bool may_go_on(const Ends&, std::int64_t last) const;

  /// Of the whole segment, with the final number of each link.
  [[nodiscard]] std::vector<LinkedPiece> links() const;
  void link(std::uint32_t block, std::uint32_t piece, std::uint32_t link) { links_.push_back({block, piece, link}); }
  [[nodiscard]] std::uint64_t late() const { return late_; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Interval {
    std::int64_t first, last;
    bool timed;
    std::uint32_t piece;                 // in this block; kNone: no line of it yet
    std::uint32_t block = kNone, place;  // the latest piece of a written block; block kNone: there is none
    std::uint32_t link = 0;
    std::uint32_t next;
  };

  [[nodiscard]] std::int64_t window(const Ends&) const;
  std::uint32_t join(std::uint32_t& head, const Ends&, std::int64_t time, bool timed);
  void absorb(Interval& into, Interval& from);
  void connect(Interval&);
  std::uint32_t link_of(Interval&);
  std::uint32_t link_root(std::uint32_t link) const;
  std::uint32_t allocate(const Interval&);
  void advance(std::int64_t time);
  void sweep(std::int64_t now);

  Grouping grouping_;
  tsl::robin_map<Ends, std::uint32_t, EndsHash> heads_;
  std::vector<Interval> pool_;
  std::vector<std::uint32_t> free_;
  std::vector<Piece> pieces_;
  std::vector<LinkedPiece> links_;
  std::vector<std::uint32_t> link_parents_ = {0};
  std::int64_t newest_ = 0, swept_ = 0;
  bool started_ = false;
  std::uint64_t late_ = 0, late_run_ = 0;
};

}  // namespace weir::simulator
