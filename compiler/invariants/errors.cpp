#include "compiler/invariants/errors.h"

#include <algorithm>

#include "compiler/api/reader.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

using invariant_grammar::InvariantsParser;

std::string describe_end() { return "the end of the line"; }

/// How a token kind is named to people.
std::string describe(const antlr4::dfa::Vocabulary& vocabulary, std::size_t type) {
  switch (type) {
    case InvariantsParser::PARTY: return "a party such as `namespace:shop`";
    case InvariantsParser::PORT: return "a port such as `8080/TCP`";
    case InvariantsParser::WORD: return "a name";
    case InvariantsParser::SERVICE: return "a Service such as `shop/cart`";
    case InvariantsParser::QUANTITY: return "a bandwidth such as `100M`";
    case InvariantsParser::DATE: return "a date such as `2027-01-31`";
    case InvariantsParser::STRING: return "a text in double quotes";
    default: break;
  }
  const std::string literal = vocabulary.getLiteralName(type);
  return literal.size() < 3 ? describe_end() : "`" + literal.substr(1, literal.size() - 2) + "`";
}

std::vector<std::string> expectations(antlr4::Parser& parser) {
  std::vector<std::string> names;
  for (const std::ptrdiff_t type : parser.getExpectedTokens().toList()) {
    const std::string name = describe(parser.getVocabulary(), static_cast<std::size_t>(type));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

/// What a line may begin with, and what may follow a statement: the parser calls both the end of the line.
constexpr std::string_view kBeginnings[] = {"allow", "because", "deny", "egress-bandwidth", "every", "except", "isolated", "no", "only", "route", "set", "severity"};
constexpr std::string_view kEndings[] = {"because", "on", "or", "severity"};

/// The keyword that a word may have been meant as.
std::string suggestion(const std::string& found, const std::vector<std::string>& expected, bool begins) {
  std::vector<std::string_view> words;
  if (begins) words.assign(std::begin(kBeginnings), std::end(kBeginnings));
  else if (std::find(expected.begin(), expected.end(), describe_end()) != expected.end()) words.assign(std::begin(kEndings), std::end(kEndings));
  for (const std::string& name : expected)
    if (name.starts_with('`')) words.push_back(std::string_view(name).substr(1, name.size() - 2));
  if (words.size() == 1) return "write `" + std::string(words.front()) + "`";
  const std::string meant = nearest(found, words);
  return meant.empty() ? "" : "did you mean `" + meant + "`?";
}

/// Whether nothing but blanks stands before it on its line.
bool begins_line(antlr4::Parser& parser, const antlr4::Token& token) {
  const std::size_t index = token.getTokenIndex();
  return index == 0 || parser.getTokenStream()->get(index - 1)->getLine() != token.getLine();
}

}  // namespace

void InvariantErrors::syntaxError(antlr4::Recognizer* recognizer, antlr4::Token* token, std::size_t line, std::size_t column,
                                  const std::string&, std::exception_ptr) {
  auto* parser = dynamic_cast<antlr4::Parser*>(recognizer);
  const std::string text = token ? token->getText() : std::string();
  const bool at_end = text.empty() || text == "<EOF>" || text[0] == '\n' || text[0] == '\r';
  const std::vector<std::string> expected = parser ? expectations(*parser) : std::vector<std::string>{"a word"};
  const bool begins = parser && token && !at_end && begins_line(*parser, *token);
  std::string detail = (at_end ? std::string("the line ends") : "found `" + text + "`") + " where " + (begins ? "a statement" : joined(expected)) + " should " + (begins ? "begin" : "stand");
  report(place(line, column, at_end ? 1 : text.size()), std::move(detail), at_end ? "" : suggestion(text, expected, begins));
}

void InvariantErrors::report(ir::Span span, std::string detail, std::string fix) {
  if (!lines_.insert(span.line).second) return;
  ir::Diagnostic error;
  error.kind = ir::Code::InvariantSyntax;
  error.primary = span;
  error.detail = std::move(detail);
  error.fix = fix.empty() ? "write a line such as `deny from PARTY to PARTY on PORT`; docs/invariants.md has every form" : std::move(fix);
  diagnostics_.report(std::move(error));
}

ir::Span InvariantErrors::place(std::size_t line, std::size_t column, std::size_t length) const {
  const auto row = static_cast<std::uint32_t>(line), first = static_cast<std::uint32_t>(column + 1);
  return {file_, row, first, row, first + static_cast<std::uint32_t>(length)};
}

ir::Span InvariantErrors::place(antlr4::ParserRuleContext* context) const {
  const antlr4::Token *first = context->getStart(), *last = context->getStop();
  ir::Span span = place(first->getLine(), first->getCharPositionInLine(), 0);
  span.end_line = static_cast<std::uint32_t>(last->getLine());
  span.end_column = static_cast<std::uint32_t>(last->getCharPositionInLine() + last->getText().size() + 1);
  return span;
}

}  // namespace weir::compiler
