// Subjects and peers of the Admin and Baseline tiers (policy.md 8.3 to 8.5, 8.7, 8.8).

#include <algorithm>

#include "compiler/api/admin_policy.h"
#include "compiler/api/admin_tables.h"
#include "compiler/api/cidr.h"
#include "compiler/api/reader.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kNamespacedPodFields[] = {{"namespaceSelector"}, {"podSelector"}};
constexpr FieldTable kNamespacedPod{"NamespacedPod", kNamespacedPodFields};

constexpr std::size_t kMostOutside = 25;  // networks or domainNames of one peer

void report(ir::Diagnostics& diagnostics, ir::Code code, ir::Span span, std::string detail, std::string fix) {
  diagnostics.report({.kind = code, .primary = span, .detail = std::move(detail), .labels = {}, .notes = {},
                      .fix = std::move(fix), .witness = {}});
}

/// policy.md 8.8: fields that only network-policy-api v0.1 and older had. True when there was one.
bool report_removed(const Node& node, ir::Diagnostics& diagnostics) {
  if (node.kind != NodeKind::Mapping) return false;
  bool found = false;
  for (const auto& entry : node.entries) {
    const Node& key = entry.first;
    const bool labels = key.text == "sameLabels" || key.text == "notSameLabels" || key.text == "notSelf";
    if (!labels && key.text != "namespaceSelector") continue;
    found = true;
    report(diagnostics, ir::Code::RemovedField, key.span,
           show(key.text) + " was in network-policy-api v0.1 and older; no later version has it",
           labels ? "write one policy for each value of the label, with `namespaces: {matchLabels: ...}`"
                  : "write the selector under `namespaces` itself: `namespaces: {matchLabels: ...}`");
  }
  return found;
}

// The API checks no label keys here, and Cilium's own policies write `reserved:host`: a key may carry a source (policy.md 2.1).
LabelSelector read_selector(const Node& node, ir::Diagnostics& diagnostics) {
  return read_label_selector(node, SelectorSyntax::Cilium, diagnostics);
}

LabelSelector read_namespaces(const Node& node, ir::Diagnostics& diagnostics) {
  return report_removed(node, diagnostics) ? LabelSelector{{}, node.span} : read_selector(node, diagnostics);
}

/// `pods: {namespaces: ..., podSelector: ...}` of v0.1.
bool report_old_pods(const Node& node, ir::Diagnostics& diagnostics) {
  const Node* old = node.kind == NodeKind::Mapping ? node.find("namespaces") : nullptr;
  if (old == nullptr) return false;
  if (old->kind == NodeKind::Mapping && (old->find("sameLabels") || old->find("notSameLabels")))
    return report_removed(*old, diagnostics);
  report(diagnostics, ir::Code::RemovedField, old->span,
         "`namespaces` under `pods` was in network-policy-api v0.1 and older; no later version has it",
         "write `pods: {namespaceSelector: ..., podSelector: ...}`");
  return true;
}

AdminPods read_pods(const Node& node, ir::Diagnostics& diagnostics) {
  AdminPods out{{}, LabelSelector{{}, node.span}, node.span};
  if (report_old_pods(node, diagnostics)) return out;
  const FieldReader pods(node, kNamespacedPod, diagnostics);
  // The schema asks for podSelector, and of an absent namespaceSelector the client makes an empty one.
  if (const Node* selector = pods.get("namespaceSelector")) out.namespaces = read_selector(*selector, diagnostics);
  if (node.kind == NodeKind::Mapping && pods.require("podSelector"))
    out.pods = read_selector(*pods.get("podSelector"), diagnostics);
  return out;
}

AdminPods read_in_cluster(const FieldReader& reader, std::string_view field) {
  const Node& node = *reader.get(field);
  if (field == "pods") return read_pods(node, reader.diagnostics());
  return {read_namespaces(node, reader.diagnostics()), std::nullopt, node.span};
}

// listType=set
void check_unique(const FieldReader& reader, const std::vector<Located<std::string>>& texts) {
  for (auto at = texts.begin(); at != texts.end(); ++at)
    if (std::any_of(texts.begin(), at, [&](const auto& before) { return before.value == at->value; }))
      reader.report(ir::Code::InvalidValue, at->span, show(at->value) + " is there twice", "remove one");
}

std::vector<CidrBlock> read_networks(const FieldReader& reader) {
  check_size(reader, "networks", kMostOutside);
  const auto texts = reader.strings("networks").value_or(std::vector<Located<std::string>>{});
  check_unique(reader, texts);
  std::vector<CidrBlock> out;
  for (const auto& text : texts) {
    // The API takes no IPv4 address written inside an IPv6 one.
    if (text.value.find(':') != std::string::npos && text.value.find('.') != std::string::npos)
      reader.report(ir::Code::InvalidValue, text.span, show(text.value) + " mixes IPv4 and IPv6", "write the IPv4 CIDR");
    else if (const auto prefix = read_prefix(text, AddressForm::CidrOnly, reader.diagnostics()))
      out.push_back({*prefix, {}, text.span, {}, {}});
  }
  return out;
}

bool letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_label(std::string_view label) {
  return !label.empty() && letter_or_digit(label.front()) && letter_or_digit(label.back()) &&
         std::all_of(label.begin(), label.end(), [](char c) { return letter_or_digit(c) || c == '-' || c == '_'; });
}

/// The pattern of the type DomainName: two labels or more, perhaps after `*.`, perhaps with a last dot.
bool is_domain_name(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  if (name.ends_with('.')) name.remove_suffix(1);
  std::size_t labels = 1;
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.'), ++labels) {
    if (!is_label(name.substr(0, dot))) return false;
    name.remove_prefix(dot + 1);
  }
  return labels > 1 && is_label(name);
}

// policy.md 8.5: `*.` is one whole label or more, which Cilium writes as `**.`.
std::vector<Located<ir::NamePattern>> read_names(const FieldReader& reader) {
  check_size(reader, "domainNames", kMostOutside);
  const auto texts = reader.strings("domainNames").value_or(std::vector<Located<std::string>>{});
  check_unique(reader, texts);
  std::vector<Located<ir::NamePattern>> out;
  for (const auto& text : texts) {
    if (!is_domain_name(text.value))
      reader.report(ir::Code::InvalidValue, text.span, show(text.value) + " is no domain name",
                    text.value.find('*') == std::string::npos ? "" : "`*` stands only first, as `*.example.com`");
    const bool wild = text.value.starts_with("*");
    out.push_back({{wild ? "*" + text.value : text.value, !wild}, text.span});
  }
  return out;
}

/// A peer whose only field is of some later version of the API (policy.md 8.7); nothing for a typing mistake.
std::optional<AdminPeer> read_unknown(const Node& node, const FieldTable& table) {
  if (node.kind != NodeKind::Mapping || node.entries.size() != 1 || node.entries[0].second.is_null()) return std::nullopt;
  const std::string& key = node.entries[0].first.text;
  std::vector<std::string_view> names = {"nodes", "networks", "domainNames"};  // known, and perhaps in the other direction
  for (const Field& field : table.fields) names.push_back(field.name);
  if (std::find(names.begin(), names.end(), key) != names.end() || !nearest(key, names).empty()) return std::nullopt;
  AdminPeer out;
  out.unknown = key;
  out.span = node.span;
  return out;
}

}  // namespace

std::vector<const FieldTable*> admin_peer_tables() { return {&kNamespacedPod}; }

std::string_view only_field(const FieldReader& reader, const Node& node, const std::vector<std::string_view>& names) {
  std::string_view found;
  for (const std::string_view name : names) {
    if (!reader.has(name)) continue;
    if (!found.empty())
      reader.report(ir::Code::ExclusiveFields, reader.span(name),
                    "`" + std::string(found) + "` and `" + std::string(name) + "` exclude each other", "keep one of them");
    if (found.empty()) found = name;
  }
  const bool misspelt = std::any_of(node.entries.begin(), node.entries.end(), [](const auto& entry) { return !entry.second.is_null(); });
  if (!found.empty() || misspelt) return found;
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "`" : ", `") + std::string(name) + "`";
  reader.report(ir::Code::MissingField, reader.span(), "exactly one of " + list + " is needed");
  return {};
}

AdminPods read_admin_subject(const FieldReader& spec, const FieldTable& table) {
  if (!spec.require("subject")) return {};
  const Node& node = *spec.get("subject");
  const FieldReader subject(node, table, spec.diagnostics());
  if (node.kind != NodeKind::Mapping) return {};
  const std::string_view field = only_field(subject, node, {"namespaces", "pods"});
  return field.empty() ? AdminPods{} : read_in_cluster(subject, field);
}

AdminPeer read_admin_peer(const Node& node, const FieldTable& table, ir::Diagnostics& diagnostics) {
  if (auto unknown = read_unknown(node, table)) return *unknown;
  const FieldReader reader(node, table, diagnostics);
  AdminPeer out;
  out.span = node.span;
  if (node.kind != NodeKind::Mapping) return out;
  std::vector<std::string_view> names;
  for (const Field& field : table.fields) names.push_back(field.name);
  const std::string_view field = only_field(reader, node, names);
  if (field == "namespaces" || field == "pods") out.pods = read_in_cluster(reader, field);
  if (field == "nodes") out.nodes = read_selector(*reader.get(field), diagnostics);
  if (field == "networks") out.networks = read_networks(reader);
  if (field == "domainNames") out.names = read_names(reader);
  return out;
}

}  // namespace weir::compiler
