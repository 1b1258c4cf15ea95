#include "compiler/source/json_reader.h"

#include <simdjson.h>

#include <algorithm>

#include "ir/base/check.h"

namespace weir::compiler {
namespace {

using Kind = JsonToken::Kind;
using simdjson::dom::element;
using simdjson::dom::element_type;

/// Walks simdjson's tree and the token list in step.
class Walker {
 public:
  Walker(std::string_view text, std::size_t base, const JsonScan& scan, TreeBuilder& builder)
      : text_(text), base_(base), scan_(scan), builder_(builder) {}

  /// Recursion is bounded: scan_json has held the depth limit.
  bool walk(element value) {
    switch (value.type()) {
      case element_type::OBJECT: return object(value.get_object().value_unsafe());
      case element_type::ARRAY: return array(value.get_array().value_unsafe());
      case element_type::STRING: return string(value.get_string().value_unsafe());
      default: return plain();
    }
  }
  [[nodiscard]] std::optional<Problem> problem() const { return problem_; }

 private:
  bool object(simdjson::dom::object object) {
    if (!emit(Event::Kind::MappingStart, Kind::ObjectStart)) return false;
    for (const auto [key, value] : object)
      if (!string(key) || !walk(value)) return false;
    return emit(Event::Kind::MappingEnd, Kind::ObjectEnd);
  }

  bool array(simdjson::dom::array array) {
    if (!emit(Event::Kind::SequenceStart, Kind::ArrayStart)) return false;
    for (const element value : array)
      if (!walk(value)) return false;
    return emit(Event::Kind::SequenceEnd, Kind::ArrayEnd);
  }

  bool string(std::string_view text) {
    Event event{.text = std::string(text), .quoted = true};
    return send(std::move(event), Kind::String);
  }

  /// Numbers keep their digits: 2^70 is a wrong port, not a wrong document.
  bool plain() {
    const JsonToken& token = scan_.tokens[at_];
    Event event{.text = std::string(text_.substr(token.begin, token.end - token.begin))};
    return send(std::move(event), token.kind == Kind::Word ? Kind::Word : Kind::Number);
  }

  bool emit(Event::Kind kind, Kind token) { return send(Event{.kind = kind, .flow = true}, token); }

  bool send(Event event, Kind expected) {
    WEIR_CHECK(at_ < scan_.tokens.size() && scan_.tokens[at_].kind == expected);
    const JsonToken& token = scan_.tokens[at_++];
    event.begin = base_ + token.begin;
    event.end = base_ + token.end;
    problem_ = builder_.add(std::move(event));
    return !problem_;
  }

  std::string_view text_;
  std::size_t base_;
  const JsonScan& scan_;
  TreeBuilder& builder_;
  std::size_t at_ = 0;
  std::optional<Problem> problem_;
};

/// simdjson refuses numbers beyond 64 bits. Their value is taken from the tokens anyway, so it gets a short one.
void shorten_numbers(std::string& text, const JsonScan& scan) {
  constexpr std::size_t kSafe = 15;
  for (const JsonToken& token : scan.tokens) {
    if (token.kind != Kind::Number) continue;
    const std::string_view digits = std::string_view(text).substr(token.begin, token.end - token.begin);
    if (digits.size() <= kSafe && digits.find_first_of("eE") == std::string_view::npos) continue;
    text[token.begin] = '0';
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(token.begin) + 1, text.begin() + static_cast<std::ptrdiff_t>(token.end), ' ');
  }
}

/// Nullopt: a string with an escape.
std::optional<Event> event_of(const JsonToken& token, std::string_view text, std::size_t base) {
  Event event{.begin = base + token.begin, .end = base + token.end};
  std::string_view bytes = text.substr(token.begin, token.end - token.begin);
  switch (token.kind) {
    case Kind::ObjectStart: event.kind = Event::Kind::MappingStart; break;
    case Kind::ObjectEnd: event.kind = Event::Kind::MappingEnd; break;
    case Kind::ArrayStart: event.kind = Event::Kind::SequenceStart; break;
    case Kind::ArrayEnd: event.kind = Event::Kind::SequenceEnd; break;
    case Kind::String:
      event.quoted = true;
      bytes = bytes.substr(1, bytes.size() - 2);
      if (bytes.find('\\') != std::string_view::npos) return std::nullopt;
      [[fallthrough]];
    case Kind::Number:
    case Kind::Word: event.text = bytes; return event;
  }
  event.flow = true;
  return event;
}

}  // namespace

std::optional<Node> read_json_head(std::string_view text, std::size_t base, const JsonScan& scan, TreeBuilder& builder) {
  for (const JsonToken& token : scan.tokens) {
    auto event = event_of(token, text, base);
    if (!event || builder.add(std::move(*event))) return std::nullopt;
  }
  return builder.take();
}

struct JsonReader::State {
  simdjson::dom::parser parser;
  std::string copy;
};

JsonReader::JsonReader() : state_(new State) {}
JsonReader::~JsonReader() = default;

JsonResult JsonReader::read(std::string_view text, std::size_t base, const JsonScan& scan, TreeBuilder& builder) {
  std::string& copy = state_->copy;
  copy.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  copy = text;
  shorten_numbers(copy, scan);
  copy.append(simdjson::SIMDJSON_PADDING, ' ');
  element root;
  if (const auto error = state_->parser.parse(copy.data(), text.size(), false).get(root); error != simdjson::SUCCESS)
    return {Problem{.begin = base, .end = base + 1, .detail = "not JSON: " + std::string(simdjson::error_message(error))}, {}};
  Walker walker(text, base, scan, builder);
  if (!walker.walk(root)) return {walker.problem(), {}};
  return {std::nullopt, builder.take()};
}

}  // namespace weir::compiler
