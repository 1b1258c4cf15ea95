// The smallest automaton (Hopcroft's refinement), in one numbering. Tested by tests/unit/ir/automaton_test.cpp.
#include "ir/sets/automaton_builder.h"

#include <algorithm>
#include <map>
#include <string>

namespace weir::ir {
namespace {

/// States in blocks; a block may be cut into those that were marked and the others.
class Partition {
 public:
  explicit Partition(std::size_t states) : order_(states), place_(states), block_(states) {
    for (std::uint32_t i = 0; i < states; ++i) order_[i] = place_[i] = i;
    blocks_.push_back({0, static_cast<std::uint32_t>(states), 0});
  }

  [[nodiscard]] std::uint32_t block_of(std::uint32_t state) const { return block_[state]; }
  [[nodiscard]] std::size_t size() const { return blocks_.size(); }
  [[nodiscard]] std::vector<std::uint32_t> members(std::uint32_t block) const {
    return {order_.begin() + blocks_[block].begin, order_.begin() + blocks_[block].end};
  }

  void mark(std::uint32_t state) {
    Block& block = blocks_[block_[state]];
    const std::uint32_t to = block.begin + block.marked;
    if (place_[state] < to) return;
    if (block.marked++ == 0) touched_.push_back(block_[state]);
    const std::uint32_t other = order_[to];
    std::swap(order_[to], order_[place_[state]]);
    std::swap(place_[other], place_[state]);
  }

  /// Cuts every block with marks; the smaller part of each gets a new number, and those are the answer.
  std::vector<std::uint32_t> cut() {
    std::vector<std::uint32_t> fresh;
    for (const std::uint32_t number : touched_) {
      const Block old = blocks_[number];
      blocks_[number].marked = 0;
      if (old.marked == old.end - old.begin) continue;
      const std::uint32_t middle = old.begin + old.marked;
      const bool front = old.marked <= old.end - middle;
      const auto added = static_cast<std::uint32_t>(blocks_.size());
      blocks_.push_back(front ? Block{old.begin, middle, 0} : Block{middle, old.end, 0});
      blocks_[number] = front ? Block{middle, old.end, 0} : Block{old.begin, middle, 0};
      for (std::uint32_t i = blocks_[added].begin; i < blocks_[added].end; ++i) block_[order_[i]] = added;
      fresh.push_back(added);
    }
    touched_.clear();
    return fresh;
  }

 private:
  struct Block {
    std::uint32_t begin = 0, end = 0, marked = 0;  // the marked ones come first
  };
  std::vector<std::uint32_t> order_, place_, block_;
  std::vector<Block> blocks_;
  std::vector<std::uint32_t> touched_;
};

}  // namespace

std::uint32_t AutomatonBuilder::add_state(bool accepts) {
  const auto number = static_cast<std::uint32_t>(accepts_.size());
  accepts_.push_back(accepts);
  next_.resize(next_.size() + class_count_, number);
  return number;
}

void AutomatonBuilder::drop_unreachable() {
  constexpr std::uint32_t kNone = ~0u;
  std::vector<std::uint32_t> number(states(), kNone), order{0};
  number[0] = 0;
  for (std::size_t i = 0; i < order.size(); ++i)
    for (std::size_t c = 0; c < class_count_; ++c) {
      const std::uint32_t to = next_[order[i] * class_count_ + c];
      if (number[to] != kNone) continue;
      number[to] = static_cast<std::uint32_t>(order.size());
      order.push_back(to);
    }
  AutomatonBuilder out(classes_, class_count_);
  for (const std::uint32_t state : order) out.add_state(accepts_[state]);
  for (std::uint32_t i = 0; i < order.size(); ++i)
    for (std::size_t c = 0; c < class_count_; ++c) out.edge(i, c, number[next_[order[i] * class_count_ + c]]);
  *this = std::move(out);
}

std::vector<std::uint32_t> AutomatonBuilder::blocks() const {
  const auto count = static_cast<std::uint32_t>(states());
  // Who leads to a state by a class: in `from`, between `first[..]` and the next.
  std::vector<std::uint32_t> first(next_.size() + 1, 0), from(next_.size());
  for (std::size_t i = 0; i < next_.size(); ++i) ++first[next_[i] * class_count_ + i % class_count_ + 1];
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  std::vector<std::uint32_t> fill = first;
  for (std::size_t i = 0; i < next_.size(); ++i) from[fill[next_[i] * class_count_ + i % class_count_]++] = static_cast<std::uint32_t>(i / class_count_);
  Partition partition(count);
  for (std::uint32_t state = 0; state < count; ++state)
    if (accepts_[state]) partition.mark(state);
  std::vector<std::uint32_t> work = partition.cut();
  while (!work.empty()) {
    const std::vector<std::uint32_t> members = partition.members(work.back());
    work.pop_back();
    for (std::size_t c = 0; c < class_count_; ++c) {
      for (const std::uint32_t state : members)
        for (std::uint32_t i = first[state * class_count_ + c]; i < first[state * class_count_ + c + 1]; ++i) partition.mark(from[i]);
      const std::vector<std::uint32_t> fresh = partition.cut();
      work.insert(work.end(), fresh.begin(), fresh.end());
    }
  }
  std::vector<std::uint32_t> out(count);
  for (std::uint32_t state = 0; state < count; ++state) out[state] = partition.block_of(state);
  return out;
}

std::vector<std::uint8_t> AutomatonBuilder::equal_columns(std::size_t& count) const {
  std::map<std::vector<std::uint32_t>, std::uint8_t> seen;
  std::vector<std::uint8_t> out(class_count_);
  ByteClasses known{};
  std::vector<bool> done(class_count_, false);
  known.fill(0);
  // In the order of the bytes, so that the numbers depend on the set alone.
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const std::size_t c = classes_[byte];
    if (done[c]) continue;
    done[c] = true;
    std::vector<std::uint32_t> column(states());
    for (std::size_t state = 0; state < states(); ++state) column[state] = next_[state * class_count_ + c];
    out[c] = seen.emplace(std::move(column), static_cast<std::uint8_t>(seen.size())).first->second;
  }
  count = seen.size();
  return out;
}

Automaton AutomatonBuilder::done() && {
  drop_unreachable();
  const std::vector<std::uint32_t> block = blocks();
  AutomatonBuilder smallest(classes_, class_count_);
  const std::size_t count = 1 + *std::max_element(block.begin(), block.end());
  // The start stays first.
  const auto number = [&](std::uint32_t state) { return block[state] == block[0] ? 0 : block[state] == 0 ? block[0] : block[state]; };
  for (std::size_t i = 0; i < count; ++i) smallest.add_state(false);
  for (std::uint32_t state = 0; state < states(); ++state) {
    smallest.accepts_[number(state)] = accepts_[state];
    for (std::size_t c = 0; c < class_count_; ++c) smallest.edge(number(state), c, number(next_[state * class_count_ + c]));
  }
  Automaton out;
  const std::vector<std::uint8_t> column = smallest.equal_columns(out.class_count_);
  AutomatonBuilder few(classes_, out.class_count_);
  for (std::size_t byte = 0; byte < 256; ++byte) few.classes_[byte] = column[classes_[byte]];
  for (std::size_t i = 0; i < count; ++i) few.add_state(smallest.accepts_[i]);
  for (std::uint32_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < class_count_; ++c) few.edge(i, column[c], smallest.next_[i * class_count_ + c]);
  // Numbers by the order in which the classes, which follow the bytes, reach the states.
  few.drop_unreachable();
  out.classes_ = few.classes_;
  out.next_ = std::move(few.next_);
  out.accepts_ = std::move(few.accepts_);
  return out;
}

JointClasses joint_classes(const ByteClasses& a, const ByteClasses& b) {
  JointClasses out;
  std::map<std::pair<std::uint8_t, std::uint8_t>, std::uint8_t> seen;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const auto [at, fresh] = seen.emplace(std::pair(a[byte], b[byte]), static_cast<std::uint8_t>(seen.size()));
    if (fresh) out.parts.push_back(at->first);
    out.classes[byte] = at->second;
  }
  return out;
}

ByteClasses classes_of(const std::vector<ByteSet>& sets, std::size_t& count) {
  ByteClasses out{};
  std::map<std::string, std::uint8_t> seen;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    std::string in;
    for (const ByteSet& set : sets) in += set[byte] ? '1' : '0';
    out[byte] = seen.emplace(std::move(in), static_cast<std::uint8_t>(seen.size())).first->second;
  }
  count = seen.size();
  return out;
}

}  // namespace weir::ir
