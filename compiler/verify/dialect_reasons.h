#pragma once

#include <vector>

#include "compiler/verify/dialect_diff.h"

namespace weir::compiler {

using RuleList = std::vector<const ir::Rule*>;

/// A DNS or FQDN pattern that begins with `**` (policy.md 5.5).
[[nodiscard]] bool has_deep_pattern(const ir::Rule&);

/// What a setting that differs means for a policy; the key `dialect` means several things.
[[nodiscard]] std::vector<DialectReason> explain(const std::string& key, const CiliumNetworkPolicy* written, const RuleList& from,
                                                 const RuleList& to, const ir::Settings&);

}  // namespace weir::compiler
