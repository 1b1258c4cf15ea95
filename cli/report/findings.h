#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ir/base/diagnostic.h"
#include "ir/base/files.h"

namespace weir::cli {

/// What a check or an invariant came to.
struct Proof {
  std::string property;
  bool holds = false;
  std::string status;  // "proven", "violated", "unknown"
  long millis = 0;
};

/// Further members of the JSON document: a name and its value as JSON text, such as `gatewayStatus`.
using ExtraMembers = std::vector<std::pair<std::string, std::string>>;

// The same findings for each reader (cli.md "findings", ergonomics.md section 2). All are sorted by file, place and code,
// and escape what users wrote for their format.

/// `kind: Findings`.
[[nodiscard]] std::string findings_json(const ir::Diagnostics&, const ir::Files&, const std::vector<Proof>&,
                                        const ExtraMembers& = {});
/// SARIF 2.1.0, with ranges in Unicode characters and fingerprints that do not depend on line numbers.
[[nodiscard]] std::string findings_sarif(const ir::Diagnostics&, const ir::Files&, const std::vector<Proof>&);
/// A failed test case for each finding, a test case for each proof.
[[nodiscard]] std::string findings_junit(const ir::Diagnostics&, const ir::Files&, const std::vector<Proof>&);
/// GitHub workflow commands: at most 10 for each severity, the last one counts the rest.
[[nodiscard]] std::string findings_github(const ir::Diagnostics&, const ir::Files&);
/// GitLab code quality.
[[nodiscard]] std::string findings_gitlab(const ir::Diagnostics&, const ir::Files&);
/// A comment of a pull request: verdict, 20 rows, the rest folded, never above 65,536 characters.
[[nodiscard]] std::string findings_markdown(const ir::Diagnostics&, const ir::Files&, const std::vector<Proof>&);

/// One of the above by the name `-o` takes; empty when the name is none of them.
[[nodiscard]] std::string findings_as(const std::string& format, const ir::Diagnostics&, const ir::Files&,
                                      const std::vector<Proof>&, const ExtraMembers& = {});

}  // namespace weir::cli
