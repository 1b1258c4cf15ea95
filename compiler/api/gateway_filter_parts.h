#pragma once

#include <string>

#include "compiler/api/gateway.h"
#include "compiler/source/tree.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

// One function for each type of filter: the object that stands beside `type`.

/// `unknown`: set when a header has more than one action, which a controller judges (gateway.md 24).
[[nodiscard]] ir::HeaderEdit read_header_edit(const Node&, std::string& unknown, ir::Diagnostics&);
[[nodiscard]] ir::RequestRedirect read_redirect(const Node&, ir::Diagnostics&);
[[nodiscard]] ir::UrlRewrite read_rewrite(const Node&, ir::Diagnostics&);
[[nodiscard]] ir::Cors read_cors(const Node&, ir::Diagnostics&);
[[nodiscard]] MirrorObject read_mirror(const Node&, const ObjectMeta& route, ir::Diagnostics&);
[[nodiscard]] ExtensionObject read_extension(const Node&, const ObjectMeta& route, ir::Diagnostics&);
[[nodiscard]] ExtensionObject read_external_auth(const Node&, const ObjectMeta& route, ir::Diagnostics&);

}  // namespace weir::compiler
