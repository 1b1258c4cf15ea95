#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/resolve/policies.h"

namespace weir::compiler {

/// What the elements of one rule are resolved in.
struct ElementContext {
  const PolicyContext& policy;
  std::string_view space;  // namespace of the policy; empty: cluster-wide
  bool subject_is_init = false;
  const CiliumRule& rule;

  [[nodiscard]] std::string rule_cluster() const;
};

/// policy.md 3.4: of the policies of one cluster (empty: the local one). Empty in dialects that have no requirements.
[[nodiscard]] SubjectRequirements requirements_of(const PolicyObjects&, std::string_view cluster, const ir::Settings&);

/// Absent: any peer. Empty: nobody (policy.md 3.6). What was only read in code is added to `assumptions`, sorted.
[[nodiscard]] std::optional<std::vector<ir::Peer>> cilium_peers(const CiliumElement&, const ElementContext&,
                                                                std::vector<std::string>& assumptions);

}  // namespace weir::compiler
