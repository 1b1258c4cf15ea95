#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/report/findings.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"

namespace weir::cli {

/// Prints findings as `-o` says (text: carets on standard error, `summary` on standard output) and writes every
/// `--report FORMAT=FILE`; JSON has the extra members too. Returns 0, 2 for an unknown format, 5 when a file cannot be written.
[[nodiscard]] int print_findings(const ir::Diagnostics&, const ir::Files&, const std::vector<Proof>&,
                                 const CommonOptions&, const std::string& summary, const ExtraMembers& = {});

/// "3 errors, 1 warning, 0 notes"
[[nodiscard]] std::string count_text(const ir::Diagnostics&);

}  // namespace weir::cli
