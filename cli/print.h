#pragma once

#include <string>

#include "cli/options.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/base/result.h"

namespace weir::cli {

/// Results go to standard output, everything else to standard error (cli.md "Common flags").
void print_result(const std::string& text);
void print_diagnostics(const ir::Diagnostics&, const ir::Files&, const CommonOptions&);
/// "error: ..." and its exit code.
[[nodiscard]] int print_error(const ir::Error&);

/// Whether escape sequences may go to standard error.
[[nodiscard]] bool wants_color(const CommonOptions&);

/// The input gate of every command but `validate`: prints what is wrong and returns 3 when the input is refused, else 0.
[[nodiscard]] int gate(const ir::Diagnostics&, const ir::Files&, const CommonOptions&);

/// Exit code 1 when a finding is at or above --fail-on, 3 when a document is refused, else 0.
[[nodiscard]] int findings_exit(const ir::Diagnostics&, const CommonOptions&);

/// Ends the process with what was read still in memory: to take a large run apart piece by piece costs a tenth of it, and
/// nobody waits for that. For a command's last line, after its answer was printed.
[[noreturn]] void leave(int code);

/// --now, SOURCE_DATE_EPOCH or the system's clock, in seconds since 1970.
[[nodiscard]] ir::Result<std::int64_t> seconds_now(const CommonOptions&);
/// "today" as YYYY-MM-DD by --now, SOURCE_DATE_EPOCH or the system's clock (architecture.md rule 8).
[[nodiscard]] ir::Result<std::string> today(const CommonOptions&);

}  // namespace weir::cli
