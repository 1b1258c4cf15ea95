#pragma once

#include <string>

#include "compiler/api/gateway.h"

namespace weir::compiler {

/// "{app: web}" of a selector, and "HTTPRoute shop/web".
[[nodiscard]] std::string selector_text(const LabelSelector&);
[[nodiscard]] std::string object_text(const ObjectMeta&);

/// --emit objects of the gateway kinds. Of Secrets and ConfigMaps only which items they have.
void append_gateway(const GatewayObjects&, std::string& text);

}  // namespace weir::compiler
