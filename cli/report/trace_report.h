#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "simulator/ask/trace.h"

namespace weir::cli {

/// `weir trace -o json` (cli.md "trace"), with its line end.
[[nodiscard]] std::string trace_json(const simulator::TraceAnswer&);
/// The members of that document beside apiVersion and kind.
void add_trace(const simulator::TraceAnswer&, nlohmann::ordered_json& into);
/// `weir trace` for people: the verdict, each side, the rules that decided and those that isolate.
[[nodiscard]] std::string trace_text(const simulator::TraceAnswer&);

}  // namespace weir::cli
