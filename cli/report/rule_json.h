#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "ir/flow/rule_ref.h"

namespace weir::cli {

/// cli.md "Rule reference"; members that do not apply are left out.
[[nodiscard]] nlohmann::ordered_json rule_json(const ir::RuleRef&);
[[nodiscard]] nlohmann::ordered_json rules_json(const std::vector<ir::RuleRef>&);
/// {"apiVersion": "weir.dev/v1alpha1", "kind": kind}
[[nodiscard]] nlohmann::ordered_json head_json(const char* kind);

}  // namespace weir::cli
