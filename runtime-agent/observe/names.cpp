#include "runtime-agent/observe/names.h"

#include <algorithm>
#include <string_view>

#include "runtime-agent/observe/json_text.h"

namespace weir::agent {
namespace {

constexpr std::string_view kNamespace = "k8s:io.kubernetes.pod.namespace=";
constexpr std::string_view kCluster = "k8s:io.cilium.k8s.policy.cluster=";
/// Names are kept while they are few; a scan over many addresses must not fill the memory.
constexpr std::size_t kKept = 65536;

std::string_view label_value(const std::vector<std::string>& labels, std::string_view prefix) {
  for (const std::string& label : labels)
    if (label.starts_with(prefix)) return std::string_view(label).substr(prefix.size());
  return {};
}

const backends::AddressName* name_of(const backends::Bundle& bundle, const ir::IpAddress& address) {
  const auto at = std::lower_bound(bundle.names.begin(), bundle.names.end(), address,
                                   [](const backends::AddressName& n, const ir::IpAddress& a) { return n.address < a; });
  return at == bundle.names.end() || at->address != address ? nullptr : &*at;
}

void append_labels(std::string& out, const std::vector<std::string>& labels) {
  append_key(out, "labels");
  out += '[';
  for (const std::string& label : labels) {
    if (out.back() != '[') out += ',';
    append_string(out, label);
  }
  out += ']';
}

void append_pod(std::string& out, const backends::AddressName& name) {
  append_field(out, "pod_name", name.pod);
  const auto slash = name.workload.find('/');
  if (slash == std::string::npos) return;
  append_key(out, "workloads");
  out += "[{";
  append_field(out, "name", std::string_view(name.workload).substr(slash + 1));
  append_field(out, "kind", std::string_view(name.workload).substr(0, slash));
  out += "}]";
}

std::string endpoint_text(const backends::Bundle& bundle, const backends::IdentityName* identity,
                          std::uint32_t number, const ir::IpAddress& address) {
  static const std::vector<std::string> kNone;
  const auto& labels = identity == nullptr ? kNone : identity->labels;
  const backends::AddressName* name = name_of(bundle, address);
  std::string out = "{";
  if (number != 0) append_field(out, "identity", number);
  if (const auto cluster = label_value(labels, kCluster); !cluster.empty()) append_field(out, "cluster_name", cluster);
  if (name != nullptr) append_field(out, "namespace", name->namespace_name);
  else if (const auto ns = label_value(labels, kNamespace); !ns.empty()) append_field(out, "namespace", ns);
  if (!labels.empty()) append_labels(out, labels);
  if (name != nullptr) append_pod(out, *name);
  return out + "}";
}

std::string rule_text(const ir::RuleRef& rule, bool default_deny) {
  std::string out = "{";
  append_field(out, "kind", default_deny ? "Default" : rule.kind);
  if (!default_deny && !rule.namespace_name.empty()) append_field(out, "namespace", rule.namespace_name);
  append_field(out, "name", default_deny ? "default-deny" : rule.name);
  append_field(out, "direction", ir::to_text(rule.direction));
  if (!default_deny) append_field(out, "index", rule.index);
  append_field(out, "action", default_deny ? "deny" : ir::to_text(rule.action));
  if (!rule.file.empty()) {
    append_field(out, "file", rule.file);
    append_field(out, "line", rule.line);
    append_field(out, "column", rule.column);
  }
  return out + "}";
}

std::string policy_text(const ir::RuleRef& rule, std::uint64_t generation) {
  std::string out = "{";
  append_field(out, "name", rule.name);
  if (!rule.namespace_name.empty()) append_field(out, "namespace", rule.namespace_name);
  append_field(out, "revision", std::to_string(generation));
  append_field(out, "kind", rule.kind);
  return out + "}";
}

}  // namespace

Names::Names(std::shared_ptr<const backends::Bundle> bundle) : bundle_(std::move(bundle)) {
  for (std::size_t i = 0; i < bundle_->identities.size(); ++i)
    identity_at_.try_emplace(bundle_->identities[i].number, i);
}

const std::string& Names::endpoint(const ir::IpAddress& address, std::uint32_t number) {
  std::string key(reinterpret_cast<const char*>(address.bytes.data()), address.bits() / 8);
  key.append(reinterpret_cast<const char*>(&number), sizeof number);
  if (endpoints_.size() >= kKept) endpoints_.clear();
  const auto [at, fresh] = endpoints_.try_emplace(std::move(key));
  if (fresh) {
    const auto identity = identity_at_.find(number);
    at->second = endpoint_text(*bundle_, identity == identity_at_.end() ? nullptr : &bundle_->identities[identity->second],
                               number, address);
  }
  return at->second;
}

const std::string& Names::rule(std::uint32_t rule, bool default_deny) {
  const auto [at, fresh] = rules_.try_emplace(std::uint64_t{rule} << 1 | (default_deny ? 1 : 0));
  if (fresh && rule < bundle_->rules.size()) at->second = rule_text(bundle_->rules[rule], default_deny);
  return at->second;
}

const std::string& Names::policy(std::uint32_t rule) {
  const auto [at, fresh] = policies_.try_emplace(rule);
  if (fresh && rule < bundle_->rules.size()) at->second = policy_text(bundle_->rules[rule], bundle_->generation);
  return at->second;
}

}  // namespace weir::agent
