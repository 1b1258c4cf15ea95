#include "ir/base/diagnostic.h"

#include <algorithm>

#include "ir/base/code.h"

namespace weir::ir {

const std::vector<CodeInfo>& all_codes() {
  static const std::vector<CodeInfo> codes = {
#define WEIR_DIAGNOSTIC(name, code, slug, severity, effect, title) \
  {Code::name, code, slug, Severity::severity, Effect::effect, title},
#include "ir/base/diagnostics.def"
#undef WEIR_DIAGNOSTIC
  };
  return codes;
}

const CodeInfo& info(Code code) { return all_codes()[static_cast<std::size_t>(code)]; }

std::string_view to_text(Severity severity) {
  switch (severity) {
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Note: return "note";
  }
  return "error";
}

Severity severity_of(const Diagnostic& diagnostic) { return diagnostic.severity.value_or(info(diagnostic.kind).severity); }

void Diagnostics::sort() {
  const auto key = [](const Diagnostic& d) { return std::tie(d.primary, d.kind, d.detail); };
  std::stable_sort(list_.begin(), list_.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  list_.erase(std::unique(list_.begin(), list_.end()), list_.end());
}

bool Diagnostics::has(Effect effect) const {
  return std::any_of(list_.begin(), list_.end(), [&](const Diagnostic& d) {
    return info(d.kind).effect == effect && severity_of(d) == Severity::Error;
  });
}

bool Diagnostics::has_errors() const {
  return std::any_of(list_.begin(), list_.end(),
                     [](const Diagnostic& d) { return severity_of(d) == Severity::Error; });
}

}  // namespace weir::ir
