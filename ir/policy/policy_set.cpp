#include "ir/policy/policy_set.h"

namespace weir::ir {
namespace {

bool is_icmp(Protocol protocol) { return protocol == Protocol::Icmp || protocol == Protocol::Icmpv6; }

template <class T>
std::string list(const std::optional<std::vector<T>>& items, const char* absent, const char* empty) {
  if (!items) return absent;
  if (items->empty()) return empty;
  std::string text;
  for (const T& item : *items) text += (text.empty() ? "" : " | ") + to_text(item);
  return text;
}

}  // namespace

RuleRef rule_ref(const PolicySet& set, const Files& files, RuleId id) {
  const Rule& rule = set.rule(id);
  const PolicyObject& policy = set.policy(id);
  RuleRef ref{policy.kind, policy.namespace_name, policy.name, rule.direction, rule.index, rule.action, {}, 0, 0};
  if (rule.origin.known() && rule.origin.file.index < files.files.size()) {
    ref.file = files.at(rule.origin.file).name;
    ref.line = rule.origin.line;
    ref.column = rule.origin.column;
  }
  return ref;
}

std::string_view to_text(Auth auth) {
  switch (auth) {
    case Auth::Unset: return "";
    case Auth::Disabled: return "disabled";
    case Auth::Required: return "required";
    case Auth::AlwaysFail: return "test-always-fail";
  }
  return "";
}

std::string to_text(const Peer& peer) {
  if (const auto* selector = std::get_if<SelectorPeer>(&peer)) return to_text(selector->selector);
  if (const auto* name = std::get_if<FqdnPeer>(&peer)) return "fqdn " + name->name.text;
  if (const auto* other = std::get_if<UnresolvedPeer>(&peer)) return "unresolved " + other->what;
  const auto& cidr = std::get<CidrPeer>(peer);
  std::string text = "cidr " + to_text(cidr.cidr);
  for (const IpPrefix& except : cidr.except) text += " except " + to_text(except);
  return text;
}

std::string to_text(const PortMatch& match) {
  std::string text = to_text(match.protocol);
  if (match.ports.all()) return text;
  text += is_icmp(match.protocol) ? " type " : "/";
  text += std::to_string(match.ports.first);
  if (match.ports.last != match.ports.first) text += "-" + std::to_string(match.ports.last);
  return text;
}

std::string to_text(const Rule& rule, const PolicySet& set) {
  const PolicyObject& policy = set.policies[rule.policy.index];
  std::string text = policy.kind + " ";
  if (!policy.namespace_name.empty()) text += policy.namespace_name + "/";
  text += policy.name + " " + std::string(to_text(rule.direction)) + "[" + std::to_string(rule.index) + "] ";
  text += std::string(to_text(rule.action)) + (rule.default_deny ? " isolates" : " joins");
  text += "\n  subject " + to_text(rule.subject);
  text += "\n  peers   " + list(rule.peers, "any", "nobody");
  text += "\n  ports   " + list(rule.ports, "any", "none") + "\n";
  if (rule.l7) text += "  l7      " + to_text(*rule.l7) + "\n";
  if (rule.auth != Auth::Unset) text += "  auth    " + std::string(to_text(rule.auth)) + "\n";
  if (rule.audit) text += "  audit\n";
  if (rule.conflict) text += "  conflict\n";
  for (const std::string& assumption : rule.assumptions) text += "  assumes " + assumption + "\n";
  return text;
}

std::string to_text(const PolicySet& set) {
  std::string text;
  for (const Rule& rule : set.rules) text += to_text(rule, set);
  return text;
}

}  // namespace weir::ir
