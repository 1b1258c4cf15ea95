#include "compiler/source/libyaml_reader.h"
#include "ir/base/code.h"

#include <yaml.h>

#include <array>
#include <functional>
#include <memory>

namespace weir::compiler {
namespace {

constexpr std::string_view kCore = "tag:yaml.org,2002:";

/// Owns libyaml's parser. One event lives at a time.
class Parser {
 public:
  explicit Parser(std::string_view text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Parser() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  bool next() {
    yaml_event_delete(&event_);
    event_ = {};
    return yaml_parser_parse(&parser_, &event_) == 1;
  }
  [[nodiscard]] const yaml_event_t& event() const { return event_; }
  [[nodiscard]] const yaml_parser_t& state() const { return parser_; }

 private:
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

std::string_view view(const yaml_char_t* text) { return text ? reinterpret_cast<const char*>(text) : ""; }

/// NEL, LS and PS break lines for libyaml (YAML 1.1) and are plain characters in YAML 1.2. While libyaml reads, each is
/// played by a character of the same length that the text does not use.
class LineBreakMask {
 public:
  explicit LineBreakMask(std::string_view text) {
    for (const std::string_view mark : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"})
      if (text.find(mark) != std::string_view::npos) pairs_.emplace_back(mark, unused(text, mark.size()));
  }
  [[nodiscard]] bool needed() const { return !pairs_.empty(); }
  void hide(std::string& text) const {
    for (const auto& [mark, stand_in] : pairs_) replace(text, mark, stand_in);
  }
  void show(std::string& text) const {
    for (const auto& [mark, stand_in] : pairs_) replace(text, stand_in, mark);
  }

 private:
  [[nodiscard]] std::string unused(std::string_view text, std::size_t length) const {
    // U+0100... for two bytes, U+E000... (private use) for three: far more than any text can use up in practice.
    for (unsigned code = length == 2 ? 0x100 : 0xE000;; ++code) {
      const char low = static_cast<char>(0x80 | (code & 0x3F));
      const char middle = static_cast<char>(0x80 | (code >> 6 & 0x3F));
      std::string candidate = length == 2 ? std::string{static_cast<char>(0xC0 | code >> 6), low}
                                          : std::string{static_cast<char>(0xE0 | code >> 12), middle, low};
      const bool taken = text.find(candidate) != std::string_view::npos ||
                         std::any_of(pairs_.begin(), pairs_.end(), [&](const auto& p) { return p.second == candidate; });
      if (!taken || (length == 2 ? code == 0x7FF : code == 0xF8FF)) return candidate;
    }
  }
  static void replace(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  }
  std::vector<std::pair<std::string, std::string>> pairs_;
};

/// One run over one document.
class Reader {
 public:
  Reader(std::string_view chunk, std::size_t base, bool want_shape, TreeBuilder& builder)
      : chunk_(chunk), base_(base), want_shape_(want_shape), builder_(builder), index_(chunk), mask_(chunk) {
    if (mask_.needed()) {
      masked_ = std::string(chunk);
      mask_.hide(masked_);
    }
  }

  LibyamlResult run() {
    Parser parser(mask_.needed() ? std::string_view(masked_) : chunk_);
    while (!result_.problem) {
      if (!parser.next()) {
        result_.problem = syntax_error(parser.state());
        break;
      }
      if (parser.event().type == YAML_STREAM_END_EVENT) break;
      result_.problem = take(parser.event());
    }
    if (!result_.problem) result_.root = builder_.take();
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::size_t offset(const yaml_mark_t& mark) const { return base_ + index_.byte(mark.index); }

  [[nodiscard]] std::optional<Problem> take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_ALIAS_EVENT: return alias(event, "an alias", view(event.data.alias.anchor), '*');
      case YAML_SCALAR_EVENT: return scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return start(event, Event::Kind::SequenceStart, view(event.data.sequence_start.anchor),
                     view(event.data.sequence_start.tag), event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
      case YAML_MAPPING_START_EVENT:
        return start(event, Event::Kind::MappingStart, view(event.data.mapping_start.anchor),
                     view(event.data.mapping_start.tag), event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
      case YAML_SEQUENCE_END_EVENT: return emit(event, {.kind = Event::Kind::SequenceEnd});
      case YAML_MAPPING_END_EVENT: return emit(event, {.kind = Event::Kind::MappingEnd});
      default: return std::nullopt;
    }
  }

  [[nodiscard]] std::optional<Problem> emit(const yaml_event_t& from, Event event) {
    event.begin = offset(from.start_mark);
    event.end = offset(from.end_mark);
    if (event.kind == Event::Kind::Scalar) event.end = trimmed_end(event);
    if (want_shape_)
      result_.shape.push_back({event.kind, event.kind == Event::Kind::Scalar && !event.quoted && is_null_text(event.text),
                               event.quoted, std::hash<std::string>{}(event.text), event.begin});
    return builder_.add(std::move(event));
  }

  /// A block scalar ends for libyaml where the next token starts; a person sees it end with its last character.
  [[nodiscard]] std::size_t trimmed_end(const Event& event) const {
    std::size_t end = event.end;
    while (end > event.begin && std::string_view(" \t\r\n").find(chunk_[end - base_ - 1]) != std::string_view::npos) --end;
    return end;
  }

  [[nodiscard]] std::optional<Problem> scalar(const yaml_event_t& from) {
    const auto& data = from.data.scalar;
    if (data.anchor) return alias(from, "an anchor", view(data.anchor), '&');
    std::string text(reinterpret_cast<const char*>(data.value), data.length);
    if (mask_.needed()) mask_.show(text);
    bool quoted = data.style != YAML_PLAIN_SCALAR_STYLE;
    if (const std::string_view tag = view(data.tag); !tag.empty()) {
      apply_tag(from, tag, text, quoted);
    }
    if (data.style != YAML_PLAIN_SCALAR_STYLE) remember_opaque(from);
    return emit(from, {.kind = Event::Kind::Scalar, .text = std::move(text), .quoted = quoted});
  }

  /// A comment may still stand on the header line of a block scalar: `|  # why`.
  void remember_opaque(const yaml_event_t& from) {
    std::size_t begin = offset(from.start_mark);
    const auto style = from.data.scalar.style;
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE)
      begin = std::min(chunk_.find('\n', begin - base_), chunk_.size()) + base_;
    result_.opaque.push_back({begin, offset(from.end_mark)});
  }

  /// `!!str` makes a string; `!!int`, `!!bool`, `!!float`, `!!null` say what the text says anyway. Any other tag is
  /// reported and the value read as a string, as Kubernetes' reader does.
  void apply_tag(const yaml_event_t& from, std::string_view tag, std::string_view text, bool& quoted) {
    constexpr std::array<std::string_view, 3> plain{"int", "bool", "float"};
    const std::string_view name = tag.starts_with(kCore) ? tag.substr(kCore.size()) : "";
    const bool null_agrees = name == "null" && is_null_text(text);
    const bool plain_agrees = !quoted && !is_null_text(text) && std::find(plain.begin(), plain.end(), name) != plain.end();
    if (name != "str" && !null_agrees && !plain_agrees) report_tag(from, tag);
    if (!plain_agrees) quoted = !null_agrees;
  }

  [[nodiscard]] std::optional<Problem> start(const yaml_event_t& from, Event::Kind kind, std::string_view anchor,
                                             std::string_view tag, bool flow) {
    if (!anchor.empty()) return alias(from, "an anchor", anchor, '&');
    const std::string_view own = kind == Event::Kind::SequenceStart ? "seq" : "map";
    if (!tag.empty() && tag != std::string(kCore) + std::string(own)) report_tag(from, tag);
    return emit(from, {.kind = kind, .flow = flow});
  }

  [[nodiscard]] Problem alias(const yaml_event_t& from, std::string what, std::string_view name, char sigil) const {
    const std::size_t begin = offset(from.start_mark);
    return {.code = ir::Code::AliasRefused, .begin = begin, .end = begin + 1 + name.size(),
            .detail = std::move(what) + " (`" + sigil + clip(name) + "`)", .fix = "write the value out at each place"};
  }

  void report_tag(const yaml_event_t& from, std::string_view tag) {
    std::string shown = tag.starts_with(kCore) ? "!!" + std::string(tag.substr(kCore.size())) : std::string(tag);
    const std::size_t begin = offset(from.start_mark);
    const std::size_t length = chunk_.substr(begin - base_).find_first_of(" \t\r\n,]}");
    builder_.report({.code = ir::Code::ForeignTag, .begin = begin, .end = begin + std::min(length, shown.size()),
                     .detail = "the tag `" + clip(shown) + "` means nothing here", .fix = "remove the tag and write the value itself"});
  }

  [[nodiscard]] Problem syntax_error(const yaml_parser_t& parser) const {
    Problem problem;
    problem.begin = parser.error == YAML_READER_ERROR ? base_ + parser.problem_offset : offset(parser.problem_mark);
    problem.end = problem.begin + 1;
    problem.detail = parser.problem ? parser.problem : "not YAML";
    if (parser.context && parser.context_mark.index <= parser.problem_mark.index) {
      problem.context = offset(parser.context_mark);
      problem.context_text = parser.context;
    }
    return problem;
  }

  std::string_view chunk_;
  std::size_t base_;
  bool want_shape_;
  TreeBuilder& builder_;
  CharIndex index_;
  LineBreakMask mask_;
  std::string masked_;
  LibyamlResult result_;
};

}  // namespace

LibyamlResult read_libyaml(std::string_view chunk, std::size_t base, bool want_shape, TreeBuilder& builder) {
  return Reader(chunk, base, want_shape, builder).run();
}

}  // namespace weir::compiler
