#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

[[nodiscard]] inline ir::IpAddress address(std::string_view text) { return *ir::parse_address(text); }
[[nodiscard]] inline ir::IpPrefix prefix(std::string_view text) { return *ir::parse_prefix(text); }

/// Pods web-1, web-2 (equal labels) and db-1 in `shop`; nodes n1 (web-1, db-1) and n2 (web-2).
[[nodiscard]] ir::Cluster small_cluster(ir::Settings settings = {});
/// A rule of policy 0 on every pod of `shop` that has app=`app`.
[[nodiscard]] ir::Rule rule_on(std::string_view app, ir::Direction direction, std::vector<ir::Peer> peers);
[[nodiscard]] ir::Peer app_peer(std::string_view app);
[[nodiscard]] ir::Peer cidr_peer(std::string_view cidr, const std::vector<std::string>& except = {});
[[nodiscard]] ir::PolicySet policies_of(std::vector<ir::Rule> rules);

}  // namespace weir::compiler
