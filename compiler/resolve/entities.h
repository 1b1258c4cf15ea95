#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ir/cluster/selector.h"
#include "ir/cluster/settings.h"

namespace weir::compiler {

/// The selectors of an entity, any of which may match (policy.md 2.7); none for the entity `none`; nothing when this
/// dialect does not have the entity.
[[nodiscard]] std::optional<std::vector<ir::Selector>> entity_selectors(std::string_view entity, const ir::Settings&);

}  // namespace weir::compiler
