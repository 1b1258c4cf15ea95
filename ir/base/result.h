#pragma once

#include <string>
#include <tl/expected.hpp>

namespace weir::ir {

/// The world failed: a file, the kernel, a solver. Not for mistakes in the input (those are a Diagnostic).
struct Error {
  std::string message;  // lower case, no full stop, says what was tried and what came back
  int exit_code = 5;    // cli.md "Exit codes": 2 bad question, 3 refused input, 5 the world failed
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> failure(std::string message, int exit_code = 5) {
  return tl::unexpected<Error>(Error{std::move(message), exit_code});
}

}  // namespace weir::ir
