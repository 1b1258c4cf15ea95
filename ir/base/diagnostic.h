#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/span.h"

namespace weir::ir {

enum class Severity : std::uint8_t { Error, Warning, Note };

/// What a diagnostic does to the exit code (cli.md "Exit codes").
enum class Effect : std::uint8_t {
  Refuse,   // the document cannot be read or holds what weir does not honour: exit 3 everywhere
  Invalid,  // readable, but breaks its API's rules: exit 1 in `validate` and `check`, 3 elsewhere
  Finding,  // a result of a check: exit 1 when at or above --fail-on
};

/// Which diagnostic; the names are in code.h.
enum class Code : std::uint16_t;

struct CodeInfo {
  Code code;
  std::string_view id;     // "WEIR0201"
  std::string_view slug;   // "rule-shadowed"
  Severity severity;
  Effect effect;
  std::string_view title;  // one line, lower case
};

[[nodiscard]] const CodeInfo& info(Code);
[[nodiscard]] const std::vector<CodeInfo>& all_codes();
[[nodiscard]] std::string_view to_text(Severity);

struct DiagnosticLabel {
  Span span;
  std::string text;
  friend auto operator<=>(const DiagnosticLabel&, const DiagnosticLabel&) = default;
};

/// One thing to tell a person: what was seen, where, why it matters, how to mend it.
struct Diagnostic {
  Code kind{};
  Span primary;
  std::string detail;                   // what was observed; code in backticks; no full stop
  std::vector<DiagnosticLabel> labels;  // further places, in other files too
  std::vector<std::string> notes;
  std::string fix;                      // one actionable sentence, or empty
  std::string witness;                  // a JSON object, already confirmed by the evaluator, or empty
  std::optional<Severity> severity;     // where it is written for this one finding; absent: that of the code
  friend auto operator<=>(const Diagnostic&, const Diagnostic&) = default;
};

[[nodiscard]] Severity severity_of(const Diagnostic&);

/// The sink every stage reports to.
class Diagnostics {
 public:
  void report(Diagnostic diagnostic) { list_.push_back(std::move(diagnostic)); }
  [[nodiscard]] const std::vector<Diagnostic>& list() const { return list_; }
  [[nodiscard]] std::vector<Diagnostic>& list() { return list_; }
  /// Sorted by file, place and code; equal ones once.
  void sort();
  [[nodiscard]] bool has(Effect) const;       // at least one of Severity::Error with this effect
  [[nodiscard]] bool has_errors() const;      // any of Severity::Error

 private:
  std::vector<Diagnostic> list_;
};

}  // namespace weir::ir
