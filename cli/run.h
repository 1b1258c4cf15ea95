#pragma once

namespace weir::cli {

/// The whole command line: parse, run one command, return its exit code (cli.md "Exit codes").
[[nodiscard]] int run(int argc, const char* const* argv);

}  // namespace weir::cli
