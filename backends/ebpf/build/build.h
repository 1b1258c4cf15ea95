#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"

namespace weir::backends {

/// Why the generated C was refused; `line` and `column` count in the C text, from 1.
struct CheckFinding {
  unsigned line = 0, column = 0;
  std::string message;
};

/// Walks the syntax tree of the C text and refuses what the oldest supported kernel (6.1) would refuse: loops without a
/// constant bound, helpers off its list, packet access outside `weir_pkt_*` functions, inline assembly other than the
/// mask, recursion, calls through pointers. Empty: nothing found. A text that is no C is one finding.
[[nodiscard]] std::vector<CheckFinding> check_bpf(std::string_view c_text);

/// C text -> check_bpf -> clang -> BPF object with BTF, in process; reads no file. Not thread safe on first use.
[[nodiscard]] ir::Result<std::string> compile_bpf(std::string_view c_text);

}  // namespace weir::backends
