#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/report/findings.h"

namespace weir::cli {

/// One diagnostic with what every format needs of it.
struct Finding {
  const ir::Diagnostic* source = nullptr;
  const ir::CodeInfo* code = nullptr;
  std::string message;      // as written: each format escapes it
  std::string file;         // empty: no place
  std::string fingerprint;  // 16 hex digits, the same when lines above it come or go
  ir::Severity severity = ir::Severity::Error;
};

/// Sorted; the same diagnostic once.
struct FindingList {
  FindingList() = default;
  FindingList(const FindingList&) = delete;  // findings point into `sorted`
  FindingList(FindingList&&) = default;

  ir::Diagnostics sorted;
  std::vector<Finding> findings;
  std::uint64_t errors = 0, warnings = 0, notes = 0;
};

[[nodiscard]] FindingList collect(const ir::Diagnostics&, const ir::Files&);
[[nodiscard]] std::string file_name(const ir::Files&, const ir::Span&);
/// "1 error, 2 warnings", or "no findings".
[[nodiscard]] std::string counts_text(const FindingList&);

}  // namespace weir::cli
