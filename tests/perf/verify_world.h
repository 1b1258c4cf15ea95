#pragma once

#include <functional>

#include "compiler/resolve/resolve.h"
#include "ir/base/files.h"
#include "tests/perf/big_cluster.h"

namespace weir::perf {

/// The shortest of some rounds.
[[nodiscard]] double best_ms(int rounds, const std::function<void()>& work);

/// A generated cluster, read and resolved.
struct World {
  ir::Files files;
  compiler::Resolved resolved;
};
[[nodiscard]] World make_world(const ClusterSize&);

}  // namespace weir::perf
