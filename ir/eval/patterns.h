#pragma once

#include <string>
#include <string_view>

#include "ir/cluster/cluster.h"
#include "ir/flow/request.h"
#include "ir/policy/l7.h"

namespace weir::ir {

/// "api.example.com." of "API.example.com" (policy.md 5.4, 5.5).
[[nodiscard]] std::string canonical_name(std::string_view name);

/// The RE2 expression of a matchName or matchPattern, as Cilium builds it (policy.md 5.5).
[[nodiscard]] std::string name_expression(const NamePattern&, Dialect);
/// Whether a DNS name, written in any way, is one that the pattern means (policy.md 5.5).
[[nodiscard]] bool name_matches(const NamePattern&, std::string_view name, Dialect);

/// The RE2 expression of one entry of serverNames (policy.md 5.3).
[[nodiscard]] std::string server_name_expression(std::string_view pattern);
[[nodiscard]] bool server_name_matches(std::string_view pattern, std::string_view sni);

/// policy.md 5.1: everything that the rule sets holds of the request.
[[nodiscard]] bool http_matches(const HttpMatch&, const HttpRequest&, const Cluster&);

}  // namespace weir::ir
