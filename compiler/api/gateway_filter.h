#pragma once

#include <span>
#include <vector>

#include "compiler/api/gateway.h"
#include "compiler/api/reader.h"

namespace weir::compiler {

enum class FilterKinds : std::uint8_t { Http, Grpc };

/// `filters` of a rule or of a backend, by the rules of gateway.md 1.1 item 3. What a controller judges, not the API server
/// (gateway.md 24, 29), makes `unknown` of the filter not empty.
[[nodiscard]] std::vector<FilterObject> read_filters(const FieldReader&, FilterKinds, const ObjectMeta& route);

/// The rules that need the whole rule: a redirect has no backends, replacePrefixMatch needs one match, of type PathPrefix.
void check_filters(const FieldReader& rule, const RouteRuleObject&);

}  // namespace weir::compiler
