#pragma once

#include <string>

#include "compiler/source/load.h"

namespace weir::compiler {

/// Reads the bytes of one file, named `name`, into `out`, through `sink` when it is set; they belong to cluster `cluster` (empty: the local one).
void read_file(std::string name, std::string bytes, const std::string& cluster, const SourceLimits&, ir::Files& files,
               Sources& out, ir::Diagnostics&, const DocumentSink& sink = {});

}  // namespace weir::compiler
