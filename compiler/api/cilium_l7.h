#pragma once

#include <optional>
#include <string_view>

#include "compiler/api/reader.h"
#include "ir/policy/l7.h"

namespace weir::compiler {

/// Where a port rule stands: what it may say depends on it (policy.md 3.10, 3.12).
struct PortContext {
  bool deny = false, egress = false;
  bool cluster_wide = false;         // of a CiliumClusterwideNetworkPolicy
  bool on_nodes = false;             // under a nodeSelector
  std::string_view namespace_name;   // of the policy; empty when cluster-wide
};

/// rules, serverNames, listener and the TLS contexts of one port rule, checked as the importer does (policy.md 3.12, 5.3,
/// 5.5); absent when there is none of them, or only empty ones (3.6).
[[nodiscard]] std::optional<ir::L7Rules> read_cilium_l7(const FieldReader& port_rule, const PortContext&);

/// matchName or matchPattern of toFQDNs or of a DNS rule (policy.md 5.5). Reports what is wrong with it.
[[nodiscard]] std::vector<Located<ir::NamePattern>> read_name_patterns(const Node&, const FieldTable&, ir::Diagnostics&);

}  // namespace weir::compiler
