#pragma once

// Private to compiler/invariants: ANTLR's headers are heavy.

#include <map>
#include <string>

#include "compiler/invariants/errors.h"
#include "compiler/invariants/invariants.h"

namespace weir::compiler {

/// Parse trees -> values. A line with an error gives nothing.
class InvariantReader {
 public:
  /// `text` is the whole file.
  InvariantReader(const std::string& text, InvariantErrors& errors) : text_(text), errors_(errors) {}

  /// The named sets of a file; a set may name another that is defined anywhere in it.
  void define(invariant_grammar::InvariantsParser::FileContext*);
  [[nodiscard]] Invariants statements(invariant_grammar::InvariantsParser::FileContext*);

 private:
  using Parser = invariant_grammar::InvariantsParser;
  /// A set while it is looked up: one that names itself is an error.
  struct Set {
    Parser::DefinitionContext* written = nullptr;
    std::optional<Parties> parties;
    bool busy = false;
  };
  [[nodiscard]] std::optional<Parties> parties_of(Parser::PartiesContext*);
  [[nodiscard]] const Parties* set_named(Parser::PartyContext*);
  [[nodiscard]] std::string reason_of(Parser::ReasonContext*) const;
  [[nodiscard]] bool read_ports(Parser::PortsContext*, InvariantPorts& into);
  [[nodiscard]] std::optional<Invariant::Statement> statement_of(Parser::StatementContext*);
  [[nodiscard]] std::optional<Invariant::Statement> reach_of(Parser::ReachContext*);
  [[nodiscard]] std::optional<Invariant::Statement> only_of(Parser::OnlyContext*);
  [[nodiscard]] std::optional<Invariant::Statement> bandwidth_of(Parser::BandwidthContext*);
  [[nodiscard]] std::optional<Invariant::Statement> serves_of(Parser::ServesContext*);
  [[nodiscard]] std::optional<InvariantException> exception_of(Parser::ExemptContext*);
  [[nodiscard]] bool qualify(const std::vector<Parser::QualifierContext*>&, Invariant&);
  void read_line(Parser::LineContext*, Invariants&);
  [[nodiscard]] bool broken(antlr4::ParserRuleContext* context) const { return errors_.has(context->getStart()->getLine()); }
  template <class Value>
  [[nodiscard]] bool take(antlr4::ParserRuleContext* place, ir::Result<Value> read, Value& into);

  const std::string& text_;
  InvariantErrors& errors_;
  std::map<std::string, Set> sets_;
  bool open_ = false;  // a statement stands above, to which exceptions and qualifiers belong
  bool reason_said_ = false, severity_said_ = false;  // of that statement
};

}  // namespace weir::compiler
