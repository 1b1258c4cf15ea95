// Text -> statements. ANTLR recovers at the end of a line, so every line gets its own answer; only the first error of a
// line is told, and a line with an error gives no statement. Tested by tests/unit/compiler/verify/invariants_test.cpp.
#include "compiler/invariants/generated/InvariantsLexer.h"
#include "compiler/invariants/statements.h"
#include "ir/base/check.h"

namespace weir::compiler {
namespace {

/// ANTLR reads UTF-8 and throws on bad bytes, and counts characters where a Span counts bytes. The language is ASCII
/// outside comments and reasons, so any other byte may become a character that no name has.
std::string as_ascii(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return text;
}

}  // namespace

Invariants read_invariants(ir::FileId file, const ir::Files& files, ir::Diagnostics& diagnostics) {
  const ir::File& source = files.at(file);
  WEIR_CHECK(source.text);
  InvariantErrors errors(file, diagnostics);
  antlr4::ANTLRInputStream input(as_ascii(*source.text));
  invariant_grammar::InvariantsLexer lexer(&input);
  lexer.removeErrorListeners();
  lexer.addErrorListener(&errors);
  antlr4::CommonTokenStream tokens(&lexer);
  invariant_grammar::InvariantsParser parser(&tokens);
  parser.removeErrorListeners();
  parser.addErrorListener(&errors);
  auto* tree = parser.file();
  InvariantReader reader(*source.text, errors);
  reader.define(tree);
  return reader.statements(tree);
}

}  // namespace weir::compiler
