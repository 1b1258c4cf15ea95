#include "ir/cluster/settings.h"

#include <algorithm>
#include <array>

namespace weir::ir {
namespace {

/// A yes/no key of policy.md section 0 and where it lives.
struct Switch {
  std::string_view key;
  bool Settings::*field;
};

constexpr std::array kSwitches = {
    Switch{"allow_icmp_frag_needed", &Settings::allow_icmp_frag_needed},
    Switch{"default_local_cluster", &Settings::default_local_cluster},
    Switch{"derived.icmp_type_zero_is_all", &Settings::derived_icmp_type_zero_is_all},
    Switch{"derived.np_rules_isolate_unlisted_types", &Settings::derived_np_rules_isolate_unlisted_types},
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

Settings settings_for(Dialect dialect) {
  Settings settings;
  settings.dialect = dialect;
  // PR 40609: the default became true in 1.19.
  settings.default_local_cluster = dialect != Dialect::Cilium118;
  if (dialect == Dialect::K8s) {
    // policy.md 7.5a: upstream leaves ipBlock against pods open; the k8s dialect matches by address alone, as Calico does.
    settings.cidr_match_nodes = settings.cidr_match_pods = true;
    settings.default_local_cluster = false;
    settings.derived_np_rules_isolate_unlisted_types = false;
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
      {"cluster_name", settings.cluster_name},
      {"dialect", std::string(to_text(settings.dialect))},
      {"enforcement", std::string(to_text(settings.enforcement))},
  };
  for (const Switch& entry : kSwitches) pairs.emplace_back(entry.key, settings.*entry.field ? "true" : "false");
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

}  // namespace weir::ir
