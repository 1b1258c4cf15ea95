// Regular expression -> automaton: a nondeterministic one by Thompson's construction, then sets of its states. Tested by
// tests/unit/ir/automaton_test.cpp against RE2.
#include <algorithm>
#include <map>

#include "ir/sets/automaton_builder.h"

namespace weir::ir {
namespace {

struct Step {
  enum class Kind : std::uint8_t { Bytes, Fork, Begin, End, Done };
  Kind kind = Kind::Fork;
  std::uint32_t set = 0;                   // of Bytes: index into Program::sets
  std::vector<std::uint32_t> next;
};

/// Steps from the last to the first: each is made with what comes behind it.
class Program {
 public:
  explicit Program(std::size_t limit) : limit_(limit) { add({Step::Kind::Done, 0, {}}); }

  bool build(const RegexNode& regex) {
    start = compile(regex, 0);
    return !full();
  }

  std::vector<Step> steps;
  std::vector<ByteSet> sets;
  std::uint32_t start = 0;

 private:
  [[nodiscard]] bool full() const { return steps.size() > limit_; }

  std::uint32_t add(Step step) {
    if (!full()) steps.push_back(std::move(step));
    return static_cast<std::uint32_t>(steps.size() - 1);
  }

  std::uint32_t compile(const RegexNode& node, std::uint32_t behind) {
    if (full()) return 0;
    switch (node.kind) {
      case RegexNode::Kind::Bytes: return add({Step::Kind::Bytes, set_of(node.bytes), {behind}});
      case RegexNode::Kind::Begin: return add({Step::Kind::Begin, 0, {behind}});
      case RegexNode::Kind::End: return add({Step::Kind::End, 0, {behind}});
      case RegexNode::Kind::Repeat: return repeat(node, behind);
      case RegexNode::Kind::Sequence:
        for (auto part = node.parts.rbegin(); part != node.parts.rend(); ++part) behind = compile(*part, behind);
        return behind;
      case RegexNode::Kind::Choice: break;
    }
    Step fork;
    for (const RegexNode& part : node.parts) fork.next.push_back(compile(part, behind));
    return add(std::move(fork));
  }

  std::uint32_t repeat(const RegexNode& node, std::uint32_t behind) {
    const RegexNode& part = node.parts.front();
    std::uint32_t at = behind;
    if (!node.most) {
      at = add({Step::Kind::Fork, 0, {behind}});
      const std::uint32_t again = compile(part, at);
      if (!full()) steps[at].next.push_back(again);
    }
    for (std::uint32_t i = node.least; node.most && i < *node.most && !full(); ++i) {
      const std::uint32_t once = compile(part, at);
      at = add({Step::Kind::Fork, 0, {once, behind}});
    }
    for (std::uint32_t i = 0; i < node.least && !full(); ++i) at = compile(part, at);
    return at;
  }

  std::uint32_t set_of(const ByteSet& bytes) {
    const auto place = static_cast<std::uint32_t>(std::find(sets.begin(), sets.end(), bytes) - sets.begin());
    if (place == sets.size()) sets.push_back(bytes);
    return place;
  }

  std::size_t limit_;
};

/// Steps in which the reader may be, sorted; at the beginning of the text `Begin` may be passed.
using States = std::vector<std::uint32_t>;

class Determiner {
 public:
  Determiner(const Program& program, std::size_t limit) : program_(program), limit_(limit), seen_(program.steps.size(), 0) {}

  std::optional<Automaton> run() {
    std::size_t count = 0;
    const ByteClasses classes = classes_of(program_.sets, count);
    std::vector<unsigned char> byte_of(count);
    for (std::size_t byte = 0; byte < 256; ++byte) byte_of[classes[byte]] = static_cast<unsigned char>(byte);
    AutomatonBuilder out(classes, count);
    number(closure({program_.start}, true, false), true);
    for (std::uint32_t i = 0; i < order_.size(); ++i) {
      if (order_.size() > limit_) return std::nullopt;
      const auto [begin, states] = order_[i];
      out.add_state(is_end(states, begin));
      for (std::size_t c = 0; c < count; ++c) out.edge(i, c, number(closure(behind(states, byte_of[c]), false, false), false));
    }
    return std::move(out).done();
  }

 private:
  using Key = std::pair<bool, States>;  // whether nothing was read yet, and where

  std::uint32_t number(States states, bool begin) {
    const auto [at, fresh] = numbers_.emplace(Key(begin, std::move(states)), static_cast<std::uint32_t>(order_.size()));
    if (fresh) order_.push_back(at->first);
    return at->second;
  }

  /// All that is reached without a byte.
  States closure(States work, bool begin, bool end) {
    ++round_;
    States out;
    while (!work.empty()) {
      const std::uint32_t at = work.back();
      work.pop_back();
      if (seen_[at] == round_) continue;
      seen_[at] = round_;
      const Step& step = program_.steps[at];
      const bool passes = step.kind == Step::Kind::Fork || (step.kind == Step::Kind::Begin && begin) || (step.kind == Step::Kind::End && end);
      if (passes) work.insert(work.end(), step.next.begin(), step.next.end());
      else if (step.kind != Step::Kind::Begin) out.push_back(at);
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  bool is_end(const States& states, bool begin) {
    const States all = closure(states, begin, true);
    return std::any_of(all.begin(), all.end(), [&](std::uint32_t at) { return program_.steps[at].kind == Step::Kind::Done; });
  }

  [[nodiscard]] States behind(const States& states, unsigned char byte) const {
    States out;
    for (const std::uint32_t at : states) {
      const Step& step = program_.steps[at];
      if (step.kind == Step::Kind::Bytes && program_.sets[step.set][byte]) out.push_back(step.next.front());
    }
    return out;
  }

  const Program& program_;
  std::size_t limit_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t round_ = 0;
  std::map<Key, std::uint32_t> numbers_;
  std::vector<Key> order_;
};

}  // namespace

std::optional<Automaton> Automaton::of(const RegexNode& regex, std::size_t limit) {
  // Each state of the result is a set of steps: many steps make the sets dear.
  Program program(limit);
  if (!program.build(regex)) return std::nullopt;
  return Determiner(program, limit).run();
}

}  // namespace weir::ir
