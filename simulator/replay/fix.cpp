#include "simulator/replay/fix.h"

#include <array>
#include <cctype>
#include <vector>

namespace weir::simulator {
namespace {

/// A YAML scalar in flow style; quoted unless it is surely a plain string.
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

/// The one label people select by, else every label that is the pod's own.
std::vector<const ir::Label*> telling_labels(const ir::LabelSet& labels) {
  for (const std::string_view key : {"app.kubernetes.io/name", "app", "k8s-app"})
    if (const ir::Label* label = labels.find("k8s", key)) return {label};
  std::vector<const ir::Label*> own;
  for (const ir::Label& label : labels.labels)
    if (label.source == "k8s" && !label.key.starts_with("io.cilium.k8s.") && label.key != ir::kNamespaceKey) own.push_back(&label);
  return own;
}

std::string label_map(const ir::LabelSet& labels) {
  std::string text = "{";
  for (const ir::Label* label : telling_labels(labels))
    text += (text.size() > 1 ? ", " : "") + scalar(label->key) + ": " + scalar(label->value);
  return text + "}";
}

std::string_view entity_of(const Actor& peer) {
  for (const std::string_view name : {"kube-apiserver", "remote-node", "host", "ingress", "init", "health", "unmanaged"})
    if (peer.labels.reserved(name)) return name;
  return peer.labels.world() ? "world" : "";
}

std::string network_policy_rule(const Denial& denial, const Actor& peer, bool other_namespace) {
  // NetworkPolicy knows neither ICMP nor entities.
  if (!peer.managed || denial.protocol == ir::Protocol::Icmp || denial.protocol == ir::Protocol::Icmpv6) return {};
  std::string who = "{podSelector: {matchLabels: " + label_map(peer.labels) + "}";
  if (other_namespace) who += ", namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " + scalar(peer.namespace_name) + "}}";
  const bool ingress = denial.direction == ir::Direction::Ingress;
  return (ingress ? std::string("ingress: [{from: [") : std::string("egress: [{to: [")) + who + "}], ports: [{protocol: " +
         ir::to_text(denial.protocol) + ", port: " + std::to_string(denial.port) + "}]}]";
}

std::string cilium_rule(const Denial& denial, const Actor& peer, bool other_namespace) {
  const bool ingress = denial.direction == ir::Direction::Ingress;
  const std::string side = ingress ? "ingress" : "egress", from = ingress ? "from" : "to";
  std::string who;
  if (peer.managed) {
    std::string labels = label_map(peer.labels);
    if (other_namespace) labels.insert(labels.size() - 1, ", k8s:io.kubernetes.pod.namespace: " + scalar(peer.namespace_name));
    who = from + "Endpoints: [{matchLabels: " + labels + "}]";
  } else {
    const std::string_view entity = entity_of(peer);
    if (entity.empty()) return {};
    who = from + "Entities: [" + std::string(entity) + "]";
  }
  if (denial.protocol == ir::Protocol::Icmp || denial.protocol == ir::Protocol::Icmpv6)
    return side + ": [{" + who + ", icmps: [{fields: [{family: " + (denial.protocol == ir::Protocol::Icmp ? "IPv4" : "IPv6") +
           ", type: " + std::to_string(denial.port) + "}]}]}]";
  return side + ": [{" + who + ", toPorts: [{ports: [{port: \"" + std::to_string(denial.port) + "\", protocol: " +
         ir::to_text(denial.protocol) + "}]}]}]";
}

}  // namespace

std::string smallest_rule(const Denial& denial, const Actor& peer, std::string_view subject_namespace) {
  if (denial.decision.decided_by.empty()) return {};
  const ir::RuleRef rule = ir::rule_ref(denial.policies, denial.files, denial.decision.decided_by.front());
  const std::string place = rule.file.empty() ? "" : " (" + rule.file + ":" + std::to_string(rule.line) + ")";
  const std::string policy = rule.kind + " " + (rule.namespace_name.empty() ? "" : rule.namespace_name + "/") + rule.name + place;
  if (denial.decision.default_rule != ir::DefaultRule::DefaultDeny) return "narrow or delete the deny in " + policy;
  const bool other_namespace = peer.namespace_name != subject_namespace;
  const std::string text = rule.kind == "NetworkPolicy" ? network_policy_rule(denial, peer, other_namespace)
                                                        : cilium_rule(denial, peer, other_namespace);
  return text.empty() ? text : "add to " + policy + ": " + text;
}

}  // namespace weir::simulator
