#pragma once

#include <string_view>

namespace weir::backends {

/// The text of the BPF library, in the order of its includes and without them; wants the defines of emit_c before it.
[[nodiscard]] std::string_view bpf_library();

}  // namespace weir::backends
