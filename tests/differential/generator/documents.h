#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/resolve/resolve.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "tests/differential/generator/written.h"

namespace weir::tests {

/// A manifest, one document.
struct Manifest {
  std::string name, text;
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// The inventory and the policies as YAML and JSON; `random` chooses among spellings that mean the same.
[[nodiscard]] std::vector<Manifest> manifests_of(Random&, const ir::Cluster&, const std::vector<Written>&);

/// The whole front end: bytes -> tree -> objects -> meaning.
struct FrontEnd {
  ir::Files files;
  ir::Diagnostics diagnostics;
  compiler::Resolved resolved;
  std::optional<ir::PolicySet> of_any_pod;
};
[[nodiscard]] FrontEnd compile(const std::vector<Manifest>&, const ir::Settings&);

/// Writes the manifests into a new folder under the system's temporary one, for `weir trace` and as a new case; its path.
[[nodiscard]] std::string keep(const std::vector<Manifest>&, const std::string& name);

}  // namespace weir::tests
