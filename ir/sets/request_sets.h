#pragma once

#include <optional>
#include <string_view>

#include "ir/route/route_table.h"
#include "ir/sets/automaton.h"

namespace weir::ir {

// What parts of a match take (gateway.md 20, 21, 35), as sets of texts. An expression that RE2 refuses takes nothing; nothing as
// the answer: the expression is one that weir cannot make a set of.

[[nodiscard]] std::optional<Automaton> regex_set(std::string_view pattern);
[[nodiscard]] std::optional<Automaton> path_set(const PathMatch&);
[[nodiscard]] std::optional<Automaton> value_set(const ValueMatch&);
/// Paths `/Service/Method`.
[[nodiscard]] std::optional<Automaton> grpc_path_set(const GrpcMatch&);
/// Content types that make a POST a gRPC request.
[[nodiscard]] const Automaton& grpc_types();

// What a client may send at all: printable ASCII, as RFC 3986 and RFC 9110 have it. A proxy refuses the rest.

/// `*`, or `/` and what may stand behind it; no `?` and no `#`.
[[nodiscard]] const Automaton& request_paths();
[[nodiscard]] const Automaton& header_values();
[[nodiscard]] const Automaton& query_values();

}  // namespace weir::ir
