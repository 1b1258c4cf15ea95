#pragma once

#include <cstddef>
#include <string>

#include "compiler/source/load.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"

namespace weir::cli {

struct SuppressOptions {
  std::string today;        // YYYY-MM-DD
  bool proofs_ran = false;  // `verify`: only then can a suppression of WEIR02nn be called unused
};

/// cli.md "Suppressing a finding": takes out what `# weir:ignore CODE reason until=DATE` (on the line, or alone on a line
/// above it) and the annotation `weir.dev/ignore: "CODE: reason"` (on the object) cover, and reports the suppressions
/// that have expired or cover nothing. Only findings can be suppressed, never an error that refuses the input.
/// Returns how many were taken out.
std::size_t suppress(ir::Diagnostics&, const compiler::Sources&, const ir::Files&, const SuppressOptions&);

}  // namespace weir::cli
