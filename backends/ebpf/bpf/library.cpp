#include "backends/ebpf/bpf/library.h"

namespace weir::backends {

std::string_view bpf_library() {
  static constexpr std::string_view kText =
#include "backends/ebpf/bpf/library.inc"
      ;
  return kText;
}

}  // namespace weir::backends
