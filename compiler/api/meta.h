#pragma once

#include <string>
#include <vector>

#include "compiler/api/reader.h"

namespace weir::compiler {

struct OwnerReference {
  std::string kind, name;
  friend auto operator<=>(const OwnerReference&, const OwnerReference&) = default;
};

/// The head of every object.
struct ObjectMeta {
  std::string cluster;  // NAME of NAME=PATH, else empty
  std::string kind, namespace_name, name;  // namespace "default" when not written; empty for cluster-wide kinds
  StringMap labels, annotations;
  std::string created;  // creationTimestamp as written, or empty
  std::vector<OwnerReference> owners;
  ir::Span origin;    // metadata.name
  ir::Span document;  // the whole object
  friend auto operator<=>(const ObjectMeta&, const ObjectMeta&) = default;
};

enum class Scope : std::uint8_t { Namespaced, Cluster };

/// Reads `metadata` of a document: name and namespace by the API server's rules, labels checked.
/// `top` is a reader over the whole document whose table has `metadata`.
[[nodiscard]] ObjectMeta read_meta(const FieldReader& top, const Document&, Scope);

/// Labels of a template or an object: keys and values by the API server's rules.
[[nodiscard]] StringMap read_labels(const FieldReader& meta);
/// Annotations: keys checked, values any string.
[[nodiscard]] StringMap read_annotations(const FieldReader& meta);
extern const FieldTable kObjectMeta;

/// apiVersion and kind, for tables of whole objects: {kApiVersionField, kKindField, kMetadataField, {"spec"}, kStatusField}.
inline constexpr Field kApiVersionField{"apiVersion"};
inline constexpr Field kKindField{"kind"};
inline constexpr Field kMetadataField{"metadata"};
inline constexpr Field kStatusField{"status", Support::Irrelevant, "what a controller saw"};

/// The text of apiVersion or kind at the head of a document; empty when it is no string.
[[nodiscard]] std::string head(const Document&, std::string_view field);

}  // namespace weir::compiler
