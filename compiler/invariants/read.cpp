// Text -> statements. ANTLR recovers at the end of a line, so every line gets its own answer; only the first error of a
// line is told, and a line with an error gives no statement. Tested by tests/unit/compiler/verify/invariants_test.cpp.
#include <algorithm>
#include <set>

#include "compiler/invariants/generated/InvariantsLexer.h"
#include "compiler/invariants/generated/InvariantsParser.h"
#include "compiler/invariants/invariants.h"
#include "compiler/invariants/terms.h"
#include "ir/base/check.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

using invariant_grammar::InvariantsLexer;
using invariant_grammar::InvariantsParser;

/// How a token kind is named to people.
std::string describe(std::size_t type) {
  switch (type) {
    case InvariantsParser::DENY: return "`deny`";
    case InvariantsParser::ALLOW: return "`allow`";
    case InvariantsParser::FROM: return "`from`";
    case InvariantsParser::TO: return "`to`";
    case InvariantsParser::ON: return "`on`";
    case InvariantsParser::COMMA: return "`,`";
    case InvariantsParser::PARTY: return "a party such as `namespace:shop`";
    case InvariantsParser::PORT: return "a port such as `8080/TCP`";
    case InvariantsParser::WORD: return "a protocol";
    default: return "the end of the line";
  }
}

std::string expectation(const antlr4::misc::IntervalSet& expected) {
  std::vector<std::string> names;
  for (const std::ptrdiff_t type : expected.toList()) {
    const std::string name = describe(static_cast<std::size_t>(type));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

/// Both the listener of ANTLR's errors and the place where ours are reported.
class Errors : public antlr4::BaseErrorListener {
 public:
  Errors(ir::FileId file, ir::Diagnostics& diagnostics) : file_(file), diagnostics_(diagnostics) {}

  void syntaxError(antlr4::Recognizer* recognizer, antlr4::Token* token, std::size_t line, std::size_t column,
                   const std::string&, std::exception_ptr) override {
    const auto* parser = dynamic_cast<antlr4::Parser*>(recognizer);
    const std::string text = token ? token->getText() : std::string();
    const bool at_end = text.empty() || text == "<EOF>" || text[0] == '\n' || text[0] == '\r';
    std::string detail = (at_end ? std::string("the line ends") : "found `" + text + "`") + " where ";
    detail += (parser ? expectation(const_cast<antlr4::Parser*>(parser)->getExpectedTokens()) : "a word") + " should stand";
    report(place(line, column, at_end ? 1 : text.size()), std::move(detail));
  }

  void report(ir::Span span, std::string detail) {
    if (!lines_.insert(span.line).second) return;
    ir::Diagnostic error;
    error.kind = ir::Code::InvariantSyntax;
    error.primary = span;
    error.detail = std::move(detail);
    error.fix = "write `deny from PARTY to PARTY on PORT` or `allow from PARTY to PARTY on PORT`";
    diagnostics_.report(std::move(error));
  }

  [[nodiscard]] bool has(std::size_t line) const { return lines_.contains(static_cast<std::uint32_t>(line)); }

  [[nodiscard]] ir::Span place(std::size_t line, std::size_t column, std::size_t length) const {
    const auto row = static_cast<std::uint32_t>(line), first = static_cast<std::uint32_t>(column + 1);
    return {file_, row, first, row, first + static_cast<std::uint32_t>(length)};
  }

  [[nodiscard]] ir::Span place(antlr4::ParserRuleContext* context) const {
    const antlr4::Token *first = context->getStart(), *last = context->getStop();
    ir::Span span = place(first->getLine(), first->getCharPositionInLine(), 0);
    span.end_line = static_cast<std::uint32_t>(last->getLine());
    span.end_column = static_cast<std::uint32_t>(last->getCharPositionInLine() + last->getText().size() + 1);
    return span;
  }

 private:
  ir::FileId file_;
  ir::Diagnostics& diagnostics_;
  std::set<std::uint32_t> lines_;
};

std::optional<InvariantParty> party_of(InvariantsParser::PartyContext* context, Errors& errors) {
  auto party = read_invariant_party(context->getText());
  if (party) return *party;
  errors.report(errors.place(context), party.error().message);
  return std::nullopt;
}

std::optional<Invariant> statement_of(InvariantsParser::ReachContext* context, Errors& errors) {
  ReachInvariant reach;
  reach.claim = context->claim()->DENY() ? Claim::Deny : Claim::Allow;
  const auto source = party_of(context->source, errors), destination = party_of(context->destination, errors);
  if (!source || !destination) return std::nullopt;
  reach.source = *source;
  reach.destination = *destination;
  for (InvariantsParser::PortContext* port : context->port()) {
    const auto match = read_invariant_port(port->getText());
    if (!match) {
      errors.report(errors.place(port), match.error().message);
      return std::nullopt;
    }
    if (!reach.ports) reach.ports.emplace();
    reach.ports->push_back(*match);
  }
  return Invariant{reach, errors.place(context)};
}

/// ANTLR reads UTF-8 and throws on bad bytes, and counts characters where a Span counts bytes. The language is ASCII
/// outside comments, so any other byte may become a character that no name has.
std::string as_ascii(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return text;
}

}  // namespace

Invariants read_invariants(ir::FileId file, const ir::Files& files, ir::Diagnostics& diagnostics) {
  const ir::File& source = files.at(file);
  WEIR_CHECK(source.text);
  Errors errors(file, diagnostics);
  antlr4::ANTLRInputStream input(as_ascii(*source.text));
  InvariantsLexer lexer(&input);
  lexer.removeErrorListeners();
  lexer.addErrorListener(&errors);
  antlr4::CommonTokenStream tokens(&lexer);
  InvariantsParser parser(&tokens);
  parser.removeErrorListeners();
  parser.addErrorListener(&errors);
  Invariants invariants;
  for (InvariantsParser::LineContext* line : parser.file()->line()) {
    InvariantsParser::StatementContext* statement = line->statement();
    if (!statement || !statement->reach() || errors.has(statement->getStart()->getLine())) continue;
    if (auto read = statement_of(statement->reach(), errors)) invariants.statements.push_back(std::move(*read));
  }
  return invariants;
}

}  // namespace weir::compiler
