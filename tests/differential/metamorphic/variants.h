#pragma once

#include <string>
#include <vector>

#include "tests/differential/generator/documents.h"
#include "tests/differential/generator/random.h"
#include "tests/differential/generator/written.h"

namespace weir::tests {

/// The manifests of `policies` and of one more, whose rules are all of `action`.
[[nodiscard]] std::vector<Manifest> with_more(Random&, const ir::Cluster&, const std::vector<Written>& policies, ir::Action);
/// The same policies with the elements of every list, and the specs, in another order.
[[nodiscard]] std::vector<Written> shuffled_rules(Random&, std::vector<Written>);
/// The same manifests as files in another order, and as one file.
[[nodiscard]] std::vector<Manifest> shuffled(Random&, std::vector<Manifest>);
[[nodiscard]] std::vector<Manifest> in_one_file(Random&, const std::vector<Manifest>&);
/// Every manifest after its way through the tree and back to YAML text.
[[nodiscard]] std::vector<Manifest> printed(const std::vector<Manifest>&);

/// Empty, or where two front ends differ beside places: inventory, rules, routes, diagnostics.
[[nodiscard]] std::string difference(const FrontEnd&, const FrontEnd&);
/// The tables of the whole cluster and of every node as text.
[[nodiscard]] std::string tables_text(const FrontEnd&);

}  // namespace weir::tests
