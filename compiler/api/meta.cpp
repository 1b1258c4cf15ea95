#include "compiler/api/meta.h"

#include <algorithm>

#include "compiler/api/names.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr std::string_view kBookkeeping = "bookkeeping of the API server";

constexpr Field kObjectMetaFields[] = {
    {"annotations"},
    {"clusterName", Support::Irrelevant, kBookkeeping},
    {"creationTimestamp"},
    {"deletionGracePeriodSeconds", Support::Irrelevant, kBookkeeping},
    {"deletionTimestamp", Support::Irrelevant, kBookkeeping},
    {"finalizers", Support::Irrelevant, kBookkeeping},
    {"generateName"},
    {"generation", Support::Irrelevant, kBookkeeping},
    {"labels"},
    {"managedFields", Support::Irrelevant, kBookkeeping},
    {"name"},
    {"namespace"},
    {"ownerReferences"},
    {"resourceVersion", Support::Irrelevant, kBookkeeping},
    {"selfLink", Support::Irrelevant, kBookkeeping},
    {"uid", Support::Irrelevant, kBookkeeping},
};

constexpr Field kOwnerFields[] = {
    {"apiVersion", Support::Irrelevant},
    {"blockOwnerDeletion", Support::Irrelevant},
    {"controller", Support::Irrelevant},
    {"kind"},
    {"name"},
    {"uid", Support::Irrelevant},
};
constexpr FieldTable kOwnerReference{"OwnerReference", kOwnerFields};

OwnerReference read_owner(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader owner(node, kOwnerReference, diagnostics);
  const auto kind = owner.string("kind"), name = owner.string("name");
  return {kind ? kind->value : "", name ? name->value : ""};
}

/// metadata.name, else generateName.
void read_name(const FieldReader& meta, ObjectMeta& out) {
  const bool generated = !meta.has("name") && meta.has("generateName");
  if (!generated && !meta.require("name")) return;
  const auto name = meta.string(generated ? "generateName" : "name");
  if (!name) return;
  out.name = name->value;
  out.origin = name->span;
  if (generated) return;
  const bool good = out.kind == "Namespace" ? is_dns_label(out.name)
                    : out.kind == "Service" ? is_service_name(out.name)
                                            : is_dns_subdomain(out.name);
  if (!good)
    meta.report(ir::Code::InvalidValue, name->span, show(out.name) + " cannot be the name of a " + out.kind,
                "use lower case letters, digits and `-`");
}

void read_namespace_name(const FieldReader& meta, Scope scope, ObjectMeta& out) {
  const auto name = meta.string("namespace");
  if (scope == Scope::Cluster) {
    if (name && !name->value.empty())
      meta.report(ir::Code::InvalidValue, name->span, "a " + out.kind + " is in no namespace", "remove `namespace`");
    return;
  }
  out.namespace_name = name && !name->value.empty() ? name->value : "default";
  if (!is_dns_label(out.namespace_name))
    meta.report(ir::Code::InvalidValue, name->span, show(out.namespace_name) + " cannot be the name of a namespace",
                "use lower case letters, digits and `-`");
}

/// The entries of a mapping field, none when it is absent or no mapping (which was reported).
const std::vector<std::pair<Node, Node>>& entries(const FieldReader& meta, std::string_view field) {
  static const std::vector<std::pair<Node, Node>> none;
  const Node* node = meta.get(field);
  return node == nullptr ? none : node->entries;
}

}  // namespace

const FieldTable kObjectMeta{"ObjectMeta", kObjectMetaFields};

StringMap read_labels(const FieldReader& meta) {
  for (const auto& [key, value] : entries(meta, "labels")) {
    if (!is_label_key(key.text)) meta.report(ir::Code::InvalidValue, key.span, show(key.text) + " is no label key");
    if (value.kind == NodeKind::Scalar && !is_label_value(value.text))
      meta.report(ir::Code::InvalidValue, value.span, show(value.text) + " is no label value",
                  "use at most 63 letters, digits, `-`, `_`, `.`, with a letter or digit at both ends");
  }
  return meta.string_map("labels").value_or(StringMap{});
}

StringMap read_annotations(const FieldReader& meta) {
  for (const auto& entry : entries(meta, "annotations")) {
    std::string lower = entry.first.text;  // the API server checks annotation keys in lower case
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (!is_label_key(lower))
      meta.report(ir::Code::InvalidValue, entry.first.span, show(entry.first.text) + " is no annotation key");
  }
  return meta.string_map("annotations").value_or(StringMap{});
}

ObjectMeta read_meta(const FieldReader& top, const Document& document, Scope scope) {
  ObjectMeta out;
  out.cluster = document.cluster;
  out.kind = head(document, "kind");
  out.document = out.origin = document.root.span;
  if (!top.require("metadata")) return out;
  const FieldReader meta(*top.get("metadata"), kObjectMeta, top.diagnostics());
  read_name(meta, out);
  read_namespace_name(meta, scope, out);
  out.labels = read_labels(meta);
  out.annotations = read_annotations(meta);
  if (const auto created = meta.string("creationTimestamp")) out.created = created->value;
  out.owners = meta.list<OwnerReference>("ownerReferences", [&](const Node& node) {
                     return read_owner(node, top.diagnostics());
                   }).value_or(std::vector<OwnerReference>{});
  return out;
}

std::string head(const Document& document, std::string_view field) {
  const Node* node = document.root.kind == NodeKind::Mapping ? document.root.find(field) : nullptr;
  return node != nullptr && node->kind == NodeKind::Scalar && scalar_type(*node) == ScalarType::String ? node->text : "";
}

}  // namespace weir::compiler
