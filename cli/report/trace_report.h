#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "simulator/ask/suggest.h"
#include "simulator/ask/trace.h"

namespace weir::cli {

/// `weir trace -o json` (cli.md "trace"), with its line end. `edits` adds "suggestions": what --suggest found.
[[nodiscard]] std::string trace_json(const simulator::TraceAnswer&, const std::vector<simulator::Suggestion>* edits = nullptr);
/// The members of that document beside apiVersion and kind.
void add_trace(const simulator::TraceAnswer&, nlohmann::ordered_json& into);
/// `weir trace` for people: the verdict, each side, the request, the rules that decided and those that isolate.
[[nodiscard]] std::string trace_text(const simulator::TraceAnswer&, const std::vector<simulator::Suggestion>* edits = nullptr);

}  // namespace weir::cli
