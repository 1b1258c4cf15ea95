#include "simulator/replay/admitting.h"

#include <cctype>
#include <string_view>
#include <vector>

#include "ir/cluster/cluster.h"

namespace weir::simulator {

std::string scalar(const std::string& text) {
  bool plain = !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0;
  for (const char c : text)
    plain = plain && (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '/' || c == '_');
  for (const std::string_view word : {"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
    if (text.size() == word.size() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos)
      plain = plain && text != word;
  if (plain) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) quoted += c;
  }
  return quoted + "\"";
}

namespace {

/// The one label people select by, else every label that is the pod's own.
std::vector<const ir::Label*> telling_labels(const ir::LabelSet& labels) {
  for (const std::string_view key : {"app.kubernetes.io/name", "app", "k8s-app"})
    if (const ir::Label* label = labels.find("k8s", key)) return {label};
  std::vector<const ir::Label*> own;
  for (const ir::Label& label : labels.labels)
    if (label.source == "k8s" && !label.key.starts_with("io.cilium.k8s.") && label.key != ir::kNamespaceKey) own.push_back(&label);
  return own;
}

}  // namespace

std::string label_map(const ir::LabelSet& labels) {
  std::string text = "{";
  for (const ir::Label* label : telling_labels(labels))
    text += (text.size() > 1 ? ", " : "") + scalar(label->key) + ": " + scalar(label->value);
  return text + "}";
}

namespace {

std::string_view entity_of(const ir::LabelSet& labels) {
  for (const std::string_view name : {"kube-apiserver", "remote-node", "host", "ingress", "init", "health", "unmanaged"})
    if (labels.reserved(name)) return name;
  return labels.world() ? "world" : "";
}

bool is_icmp(ir::Protocol protocol) { return protocol == ir::Protocol::Icmp || protocol == ir::Protocol::Icmpv6; }

std::string whole_prefix(const ir::IpAddress& address) {
  return scalar(ir::to_text(address) + (address.family == ir::IpFamily::V6 ? "/128" : "/32"));
}

/// Whether the peer is best named by its address: outside, and nothing else tells it from the rest of the world.
bool by_address(const Admission& ask) { return !ask.managed && ask.address && entity_of(ask.peer) == "world"; }

std::string network_policy_peer(const Admission& ask) {
  if (by_address(ask)) return "{ipBlock: {cidr: " + whole_prefix(*ask.address) + "}}";
  if (!ask.managed) return {};
  std::string who = "{podSelector: {matchLabels: " + label_map(ask.peer) + "}";
  if (ask.other_namespace)
    who += ", namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " + scalar(ask.peer_namespace) + "}}";
  return who + "}";
}

std::string network_policy_rule(const Admission& ask) {
  const std::string who = network_policy_peer(ask);
  // NetworkPolicy knows neither ICMP nor entities.
  if (who.empty() || is_icmp(ask.protocol)) return {};
  return std::string("{") + (ask.direction == ir::Direction::Ingress ? "from" : "to") + ": [" + who + "], ports: [{protocol: " +
         ir::to_text(ask.protocol) + ", port: " + std::to_string(ask.port) + "}]}";
}

/// With the fields of policy.md 2.4 that reach another namespace or cluster.
std::string endpoint_labels(const Admission& ask) {
  std::string labels = label_map(ask.peer);
  const auto add = [&](std::string_view key, const std::string& value) {
    const std::string comma = labels == "{}" ? "" : ", ";
    labels.insert(labels.size() - 1, comma + "k8s:" + std::string(key) + ": " + scalar(value));
  };
  if (ask.other_namespace) add(ir::kNamespaceKey, ask.peer_namespace);
  if (!ask.peer_cluster.empty()) add(ir::kClusterKey, ask.peer_cluster);
  return labels;
}

std::string cilium_peer(const Admission& ask) {
  const std::string from = ask.direction == ir::Direction::Ingress ? "from" : "to";
  if (ask.managed) return from + "Endpoints: [{matchLabels: " + endpoint_labels(ask) + "}]";
  if (by_address(ask)) return from + "CIDR: [" + whole_prefix(*ask.address) + "]";
  const std::string_view entity = entity_of(ask.peer);
  return entity.empty() ? std::string() : from + "Entities: [" + std::string(entity) + "]";
}

std::string cilium_rule(const Admission& ask) {
  const std::string who = cilium_peer(ask);
  if (who.empty()) return {};
  if (is_icmp(ask.protocol))
    return "{" + who + ", icmps: [{fields: [{family: " + (ask.protocol == ir::Protocol::Icmp ? "IPv4" : "IPv6") + ", type: " +
           std::to_string(ask.port) + "}]}]}";
  return "{" + who + ", toPorts: [{ports: [{port: \"" + std::to_string(ask.port) + "\", protocol: " +
         ir::to_text(ask.protocol) + "}]}]}";
}

}  // namespace

std::string admitting_rule(const Admission& ask, std::string_view kind) {
  return kind == "NetworkPolicy" ? network_policy_rule(ask) : cilium_rule(ask);
}

}  // namespace weir::simulator
