#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/base/result.h"
#include "ir/cluster/gateway_dialect.h"

namespace weir::ir {

enum class Dialect : std::uint8_t { Cilium120, Cilium119, Cilium118, K8s };
enum class Enforcement : std::uint8_t { Default, Always, Never };

/// Everything a verdict depends on beside the objects (policy.md section 0). Printed with every report.
struct Settings {
  Dialect dialect = Dialect::Cilium120;
  std::optional<GatewayDialect> gateway_dialect;  // absent: that of `dialect`; k8s means the text of the API
  std::int64_t now = 0;             // Unix seconds, for certificates; 0: not known, then none has expired. No key of --set
  Enforcement enforcement = Enforcement::Default;
  bool allow_localhost = true;      // `always`; false is `policy`
  bool cidr_match_nodes = false;    // cidr_match_mode holds `nodes`
  bool cidr_match_pods = false;     // cidr_match_mode holds `pods`
  bool default_local_cluster = true;
  std::string cluster_name = "default";
  bool host_firewall = false;
  bool non_default_deny_policies = true;
  bool allow_icmp_frag_needed = true;
  std::uint32_t cluster_id = 0;
  bool node_selector_labels = false;  // nodes carry their labels; needed for fromNodes, toNodes, nodes
  bool icmp_rules = true;
  bool l7_proxy = true;             // false: a rule about requests is an import error
  bool extended_ip_protocols = false;
  bool sctp = false;
  bool k8s_cluster_network_policy = false;  // Cilium 1.20 enforces ClusterNetworkPolicy
  bool audit_mode = false;          // policy.md 6.9
  bool dual_stack = false;          // ipv4 and ipv6: world-ipv4 and world-ipv6 instead of world (policy.md 1.5)
  // Named switches for what was only read in code, never seen running (policy.md section 12).
  bool derived_icmp_type_zero_is_all = true;          // 3.9
  bool derived_np_rules_isolate_unlisted_types = true;  // 7.5d
  bool derived_other_namespace_selects_nothing = true;  // 2.5
  bool derived_no_service_selects_nothing = true;       // 2.9; false: any peer
  bool derived_empty_outside_peers_are_absent = true;   // 3.6, toFQDNs, toServices, toGroups: []
  bool derived_port_rule_without_ports_matches_nothing = true;  // 3.6
  bool derived_l3_allow_keeps_dns_rules = true;         // 5.4
  bool derived_baseline_before_default_deny = false;    // 8.2; on in 1.20
  bool derived_proxy_sees_baseline = true;              // 4.2a
  friend auto operator<=>(const Settings&, const Settings&) = default;
};

/// The one that counts.
[[nodiscard]] GatewayDialect gateway_dialect(const Settings&);
[[nodiscard]] Result<Dialect> parse_dialect(std::string_view);
[[nodiscard]] std::string_view to_text(Dialect);
/// The defaults of a dialect (policy.md section 0 and 7.5).
[[nodiscard]] Settings settings_for(Dialect);
/// `--set key=value`; exit code 2 for an unknown key or value.
[[nodiscard]] Result<Settings> with(Settings, std::string_view key, std::string_view value);
/// Every key of section 0 that weir reads and its value, sorted by key.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> to_pairs(const Settings&);

}  // namespace weir::ir
