#pragma once

namespace weir::ir {

/// Prints where and why, then aborts. Used through WEIR_CHECK only.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace weir::ir

/// A bug in weir, not a mistake in the input: print the place and abort (architecture.md rule 4).
#define WEIR_CHECK(condition)                                                  \
  do {                                                                         \
    if (!(condition)) ::weir::ir::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
