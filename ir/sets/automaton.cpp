// Tested by tests/unit/ir/automaton_test.cpp.
#include "ir/sets/automaton.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "ir/sets/automaton_builder.h"

namespace weir::ir {
namespace {

constexpr std::uint32_t kNone = ~0u;

ByteSet one(char byte) {
  ByteSet out;
  out.set(static_cast<unsigned char>(byte));
  return out;
}

/// A state for each byte of the text and one behind it; all else leads to the last, which takes nothing.
AutomatonBuilder chain(std::string_view text, std::vector<ByteSet> also) {
  for (const char byte : std::set<char>(text.begin(), text.end())) also.push_back(one(byte));
  std::size_t count = 0;
  const ByteClasses classes = classes_of(also, count);
  AutomatonBuilder out(classes, count);
  const auto nowhere = static_cast<std::uint32_t>(text.size() + 1);
  for (std::uint32_t i = 0; i <= nowhere; ++i) {
    out.add_state(i == text.size());
    for (std::size_t c = 0; c < count; ++c) out.edge(i, c, nowhere);
    if (i < text.size()) out.edge(i, classes[static_cast<unsigned char>(text[i])], i + 1);
  }
  return out;
}

/// What reads well in a witness comes first.
const std::string& preferred_bytes() {
  static const std::string kBytes = [] {
    std::string out = "abcdefghijklmnopqrstuvwxyz0123456789-_./ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (int byte = '!'; byte <= '~'; ++byte)
      if (out.find(static_cast<char>(byte)) == std::string::npos) out += static_cast<char>(byte);
    return out + " ";
  }();
  return kBytes;
}

}  // namespace

Automaton::Automaton() : next_{0}, accepts_{false} {}

Automaton Automaton::everything() {
  Automaton out;
  out.accepts_[0] = true;
  return out;
}

Automaton Automaton::literal(std::string_view text) { return chain(text, {}).done(); }

Automaton Automaton::element_prefix(std::string_view text, char separator) {
  AutomatonBuilder out = chain(text, {one(separator)});
  const auto last = static_cast<std::uint32_t>(text.size()), below = out.add_state(true);
  return std::move(out.byte_edge(last, separator, below)).done();
}

Automaton Automaton::made_of(const ByteSet& bytes) {
  std::size_t count = 0;
  const ByteClasses classes = classes_of({bytes}, count);
  AutomatonBuilder out(classes, count);
  out.add_state(true);
  out.add_state(false);
  for (std::size_t byte = 0; byte < 256; ++byte) out.edge(0, classes[byte], bytes[byte] ? 0 : 1);
  return std::move(out).done();
}

std::optional<Automaton> Automaton::longer_with_suffix(std::string_view suffix) {
  RegexNode any;
  any.kind = RegexNode::Kind::Bytes;
  any.bytes.set();
  RegexNode some;
  some.kind = RegexNode::Kind::Repeat;
  some.parts = {any};
  some.least = 1;
  RegexNode all;
  all.parts = {some};
  for (const char byte : suffix) {
    all.parts.push_back(any);
    all.parts.back().bytes = one(byte);
  }
  return of(all);
}

bool Automaton::contains(std::string_view text) const {
  std::uint32_t state = 0;
  for (const char byte : text) state = next(state, classes_[static_cast<unsigned char>(byte)]);
  return accepts_[state];
}

bool Automaton::empty() const { return std::find(accepts_.begin(), accepts_.end(), true) == accepts_.end(); }

bool Automaton::all() const { return std::find(accepts_.begin(), accepts_.end(), false) == accepts_.end(); }

Automaton Automaton::complement() const {
  Automaton out = *this;
  out.accepts_.flip();
  return out;
}

std::optional<std::string> Automaton::witness() const {
  struct Step {
    std::uint32_t before;
    char byte;
  };
  const auto search = [&](const std::string& bytes) -> std::optional<std::string> {
    std::vector<std::pair<std::uint8_t, char>> edges;
    std::set<std::uint8_t> seen;
    for (const char byte : bytes)
      if (const std::uint8_t c = classes_[static_cast<unsigned char>(byte)]; seen.insert(c).second) edges.emplace_back(c, byte);
    std::vector<Step> steps(states(), {kNone, 0});
    std::vector<std::uint32_t> order{0};
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::uint32_t state = order[i];
      if (accepts_[state]) {
        std::string text;
        for (std::uint32_t at = state; at != 0; at = steps[at].before) text += steps[at].byte;
        return std::string(text.rbegin(), text.rend());
      }
      for (const auto& [c, byte] : edges) {
        const std::uint32_t to = next(state, c);
        if (to == 0 || steps[to].before != kNone) continue;
        steps[to] = {state, byte};
        order.push_back(to);
      }
    }
    return std::nullopt;
  };
  if (const auto text = search(preferred_bytes())) return text;
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  return search(preferred_bytes() + all);
}

std::optional<std::string> Automaton::common_prefix() const {
  if (empty()) return std::nullopt;
  std::array<int, 256> bytes_of{};  // class -> bytes, and one of them
  std::array<char, 256> some{};
  for (int byte = 0; byte < 256; ++byte) ++bytes_of[classes_[byte]], some[classes_[byte]] = static_cast<char>(byte);
  // The one state from which nothing is taken.
  std::uint32_t nowhere = kNone;
  for (std::uint32_t state = 0; state < states(); ++state) {
    bool closed = !accepts_[state];
    for (std::size_t c = 0; c < class_count_ && closed; ++c) closed = next_[state * class_count_ + c] == state;
    if (closed) nowhere = state;
  }
  std::string out;
  // A loop without a way out takes nothing, so each state comes once.
  for (std::uint32_t state = 0; !accepts_[state];) {
    std::optional<std::uint8_t> only;
    for (std::size_t c = 0; c < class_count_; ++c) {
      if (next_[state * class_count_ + c] == nowhere) continue;
      if (only || bytes_of[c] != 1) return out;
      only = static_cast<std::uint8_t>(c);
    }
    out += some[*only];
    state = next(state, *only);
  }
  return out;
}

/// Two automata side by side, over the pairs of states that can be reached.
class AutomatonPairs {
 public:
  AutomatonPairs(const Automaton& a, const Automaton& b) : a_(a), b_(b), joint_(joint_classes(a.classes_, b.classes_)) {}

  template <class Accepts>
  std::optional<Automaton> product(std::size_t limit, const Accepts& accepts) {
    AutomatonBuilder out(joint_.classes, joint_.parts.size());
    add(0, 0);
    for (std::uint32_t i = 0; i < order_.size(); ++i) {
      if (order_.size() > limit) return std::nullopt;
      out.add_state(accepts(a_.accepts_[order_[i].first], b_.accepts_[order_[i].second]));
      for (std::size_t c = 0; c < joint_.parts.size(); ++c) out.edge(i, c, follow(order_[i], c));
    }
    return std::move(out).done();
  }

  /// Whether some text leads to such a pair.
  template <class Accepts>
  bool reaches(const Accepts& accepts) {
    add(0, 0);
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const auto pair = order_[i];
      if (accepts(a_.accepts_[pair.first], b_.accepts_[pair.second])) return true;
      for (std::size_t c = 0; c < joint_.parts.size(); ++c) follow(pair, c);
    }
    return false;
  }

  std::optional<Automaton> joined(std::size_t limit);

 private:
  using Pair = std::pair<std::uint32_t, std::uint32_t>;

  std::uint32_t add(std::uint32_t a, std::uint32_t b) {
    const auto [at, fresh] = numbers_.emplace(static_cast<std::uint64_t>(a) << 32 | b, static_cast<std::uint32_t>(order_.size()));
    if (fresh) order_.emplace_back(a, b);
    return at->second;
  }
  std::uint32_t follow(Pair pair, std::size_t c) {
    return add(a_.next(pair.first, joint_.parts[c].first), b_.next(pair.second, joint_.parts[c].second));
  }

  const Automaton &a_, &b_;
  JointClasses joint_;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;
  std::vector<Pair> order_;
};

std::optional<Automaton> AutomatonPairs::joined(std::size_t limit) {
  // A state of the first, and the states of the second in which a text that began somewhere may be.
  using Key = std::vector<std::uint32_t>;
  std::map<Key, std::uint32_t> numbers;
  std::vector<Key> order;
  const auto add = [&](std::uint32_t a, std::set<std::uint32_t> seconds) {
    if (a_.accepts_[a]) seconds.insert(0);
    Key key{a};
    key.insert(key.end(), seconds.begin(), seconds.end());
    const auto [at, fresh] = numbers.emplace(key, static_cast<std::uint32_t>(order.size()));
    if (fresh) order.push_back(std::move(key));
    return at->second;
  };
  AutomatonBuilder out(joint_.classes, joint_.parts.size());
  add(0, {});
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    if (order.size() > limit) return std::nullopt;
    const Key key = order[i];
    out.add_state(std::any_of(key.begin() + 1, key.end(), [&](std::uint32_t b) { return b_.accepts_[b]; }));
    for (std::size_t c = 0; c < joint_.parts.size(); ++c) {
      std::set<std::uint32_t> seconds;
      for (std::size_t k = 1; k < key.size(); ++k) seconds.insert(b_.next(key[k], joint_.parts[c].second));
      out.edge(i, c, add(a_.next(key[0], joint_.parts[c].first), std::move(seconds)));
    }
  }
  return std::move(out).done();
}

std::optional<Automaton> intersect(const Automaton& a, const Automaton& b, std::size_t limit) {
  return AutomatonPairs(a, b).product(limit, [](bool x, bool y) { return x && y; });
}

std::optional<Automaton> unite(const Automaton& a, const Automaton& b, std::size_t limit) {
  return AutomatonPairs(a, b).product(limit, [](bool x, bool y) { return x || y; });
}

std::optional<Automaton> subtract(const Automaton& a, const Automaton& b, std::size_t limit) {
  return AutomatonPairs(a, b).product(limit, [](bool x, bool y) { return x && !y; });
}

std::optional<Automaton> joined(const Automaton& a, const Automaton& b, std::size_t limit) {
  return AutomatonPairs(a, b).joined(limit);
}

bool inside(const Automaton& a, const Automaton& b) {
  return !AutomatonPairs(a, b).reaches([](bool x, bool y) { return x && !y; });
}

bool meets(const Automaton& a, const Automaton& b) {
  return AutomatonPairs(a, b).reaches([](bool x, bool y) { return x && y; });
}

}  // namespace weir::ir
