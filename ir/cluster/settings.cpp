#include "ir/cluster/settings.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace weir::ir {
namespace {

/// A yes/no key of policy.md section 0 and where it lives.
struct Switch {
  std::string_view key;
  bool Settings::*field;
};

constexpr std::array kSwitches = {
    Switch{"audit_mode", &Settings::audit_mode},
    Switch{"allow_icmp_frag_needed", &Settings::allow_icmp_frag_needed},
    Switch{"default_local_cluster", &Settings::default_local_cluster},
    Switch{"derived.baseline_before_default_deny", &Settings::derived_baseline_before_default_deny},
    Switch{"derived.empty_outside_peers_are_absent", &Settings::derived_empty_outside_peers_are_absent},
    Switch{"derived.l3_allow_keeps_dns_rules", &Settings::derived_l3_allow_keeps_dns_rules},
    Switch{"derived.no_service_selects_nothing", &Settings::derived_no_service_selects_nothing},
    Switch{"derived.other_namespace_selects_nothing", &Settings::derived_other_namespace_selects_nothing},
    Switch{"derived.port_rule_without_ports_matches_nothing", &Settings::derived_port_rule_without_ports_matches_nothing},
    Switch{"derived.proxy_sees_baseline", &Settings::derived_proxy_sees_baseline},
    Switch{"derived.icmp_type_zero_is_all", &Settings::derived_icmp_type_zero_is_all},
    Switch{"derived.np_rules_isolate_unlisted_types", &Settings::derived_np_rules_isolate_unlisted_types},
    Switch{"extended_ip_protocols", &Settings::extended_ip_protocols},
    Switch{"icmp_rules", &Settings::icmp_rules},
    Switch{"k8s_cluster_network_policy", &Settings::k8s_cluster_network_policy},
    Switch{"l7_proxy", &Settings::l7_proxy},
    Switch{"node_selector_labels", &Settings::node_selector_labels},
    Switch{"sctp", &Settings::sctp},
    Switch{"dual_stack", &Settings::dual_stack},
    Switch{"host_firewall", &Settings::host_firewall},
    Switch{"non_default_deny_policies", &Settings::non_default_deny_policies},
};

Result<bool> parse_bool(std::string_view key, std::string_view value) {
  if (value == "true") return true;
  if (value == "false") return false;
  return failure("`" + std::string(key) + "` wants true or false, not `" + std::string(value) + "`", 2);
}

Result<Enforcement> parse_enforcement(std::string_view value) {
  if (value == "default") return Enforcement::Default;
  if (value == "always") return Enforcement::Always;
  if (value == "never") return Enforcement::Never;
  return failure("`enforcement` wants default, always or never, not `" + std::string(value) + "`", 2);
}

std::string_view to_text(Enforcement enforcement) {
  switch (enforcement) {
    case Enforcement::Default: return "default";
    case Enforcement::Always: return "always";
    case Enforcement::Never: return "never";
  }
  return "default";
}

/// "", "nodes", "pods" or "nodes,pods".
Result<Settings> with_cidr_match_mode(Settings settings, std::string_view value) {
  settings.cidr_match_nodes = settings.cidr_match_pods = false;
  while (!value.empty()) {
    const std::string_view word = value.substr(0, value.find(','));
    if (word == "nodes")
      settings.cidr_match_nodes = true;
    else if (word == "pods")
      settings.cidr_match_pods = true;
    else
      return failure("`cidr_match_mode` wants nodes, pods or both, not `" + std::string(word) + "`", 2);
    value.remove_prefix(std::min(value.size(), word.size() + 1));
  }
  return settings;
}

std::string cidr_match_mode(const Settings& settings) {
  std::string text = settings.cidr_match_nodes ? "nodes" : "";
  if (settings.cidr_match_pods) text += text.empty() ? "pods" : ",pods";
  return text;
}

/// policy.md section 0, `ipv4/ipv6`: both on is dual stack; weir reads rules of both families either way.
Result<Settings> with_family(Settings settings, std::string_view key, std::string_view value) {
  const auto on = parse_bool(key, value);
  if (!on) return tl::unexpected(on.error());
  // IPv4 is always there unless it is switched off.
  settings.dual_stack = key == "ipv6" ? *on : settings.dual_stack && *on;
  return settings;
}

}  // namespace

Result<Dialect> parse_dialect(std::string_view text) {
  if (text == "cilium-1.20") return Dialect::Cilium120;
  if (text == "cilium-1.19") return Dialect::Cilium119;
  if (text == "cilium-1.18") return Dialect::Cilium118;
  if (text == "k8s") return Dialect::K8s;
  return failure("unknown dialect `" + std::string(text) + "`; it is one of cilium-1.20, cilium-1.19, cilium-1.18, k8s", 2);
}

std::string_view to_text(Dialect dialect) {
  switch (dialect) {
    case Dialect::Cilium120: return "cilium-1.20";
    case Dialect::Cilium119: return "cilium-1.19";
    case Dialect::Cilium118: return "cilium-1.18";
    case Dialect::K8s: return "k8s";
  }
  return "cilium-1.20";
}

GatewayDialect gateway_dialect(const Settings& settings) {
  if (settings.gateway_dialect) return *settings.gateway_dialect;
  switch (settings.dialect) {
    case Dialect::Cilium120: return GatewayDialect::Cilium120;
    case Dialect::Cilium119: return GatewayDialect::Cilium119;
    case Dialect::Cilium118: return GatewayDialect::Cilium118;
    case Dialect::K8s: return GatewayDialect::Spec;
  }
  return GatewayDialect::Spec;
}

Settings settings_for(Dialect dialect) {
  Settings settings;
  settings.dialect = dialect;
  // PR 40609: the default became true in 1.19.
  settings.default_local_cluster = dialect != Dialect::Cilium118;
  // policy.md 8.2: only 1.20 has a default deny below the Baseline tier.
  settings.derived_baseline_before_default_deny = dialect == Dialect::Cilium120;
  if (dialect == Dialect::K8s) {
    // policy.md 7.5a: upstream leaves ipBlock against pods open; the k8s dialect matches by address alone, as Calico does.
    settings.cidr_match_nodes = settings.cidr_match_pods = true;
    settings.default_local_cluster = false;
    settings.derived_np_rules_isolate_unlisted_types = false;
    // Upstream knows nodes, SCTP and the Admin tiers without being told.
    settings.node_selector_labels = settings.sctp = settings.k8s_cluster_network_policy = true;
  }
  return settings;
}

Result<Settings> with(Settings settings, std::string_view key, std::string_view value) {
  for (const Switch& entry : kSwitches) {
    if (entry.key != key) continue;
    const auto parsed = parse_bool(key, value);
    if (!parsed) return tl::unexpected(parsed.error());
    settings.*entry.field = *parsed;
    return settings;
  }
  if (key == "enforcement") {
    const auto parsed = parse_enforcement(value);
    if (!parsed) return tl::unexpected(parsed.error());
    settings.enforcement = *parsed;
    return settings;
  }
  if (key == "allow_localhost") {
    // `auto` resolves to `always` in Kubernetes.
    if (value != "always" && value != "auto" && value != "policy")
      return failure("`allow_localhost` wants always, auto or policy, not `" + std::string(value) + "`", 2);
    settings.allow_localhost = value != "policy";
    return settings;
  }
  if (key == "cluster_id") {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), settings.cluster_id);
    if (error != std::errc{} || end != value.data() + value.size() || settings.cluster_id > 511)
      return failure("`cluster_id` wants 0 to 511, not `" + std::string(value) + "`", 2);
    return settings;
  }
  if (key == "gateway_dialect") {
    settings.gateway_dialect = parse_gateway_dialect(value);
    if (settings.gateway_dialect) return settings;
    return failure("unknown gateway dialect `" + std::string(value) +
                       "`; it is one of spec, cilium-1.20, cilium-1.19, cilium-1.18, istio, envoy-gateway", 2);
  }
  if (key == "ipv4" || key == "ipv6") return with_family(std::move(settings), key, value);
  if (key == "cluster_name") {
    settings.cluster_name = std::string(value);
    return settings;
  }
  if (key == "cidr_match_mode") return with_cidr_match_mode(std::move(settings), value);
  return failure("unknown setting `" + std::string(key) + "`", 2);
}

std::vector<std::pair<std::string, std::string>> to_pairs(const Settings& settings) {
  std::vector<std::pair<std::string, std::string>> pairs = {
      {"allow_localhost", settings.allow_localhost ? "always" : "policy"},
      {"cidr_match_mode", cidr_match_mode(settings)},
      {"cluster_id", std::to_string(settings.cluster_id)},
      {"cluster_name", settings.cluster_name},
      {"dialect", std::string(to_text(settings.dialect))},
      {"enforcement", std::string(to_text(settings.enforcement))},
  };
  if (settings.gateway_dialect) pairs.emplace_back("gateway_dialect", to_text(*settings.gateway_dialect));
  for (const Switch& entry : kSwitches) pairs.emplace_back(entry.key, settings.*entry.field ? "true" : "false");
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

}  // namespace weir::ir
