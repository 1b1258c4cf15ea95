#pragma once

#include <string>
#include <vector>

#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "simulator/ask/test.h"

namespace weir::cli {

/// `weir test -o json` (cli.md "Policy tests"), with its line end. `summary` counts checks and routes.
[[nodiscard]] std::string test_json(const std::vector<simulator::TestResult>&);
/// `weir test` for people: each failure with its place and reason, the totals, the rules no check exercised; `covall`: also what of
/// the routes nobody asserts.
[[nodiscard]] std::string test_text(const std::vector<simulator::TestResult>&, const ir::Files&, bool verbose = false, bool covall = false);
/// What failed, as findings for the readers that know findings alone: sarif, github, gitlab, markdown.
[[nodiscard]] ir::Diagnostics test_findings(const std::vector<simulator::TestResult>&);
/// `weir test -o junit`
[[nodiscard]] std::string test_junit(const std::vector<simulator::TestResult>&);

}  // namespace weir::cli
