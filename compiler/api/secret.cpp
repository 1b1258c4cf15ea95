// Secrets, of which nothing but the head may ever be shown: the generic reader sees only that, and what is said about the
// rest names neither keys nor values (architecture.md rule 9). Tested by tests/unit/compiler/resolve/mesh_test.cpp.

#include "compiler/api/secret.h"

#include <algorithm>
#include <array>
#include <map>

#include "compiler/api/mesh_tables.h"
#include "compiler/api/meta.h"
#include "compiler/api/readers.h"
#include "compiler/source/secrets.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Support kSkip = Support::Irrelevant;
constexpr Field kFields[] = {kApiVersionField, {"data"}, {"immutable", kSkip}, kKindField, kMetadataField, {"stringData"},
                             {"type"}};
constexpr FieldTable kTable{"Secret", kFields};

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/// RFC 4648 section 4 with padding; line ends are skipped, as the API server does.
std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  std::size_t digits = 0, padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int digit = base64_digit(c);
    if (digit < 0 || padding > 0) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    if (++digits % 4 == 0)
      for (const int shift : {16, 8, 0}) out.push_back(static_cast<char>(bits >> shift));
  }
  const std::size_t rest = digits % 4;
  if (rest == 1 || (digits + padding) % 4 != 0 || padding > 2) return std::nullopt;
  if (rest == 2) out.push_back(static_cast<char>(bits >> 4));
  if (rest == 3)
    for (const int shift : {10, 2}) out.push_back(static_cast<char>(bits >> shift));
  return out;
}

using Items = StringMap;

/// One item, or a report that shows nothing of it.
void read_item(const Node& key, const Node& value, bool base64, const FieldReader& top, Items& out) {
  if (value.is_null()) {
    out[key.text] = "";
    return;
  }
  if (value.kind != NodeKind::Scalar || scalar_type(value) != ScalarType::String)
    return top.report(ir::Code::WrongType, top.span("metadata"), "an item of the Secret is no string");
  const auto text = base64 ? decode_base64(value.text) : std::optional(value.text);
  if (!text) return top.report(ir::Code::InvalidValue, top.span("metadata"), "an item in `data` of the Secret is not base64");
  out[key.text] = *text;
}

void read_items(const Node& root, std::string_view field, const FieldReader& top, Items& out) {
  const Node* node = root.find(field);
  if (node == nullptr || node->is_null()) return;
  if (node->kind != NodeKind::Mapping)
    return top.report(ir::Code::WrongType, top.span("metadata"), "`" + std::string(field) + "` of the Secret is no mapping");
  for (const auto& [key, value] : node->entries) read_item(key, value, field == "data", top, out);
}

/// Null when the node is no mapping or has no such key.
const Node* child(const Node* node, std::string_view key) {
  return node == nullptr || node->kind != NodeKind::Mapping ? nullptr : node->find(key);
}

void collect(const CiliumElements& elements, std::set<ir::SecretName>& out) {
  if (!elements) return;
  for (const CiliumElement& element : *elements) {
    if (!element.port_rules) continue;
    for (const CiliumPortRule& rule : *element.port_rules) {
      if (!rule.l7) continue;
      for (const ir::HttpMatch& match : rule.l7->http)
        for (const ir::HeaderMatch& header : match.headers)
          if (header.secret) out.insert(*header.secret);
    }
  }
}

}  // namespace

std::vector<const FieldTable*> secret_tables() { return {&kTable}; }

std::set<ir::SecretName> secret_names(const PolicyObjects& objects) {
  std::set<ir::SecretName> names;
  for (const CiliumNetworkPolicy& policy : objects.cilium_network_policies)
    for (const CiliumRule& rule : policy.rules) {
      collect(rule.ingress, names);
      collect(rule.egress, names);
    }
  return names;
}

ir::SecretName object_name(const Document& document) {
  const Node* meta = child(&document.root, "metadata");
  const Node* space = child(meta, "namespace");
  const Node* name = child(meta, "name");
  const std::string in = space == nullptr ? "" : space->text;
  return {in.empty() ? "default" : in, name == nullptr ? "" : name->text};
}

SecretItems read_secret_items(const Document& document, ir::Diagnostics& diagnostics) {
  const Node head = without_secret(document.root);
  const FieldReader top(head, kTable, diagnostics);
  SecretItems out;
  out.meta = read_meta(top, document, Scope::Namespaced);
  if (const auto type = top.string("type")) out.type = type->value;
  for (const auto& entry : document.root.entries)
    if (std::none_of(std::begin(kFields), std::end(kFields), [&](const Field& f) { return f.name == entry.first.text; }))
      top.report(ir::Code::UnknownField, top.span("metadata"), "the Secret has a field that the API does not have");
  // core/v1 Secret: stringData is written over data.
  for (const std::string_view field : {"data", "stringData"}) read_items(document.root, field, top, out.items);
  return out;
}

SecretObject to_secret(const SecretItems& secret) {
  SecretObject object{secret.meta, {}};
  // Cilium takes the value only from a Secret with a single item.
  if (secret.items.size() == 1) object.value = secret.items.begin()->second;
  return object;
}

}  // namespace weir::compiler
