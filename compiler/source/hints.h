#pragma once

#include <string_view>

#include "compiler/source/problem.h"

namespace weir::compiler {

/// Says in a person's words what broke a document, where the reason is a common one: a tab, a template that was not
/// rendered, conflict markers. `chunk` starts at byte `base`; other problems pass unchanged.
[[nodiscard]] Problem explain_problem(Problem problem, std::string_view chunk, std::size_t base);

}  // namespace weir::compiler
