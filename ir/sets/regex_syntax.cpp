// A reader of RE2's syntax (its doc/syntax.txt). What it does not know is not known, never guessed. Tested by
// tests/unit/ir/automaton_test.cpp against RE2.
#include "ir/sets/regex_syntax.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "ir/sets/rune_set.h"

namespace weir::ir {
namespace {

using Kind = RegexNode::Kind;

RegexNode node(Kind kind, std::vector<RegexNode> parts = {}) {
  RegexNode out;
  out.kind = kind;
  out.parts = std::move(parts);
  return out;
}

RegexNode node(const RuneSet& set) {
  RegexNode ascii = node(Kind::Bytes), out = node(Kind::Choice);
  for (const ByteSequence& sequence : utf8_of(set)) {
    RegexNode one = node(Kind::Sequence);
    for (const auto& [first, last] : sequence) {
      RegexNode byte = node(Kind::Bytes);
      for (unsigned value = first; value <= last; ++value) byte.bytes.set(value);
      one.parts.push_back(std::move(byte));
    }
    if (sequence.size() == 1) ascii.bytes |= one.parts.front().bytes;
    else out.parts.push_back(std::move(one));
  }
  if (out.parts.empty()) return ascii;
  out.parts.push_back(std::move(ascii));
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_octal(char c) { return c >= '0' && c <= '7'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::optional<std::uint32_t> hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

/// `\d`, `\s`, `\w`, without the big ones.
std::optional<RuneSet> perl_class(char small) {
  switch (small) {
    case 'd': return RuneSet{{'0', '9'}};
    case 's': return RuneSet{{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}};
    case 'w': return RuneSet{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
    default: return std::nullopt;
  }
}

std::optional<RuneSet> posix_class(std::string_view name) {
  static const std::array<std::pair<std::string_view, RuneSet>, 14> kClasses = {{
      {"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}}, {"alpha", {{'A', 'Z'}, {'a', 'z'}}}, {"ascii", {{0, 0x7f}}},
      {"blank", {{'\t', '\t'}, {' ', ' '}}}, {"cntrl", {{0, 0x1f}, {0x7f, 0x7f}}}, {"digit", {{'0', '9'}}}, {"graph", {{'!', '~'}}},
      {"lower", {{'a', 'z'}}}, {"print", {{' ', '~'}}}, {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
      {"space", {{'\t', '\r'}, {' ', ' '}}}, {"upper", {{'A', 'Z'}}}, {"word", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
      {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}},
  }};
  for (const auto& [known, set] : kClasses)
    if (known == name) return set;
  return std::nullopt;
}

struct Flags {
  bool fold = false, dot_all = false;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<RegexNode> read() {
    std::optional<RegexNode> out = choice(0);
    return out && at_ == text_.size() ? out : std::nullopt;
  }

 private:
  static constexpr int kDepth = 100;
  static constexpr std::uint32_t kRepeats = 1000;

  [[nodiscard]] bool more() const { return at_ < text_.size(); }
  [[nodiscard]] bool stands(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  bool take(std::string_view what) {
    if (!stands(what)) return false;
    at_ += what.size();
    return true;
  }

  /// Up to a `)` or the end.
  std::optional<RegexNode> choice(int depth) {
    if (depth > kDepth) return std::nullopt;
    RegexNode out = node(Kind::Choice, {node(Kind::Sequence)});
    bool repeated = false;
    while (more() && text_[at_] != ')') {
      if (take("|")) {
        out.parts.push_back(node(Kind::Sequence));
        repeated = false;
        continue;
      }
      std::vector<RegexNode>& items = out.parts.back().parts;
      const auto times = repetition();
      // RE2 refuses `a**` and `*a`.
      if (times && (repeated || items.empty())) return std::nullopt;
      if (times && !repeat(items.back(), *times)) return std::nullopt;
      repeated = times.has_value();
      if (!times && !item(items, depth)) return std::nullopt;
    }
    return out;
  }

  struct Times {
    std::uint32_t least = 0;
    std::optional<std::uint32_t> most;
  };

  /// `*`, `+`, `?`, `{2}`, `{2,}`, `{2,3}`, each lazy or not, which is one for whole texts. `{` as text is left alone.
  std::optional<Times> repetition() {
    std::optional<Times> out;
    if (take("*")) out = Times{0, {}};
    else if (take("+")) out = Times{1, {}};
    else if (take("?")) out = Times{0, 1};
    else if (stands("{")) out = counts();
    if (out) static_cast<void>(take("?"));
    return out;
  }

  std::optional<Times> counts() {
    const std::size_t begin = at_++;
    const auto least = number();
    std::optional<std::uint32_t> most = least;
    const bool comma = least && take(",");
    if (comma) most = stands("}") ? std::nullopt : number();
    const bool open = comma && stands("}") && !most;
    if (least && (most || open) && take("}")) return Times{*least, most};
    at_ = begin;
    return std::nullopt;
  }

  /// Without leading zeros.
  std::optional<std::uint32_t> number() {
    const std::size_t begin = at_;
    while (more() && is_digit(text_[at_])) ++at_;
    const std::string_view digits = text_.substr(begin, at_ - begin);
    if (digits.empty() || digits.size() > 8 || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
    return static_cast<std::uint32_t>(std::stoul(std::string(digits)));
  }

  static bool repeat(RegexNode& last, const Times& times) {
    if (times.least > kRepeats || (times.most && (*times.most > kRepeats || *times.most < times.least))) return false;
    RegexNode out = node(Kind::Repeat);
    out.parts.push_back(std::move(last));
    out.least = times.least;
    out.most = times.most;
    last = std::move(out);
    return true;
  }

  bool item(std::vector<RegexNode>& items, int depth) {
    const char c = text_[at_];
    if (c == '(') return group(items, depth);
    if (c == '[') return push(items, bracket());
    if (c == '\\') return escape(items);
    if (c == '^' || c == '$') return ++at_, items.push_back(node(c == '^' ? Kind::Begin : Kind::End)), true;
    if (c == '.') return ++at_, push(items, flags_.dot_all ? RuneSet{{0, RuneSet::kLast}} : RuneSet{{'\n', '\n'}}.complement());
    const auto rune = plain();
    return rune && push(items, of_text(*rune, *rune));
  }

  static bool push(std::vector<RegexNode>& items, const std::optional<RuneSet>& set) {
    if (set) items.push_back(node(*set));
    return set.has_value();
  }

  /// A range as it is written, in both cases where they are one.
  [[nodiscard]] std::optional<RuneSet> of_text(std::uint32_t first, std::uint32_t last) const {
    const RuneSet out{{first, last}};
    if (!flags_.fold) return out;
    return last < 0x80 ? std::optional(out.folded()) : std::nullopt;
  }

  bool group(std::vector<RegexNode>& items, int depth) {
    ++at_;
    const Flags before = flags_;
    if (take("?")) {
      if (stands("P<")) {
        const std::size_t end = text_.find('>', at_);
        if (end == std::string_view::npos) return false;
        at_ = end + 1;
      } else {
        const auto opens = new_flags();
        if (!opens) return false;
        // `(?i)` holds to the end of the group around it.
        if (!*opens) return true;
      }
    }
    std::optional<RegexNode> inside = choice(depth + 1);
    if (!inside || !take(")")) return false;
    flags_ = before;
    items.push_back(std::move(*inside));
    return true;
  }

  /// What stands behind `(?`. True: a group follows; false: it is closed.
  std::optional<bool> new_flags() {
    for (bool on = true; more();) {
      const char c = text_[at_++];
      if (c == ':') return true;
      if (c == ')') return false;
      if (c == 'i') flags_.fold = on;
      else if (c == 's') flags_.dot_all = on;
      else if (c == '-' && on) on = false;
      else if (c != 'U' && (c != 'm' || on)) return std::nullopt;
    }
    return std::nullopt;
  }

  bool escape(std::vector<RegexNode>& items) {
    if (at_ + 1 == text_.size()) return false;
    const char c = text_[at_ + 1];
    if (c == 'A' || c == 'z') return at_ += 2, items.push_back(node(c == 'A' ? Kind::Begin : Kind::End)), true;
    if (const auto set = perl()) return push(items, set);
    const auto rune = escaped();
    return rune && push(items, of_text(*rune, *rune));
  }

  /// `\d`, `\D`, ...
  std::optional<RuneSet> perl() {
    if (!stands("\\") || at_ + 1 == text_.size()) return std::nullopt;
    const char c = text_[at_ + 1];
    const bool big = c >= 'A' && c <= 'Z';
    auto set = perl_class(big ? static_cast<char>(c - 'A' + 'a') : c);
    if (!set) return std::nullopt;
    at_ += 2;
    return grouped(std::move(*set), big);
  }

  [[nodiscard]] RuneSet grouped(RuneSet set, bool negative) const {
    if (flags_.fold) set = set.folded();
    return negative ? set.complement() : set;
  }

  /// The code point behind a `\`.
  std::optional<std::uint32_t> escaped() {
    if (++at_ >= text_.size()) return std::nullopt;
    const char c = text_[at_++];
    constexpr std::string_view kNames = "afnrtv", kMeant = "\a\f\n\r\t\v";
    if (const std::size_t place = kNames.find(c); place != std::string_view::npos) return kMeant[place];
    if (c == 'x') return hex();
    if (is_octal(c)) return octal(c);
    const bool marks = static_cast<unsigned char>(c) < 0x80 && !is_digit(c) && !is_letter(c) && c != '_';
    return marks ? std::optional<std::uint32_t>(c) : std::nullopt;
  }

  std::optional<std::uint32_t> octal(char first) {
    // One digit alone would be a reference back, but for `\0`.
    if (first != '0' && !(more() && is_octal(text_[at_]))) return std::nullopt;
    std::uint32_t value = first - '0';
    for (int count = 0; count < 2 && more() && is_octal(text_[at_]); ++count) value = value * 8 + (text_[at_++] - '0');
    return value;
  }

  std::optional<std::uint32_t> hex() {
    const bool braces = take("{");
    std::uint32_t value = 0;
    std::size_t count = 0;
    for (; more() && count < (braces ? 8u : 2u); ++count, ++at_) {
      const auto digit = hex_value(text_[at_]);
      if (!digit) break;
      value = value * 16 + *digit;
    }
    if (value > RuneSet::kLast || count == 0 || (braces ? !take("}") : count != 2)) return std::nullopt;
    return value;
  }

  /// One character as it is written, from UTF-8.
  std::optional<std::uint32_t> plain() {
    const auto lead = static_cast<unsigned char>(text_[at_]);
    if (lead < 0x80) return ++at_, lead;
    const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text_.size() - at_ < bytes) return std::nullopt;
    std::uint32_t value = lead & (0xffu >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
      const auto next = static_cast<unsigned char>(text_[at_ + i]);
      if ((next & 0xc0) != 0x80) return std::nullopt;
      value = value << 6 | (next & 0x3f);
    }
    constexpr std::array<std::uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    const bool wrong = value < kLeast[bytes] || value > RuneSet::kLast || (value >= 0xd800 && value <= 0xdfff);
    if (wrong) return std::nullopt;
    at_ += bytes;
    return value;
  }

  /// `[a-z\d[:alpha:]]`
  std::optional<RuneSet> bracket() {
    ++at_;
    const bool negative = take("^");
    RuneSet out;
    for (bool first = true; first || !stands("]"); first = false) {
      if (!more()) return std::nullopt;
      const auto part = bracket_part();
      if (!part) return std::nullopt;
      out.add(*part);
    }
    ++at_;
    return negative ? out.complement() : out;
  }

  std::optional<RuneSet> bracket_part() {
    if (stands("[:") && text_.find(":]", at_ + 2) != std::string_view::npos) return posix();
    if (auto set = perl()) return set;
    const auto first = bracket_rune();
    if (!first) return std::nullopt;
    const bool range = at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']';
    if (!range) return of_text(*first, *first);
    ++at_;
    const auto last = bracket_rune();
    return last && *last >= *first ? of_text(*first, *last) : std::nullopt;
  }

  std::optional<RuneSet> posix() {
    const std::size_t end = text_.find(":]", at_ + 2);
    std::string_view name = text_.substr(at_ + 2, end - at_ - 2);
    const bool negative = name.starts_with('^');
    if (negative) name.remove_prefix(1);
    auto set = posix_class(name);
    if (!set) return std::nullopt;
    at_ = end + 2;
    return grouped(std::move(*set), negative);
  }

  std::optional<std::uint32_t> bracket_rune() {
    if (!more()) return std::nullopt;
    return stands("\\") ? escaped() : plain();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Flags flags_;
};

}  // namespace

std::optional<RegexNode> read_regex(std::string_view pattern) { return Reader(pattern).read(); }

}  // namespace weir::ir
