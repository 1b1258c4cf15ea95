#pragma once

#include <string>
#include <vector>

#include "compiler/resolve/resolve.h"
#include "ir/base/files.h"
#include "simulator/ask/trace.h"

namespace weir::simulator {

/// One place to change.
struct Edit {
  std::string action;  // "add this element to `spec.ingress`", "remove this element"
  std::string place;   // "CiliumNetworkPolicy shop/backend (policies/backend.yaml:4:9)"; empty: a new document
  std::string yaml;    // what to put there; empty: nothing
};

/// Edits that turn the verdict together.
struct Suggestion {
  std::string effect;  // "the connection is allowed"
  std::vector<Edit> edits;
};

/// The smallest edits that would turn an allowed connection into a denied one or the other way round. The YAML of each is
/// compiled and the evaluator has confirmed the new verdict, so what cannot be confirmed is not there. Nothing is
/// suggested for an unknown verdict.
[[nodiscard]] std::vector<Suggestion> suggest(const compiler::Resolved&, const ir::Files&, const TraceAnswer&);

}  // namespace weir::simulator
