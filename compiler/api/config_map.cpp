#include "compiler/api/config_map.h"

#include <algorithm>
#include <array>

#include "compiler/api/mesh_tables.h"
#include "compiler/api/meta.h"
#include "compiler/api/secret.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Support kSkip = Support::Irrelevant;
constexpr Field kFields[] = {kApiVersionField, {"binaryData", kSkip}, {"data"}, {"immutable", kSkip}, kKindField, kMetadataField};
constexpr FieldTable kTable{"ConfigMap", kFields};

/// A flag of cilium-agent and the setting it is (policy.md section 0).
struct Flag {
  std::string_view flag, key;
  bool yes_no = true;
};
constexpr std::array kFlags = {
    Flag{"allow-icmp-frag-needed", "allow_icmp_frag_needed"},
    Flag{"allow-localhost", "allow_localhost", false},
    Flag{"cluster-id", "cluster_id", false},
    Flag{"cluster-name", "cluster_name", false},
    Flag{"enable-extended-ip-protocols", "extended_ip_protocols"},
    Flag{"enable-host-firewall", "host_firewall"},
    Flag{"enable-icmp-rules", "icmp_rules"},
    Flag{"enable-k8s-cluster-network-policy", "k8s_cluster_network_policy"},
    Flag{"enable-l7-proxy", "l7_proxy"},
    Flag{"enable-node-selector-labels", "node_selector_labels"},
    Flag{"enable-non-default-deny-policies", "non_default_deny_policies"},
    Flag{"enable-policy", "enforcement", false},
    Flag{"enable-sctp", "sctp"},
    Flag{"policy-audit-mode", "audit_mode"},
    Flag{"policy-cidr-match-mode", "cidr_match_mode", false},
    Flag{"policy-default-local-cluster", "default_local_cluster"},
};

/// Go's strconv.ParseBool, by which the agent reads its flags.
std::optional<bool> go_bool(std::string_view text) {
  for (const std::string_view yes : {"1", "t", "T", "TRUE", "true", "True"})
    if (text == yes) return true;
  for (const std::string_view no : {"0", "f", "F", "FALSE", "false", "False"})
    if (text == no) return false;
  return std::nullopt;
}

/// "nodes pods" and "nodes,pods" are one list to the agent.
std::string comma_list(std::string text) {
  std::string out;
  bool gap = false;
  for (const char c : text) {
    if (c == ' ' || c == ',') {
      gap = !out.empty();
      continue;
    }
    if (gap) out.push_back(',');
    gap = false;
    out.push_back(c);
  }
  return out;
}

std::string value_of(const Flag& flag, const std::string& text) {
  if (flag.yes_no) {
    const auto on = go_bool(text);
    return on ? (*on ? "true" : "false") : text;
  }
  if (flag.key == "cidr_match_mode") return comma_list(text);
  if (flag.key == "enforcement") {
    std::string lower = text;  // the agent takes any case
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
  }
  return text;
}

class ConfigReader {
 public:
  ConfigReader(const StringMap& data, const Node& node, const FieldReader& top) : data_(data), node_(node), top_(top) {}

  ir::SettingPairs read() {
    for (const Flag& flag : kFlags)
      if (const auto at = data_.find(std::string(flag.flag)); at != data_.end())
        add(flag.flag, flag.key, value_of(flag, at->second));
    read_families();
    return std::move(pairs_);
  }

 private:
  void refuse(std::string_view flag, std::string why) {
    const Node* value = node_.find(flag);
    top_.report(ir::Code::InvalidValue, value == nullptr ? node_.span : value->span,
                "`" + std::string(flag) + "` of cilium-config: " + std::move(why));
  }
  void add(std::string_view flag, std::string_view key, const std::string& value) {
    const auto tried = ir::with({}, key, value);
    if (!tried) return refuse(flag, tried.error().message);
    pairs_.emplace_back(key, value);
  }
  /// policy.md section 0: both families are dual stack.
  void read_families() {
    bool both = true, said = false;
    for (const std::string_view flag : {"enable-ipv4", "enable-ipv6"}) {
      const auto at = data_.find(std::string(flag));
      if (at == data_.end()) continue;
      const auto on = go_bool(at->second);
      if (!on) return refuse(flag, "it wants true or false, not " + show(at->second));
      said = said || flag == "enable-ipv6" || !*on;
      both = both && *on;
    }
    if (said) pairs_.emplace_back("dual_stack", both ? "true" : "false");
  }

  const StringMap& data_;
  const Node& node_;
  const FieldReader& top_;
  ir::SettingPairs pairs_;
};

bool says_k8s(const ir::SettingPairs& pairs) {
  std::string dialect;
  for (const auto& [key, value] : pairs)
    if (key == "dialect") dialect = value;
  return dialect == "k8s";
}

/// Those of the clusters called `local` or nothing, what is wrong in them unsaid: reading says it.
ir::SettingPairs config_of(const Sources& sources, const std::string& local) {
  ir::SettingPairs pairs;
  ir::Diagnostics aside;
  for (const Document& document : sources.documents) {
    if ((!document.cluster.empty() && document.cluster != local) || !is_cilium_config(document)) continue;
    for (auto& pair : read_cilium_config(document, aside)) pairs.push_back(std::move(pair));
  }
  return pairs;
}

}  // namespace

std::vector<const FieldTable*> config_tables() { return {&kTable}; }

bool is_cilium_config(const Document& document) {
  return document.readable && head(document, "kind") == "ConfigMap" && head(document, "apiVersion") == "v1" &&
         object_name(document) == ir::SecretName{"kube-system", "cilium-config"};
}

ir::SettingPairs read_cilium_config(const Document& document, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kTable, diagnostics);
  static_cast<void>(read_meta(top, document, Scope::Namespaced));
  const auto data = top.string_map("data");
  return data ? ConfigReader(*data, *top.get("data"), top).read() : ir::SettingPairs{};
}

ir::Result<ir::Settings> settings_of(const Sources& sources, const ir::SettingPairs& stronger) {
  const auto merged = [&](const std::string& local) {
    ir::SettingPairs pairs = config_of(sources, local);
    if (says_k8s(stronger)) std::erase_if(pairs, [](const auto& pair) { return pair.first != "cluster_name"; });
    pairs.insert(pairs.end(), stronger.begin(), stronger.end());
    return ir::merge_settings(pairs);
  };
  const auto first = merged("");
  // The name of the local cluster says which documents are its own, and those may hold its configuration.
  return first ? merged(first->cluster_name) : first;
}

bool has_cilium_config(const Sources& sources) {
  return std::any_of(sources.documents.begin(), sources.documents.end(),
                     [](const Document& document) { return document.cluster.empty() && is_cilium_config(document); });
}

Sources with_local_cluster(Sources sources, const std::string& cluster_name) {
  for (Document& document : sources.documents)
    if (document.cluster == cluster_name) document.cluster.clear();
  return sources;
}

}  // namespace weir::compiler
