#pragma once

// Private to compiler/invariants: ANTLR's headers are heavy.

#include <set>
#include <string>

#include "compiler/invariants/generated/InvariantsParser.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// Both the listener of ANTLR's errors and the place where ours are reported. Only the first error of a line is told.
class InvariantErrors : public antlr4::BaseErrorListener {
 public:
  InvariantErrors(ir::FileId file, ir::Diagnostics& diagnostics) : file_(file), diagnostics_(diagnostics) {}

  void syntaxError(antlr4::Recognizer*, antlr4::Token*, std::size_t line, std::size_t column, const std::string&, std::exception_ptr) override;
  /// `fix` empty: what the forms of a line are.
  void report(ir::Span, std::string detail, std::string fix = {});

  [[nodiscard]] bool has(std::size_t line) const { return lines_.contains(static_cast<std::uint32_t>(line)); }
  [[nodiscard]] ir::Span place(antlr4::ParserRuleContext*) const;

 private:
  [[nodiscard]] ir::Span place(std::size_t line, std::size_t column, std::size_t length) const;

  ir::FileId file_;
  ir::Diagnostics& diagnostics_;
  std::set<std::uint32_t> lines_;
};

}  // namespace weir::compiler
