#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/api/gateway.h"
#include "compiler/api/meta.h"
#include "compiler/api/reader.h"

namespace weir::compiler {

// What the readers of the gateway kinds share.

/// apiVersion, kind, metadata, spec, status: a whole object.
inline constexpr Field kGatewayObjectFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, kStatusField};

/// The text of a field, or `otherwise` when it is absent.
[[nodiscard]] std::string text_of(const FieldReader&, std::string_view field, std::string_view otherwise = {});
/// `port`, 1 to 65535.
[[nodiscard]] std::optional<std::uint16_t> port_of(const FieldReader&);
/// "at most 16 `rules` are accepted"
void check_count(const FieldReader&, std::string_view field, std::size_t size, std::size_t most);

/// group, kind, namespace and name of a reference, each checked as the API server does.
struct Target {
  std::string group, kind, namespace_name, name;
};
/// An absent part is that of `defaults`. An empty `defaults.namespace_name`: the type has no namespace; an empty
/// `defaults.kind`: group and kind have to be written.
[[nodiscard]] Target read_target(const FieldReader&, const Target& defaults);
[[nodiscard]] ObjectRef to_ref(Target, ir::Span origin);

/// A duration of GEP-2257 in milliseconds: "1h30m", "500ms".
[[nodiscard]] std::optional<std::uint64_t> milliseconds(std::string_view);
[[nodiscard]] std::optional<std::uint64_t> duration_of(const FieldReader&, std::string_view field);

/// {from, selector}; `nobody`: None is a value too, and the default.
[[nodiscard]] AllowedNamespaces read_namespaces(const Node&, const FieldTable&, bool nobody, ir::Diagnostics&);

/// WEIR0422, at the field.
void not_simulated(const FieldReader&, std::string_view field, std::string why);

}  // namespace weir::compiler
