#include "compiler/source/json_tokens.h"
#include "ir/base/code.h"

#include <algorithm>

namespace weir::compiler {
namespace {

using Kind = JsonToken::Kind;

bool digit(char c) { return c >= '0' && c <= '9'; }
/// Neither the end of a string nor to be looked at inside of one.
bool plain(char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; }
bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// A machine with an explicit stack: what stands open, and what may come next.
class Scanner {
 public:
  Scanner(std::string_view text, std::size_t depth, bool list) : text_(text), depth_(depth), list_(list) {}
  Scanner(std::string_view text, std::size_t depth, JsonScan old) : Scanner(text, depth, false) {
    scan_.tokens = std::move(old.tokens);
    scan_.tokens.clear();
  }

  JsonScan run() {
    blanks();
    do {
      step();
    } while (!scan_.problem && !open_.empty());
    if (!scan_.problem) blanks();
    scan_.end = at_;
    return std::move(scan_);
  }

 private:
  enum class Next : std::uint8_t { Value, ValueOrEnd, KeyOrEnd, Key, CommaOrEnd };

  [[nodiscard]] bool end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return end() ? '\0' : text_[at_]; }
  void blanks() {
    while (!end() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
  }

  void step() {
    if (end()) return fail("the text ends here, inside a value", "was the file cut off?");
    switch (next_) {
      case Next::Value: value(); break;
      case Next::ValueOrEnd: peek() == ']' ? close() : value(); break;
      case Next::KeyOrEnd: peek() == '}' ? close() : key(); break;
      case Next::Key: key(); break;
      case Next::CommaOrEnd: separator(); break;
    }
    if (!scan_.problem && !open_.empty()) blanks();
  }

  /// Inside `items` of the outermost object, where scan_json_list keeps no token.
  [[nodiscard]] bool in_items() const { return in_items_ && open_.size() >= 2 && open_[1] == '['; }
  [[nodiscard]] bool starts_item() const { return in_items() && open_.size() == 2; }
  void keep(Kind kind, std::size_t begin, std::size_t end) {
    if (!in_items()) scan_.tokens.push_back({kind, begin, end});
  }
  void end_item() {
    if (starts_item()) scan_.items.back().end = at_;
  }

  void separator() {
    if (peek() == (open_.back() == '{' ? '}' : ']')) return close();
    if (peek() != ',') return unexpected(open_.back() == '{' ? "expected `,` or `}`" : "expected `,` or `]`");
    ++at_;
    next_ = open_.back() == '{' ? Next::Key : Next::Value;
  }

  void close() {
    const Kind kind = open_.back() == '{' ? Kind::ObjectEnd : Kind::ArrayEnd;
    if (open_.size() == 2) in_items_ = false;
    push(kind, 1);
    open_.pop_back();
    end_item();
    next_ = Next::CommaOrEnd;
  }

  void key() {
    if (peek() != '"') return unexpected("expected a key in double quotes");
    const std::size_t begin = at_;
    string();
    if (scan_.problem) return;
    if (list_ && open_.size() == 1) in_items_ = text_.substr(begin, at_ - begin) == "\"items\"";
    blanks();
    if (peek() != ':') return unexpected("expected `:` after the key");
    ++at_;
    next_ = Next::Value;
  }

  void value() {
    next_ = Next::CommaOrEnd;
    const char c = peek();
    if (starts_item()) scan_.items.push_back({at_, at_});
    if (c == '{' || c == '[') return open(c);
    scalar(c);
    if (!scan_.problem) end_item();
  }

  void scalar(char c) {
    if (c == '"') return string();
    if (c == '-' || digit(c)) return number();
    for (const std::string_view word : {"true", "false", "null"})
      if (text_.substr(at_).starts_with(word)) return push(Kind::Word, word.size());
    unexpected("expected a JSON value");
  }

  void open(char bracket) {
    if (open_.size() >= depth_) {
      fail("values are nested deeper than " + std::to_string(depth_) + " levels", "check that this file is meant for weir");
      scan_.problem->code = ir::Code::LimitExceeded;
      return;
    }
    push(bracket == '{' ? Kind::ObjectStart : Kind::ArrayStart, 1);
    open_.push_back(bracket);
    next_ = bracket == '{' ? Next::KeyOrEnd : Next::ValueOrEnd;
  }

  void number() {
    const std::size_t begin = at_;
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
    } else if (!digits()) {
      return unexpected("expected a digit");
    }
    if (peek() == '.') {
      ++at_;
      if (!digits()) return unexpected("expected a digit after the point");
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return unexpected("expected a digit in the exponent");
    }
    keep(Kind::Number, begin, at_);
  }

  bool digits() {
    const std::size_t begin = at_;
    while (digit(peek())) ++at_;
    return at_ > begin;
  }

  void string() {
    const std::size_t begin = at_++;
    while (true) {
      while (at_ < text_.size() && plain(text_[at_])) ++at_;
      if (end() || peek() == '"') break;
      if (static_cast<unsigned char>(peek()) < 0x20) return unexpected("a control character in a string");
      if (peek() == '\\' && !escape()) return unexpected("an escape that JSON does not have, or half of a surrogate pair");
      ++at_;
    }
    if (end()) {
      at_ = begin;
      return fail("the text ends inside this string", "was the file cut off?");
    }
    keep(Kind::String, begin, ++at_);
  }

  /// Leaves `at_` on the last character of a good escape. Half of a surrogate pair is none (RFC 8259 section 8.2).
  bool escape() {
    const std::size_t begin = at_++;
    if (peek() != 'u') {
      const bool known = !end() && std::string_view("\"\\/bfnrt").find(peek()) != std::string_view::npos;
      if (!known) at_ = begin;
      return known;
    }
    const unsigned first = code_unit();
    bool good = first < 0xD800 || (first > 0xDFFF && first <= 0xFFFF);
    if (first >= 0xD800 && first < 0xDC00 && text_.substr(at_ + 1).starts_with("\\u")) {
      at_ += 2;
      const unsigned second = code_unit();
      good = second >= 0xDC00 && second <= 0xDFFF;
    }
    if (!good) at_ = begin;
    return good;
  }

  /// The four hex digits after `u`, or more than 0xFFFF.
  unsigned code_unit() {
    unsigned code = 0;
    for (int i = 0; i < 4; ++i) {
      ++at_;
      if (!hex(peek())) return 0x10000;
      const unsigned digit = static_cast<unsigned>(peek());
      code = code << 4 | (digit <= '9' ? digit - '0' : (digit | 0x20u) - 'a' + 10);
    }
    return code;
  }

  void push(Kind kind, std::size_t length) {
    keep(kind, at_, at_ + length);
    at_ += length;
  }

  void unexpected(std::string expected) {
    if (end()) return fail("the text ends here, inside a value", "was the file cut off?");
    std::string fix;
    if (peek() == '/' || peek() == '#') fix = "JSON has no comments; remove it, or name the file .yaml and use `#`";
    if (peek() == '\'') fix = "JSON strings stand in double quotes";
    if (peek() == '}' || peek() == ']') fix = "is there a comma too many before it?";
    fail(std::move(expected), std::move(fix));
  }

  void fail(std::string detail, std::string fix) {
    scan_.problem = Problem{.begin = at_, .end = at_ + 1, .detail = std::move(detail), .fix = std::move(fix)};
  }

  std::string_view text_;
  std::size_t depth_;
  bool list_;
  bool in_items_ = false;
  std::size_t at_ = 0;
  Next next_ = Next::Value;
  std::vector<char> open_;
  JsonScan scan_;
};

}  // namespace

JsonScan scan_json(std::string_view text, std::size_t depth) { return Scanner(text, depth, false).run(); }

JsonScan scan_json(std::string_view text, std::size_t depth, JsonScan old) { return Scanner(text, depth, std::move(old)).run(); }

JsonScan scan_json_list(std::string_view text, std::size_t depth) { return Scanner(text, depth, true).run(); }

}  // namespace weir::compiler
