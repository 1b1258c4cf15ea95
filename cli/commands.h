#pragma once

#include "cli/options.h"

namespace weir::cli {

// One straight-line driver for each command; each returns its exit code (cli.md "Exit codes").
[[nodiscard]] int run_validate(const Request&);
[[nodiscard]] int run_verify(const Request&);
[[nodiscard]] int run_trace(const Request&);
[[nodiscard]] int run_policy_trace(const Request&);
[[nodiscard]] int run_route(const Request&);
[[nodiscard]] int run_connectivity(const Request&);
[[nodiscard]] int run_replay(const Request&);
[[nodiscard]] int run_flows(const Request&);
[[nodiscard]] int run_diff(const Request&);
[[nodiscard]] int run_diff_dialects(const Request&);
[[nodiscard]] int run_test(const Request&);
[[nodiscard]] int run_compile(const Request&);
[[nodiscard]] int run_explain(const Request&);
[[nodiscard]] int run_keygen(const Request&);

}  // namespace weir::cli
