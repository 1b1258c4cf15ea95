#pragma once

#include "compiler/lower/peer_classes.h"
#include "compiler/lower/port_classes.h"
#include "compiler/lower/subject_classes.h"
#include "ir/base/result.h"
#include "ir/tables/table_set.h"

namespace weir::compiler {

/// Fills `remap`, `rows` and `cells` of tables whose class counts are set. Nothing, or exit code 3 when an endpoint's
/// rules need more than 256 local port classes.
[[nodiscard]] ir::Result<void> fill_rows(const Subjects&, const PeerClasses&, const PortClasses&, ir::TableSet&);

}  // namespace weir::compiler
