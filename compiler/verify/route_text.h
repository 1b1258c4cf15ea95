#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/base/span.h"
#include "ir/route/request.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

// Routes and requests in findings.

[[nodiscard]] const ir::RouteRule& rule_of(const ir::RouteTable&, const ir::RouteChoice&);
[[nodiscard]] const ir::RouteMatch& match_of(const ir::RouteTable&, const ir::RouteChoice&);
/// Where the match is written, or its rule when that is all that is known.
[[nodiscard]] ir::Span origin_of(const ir::RouteTable&, const ir::RouteChoice&);

[[nodiscard]] std::string name_of(const ir::Route&);                                  // "HTTPRoute `shop/cart`"
[[nodiscard]] std::string rule_name_of(const ir::RouteTable&, const ir::RouteChoice&);  // "rule 1 of HTTPRoute `shop/cart`"
/// "`PathPrefix /cart` in rule 1 of HTTPRoute `shop/cart`"
[[nodiscard]] std::string name_of(const ir::RouteTable&, const ir::RouteChoice&);

/// By which step of gateway.md 22 the first wins over the second for this host.
[[nodiscard]] std::string reason_of(const ir::RouteTable&, const ir::RouteChoice& winner, const ir::RouteChoice& loser, const std::string& host);

/// In the terms of `weir route`, as a JSON object.
[[nodiscard]] std::string request_json(const ir::Request&, std::string_view decided_by);
/// The same for people.
[[nodiscard]] std::vector<std::string> request_notes(const ir::Request&, std::string_view decided_by);
/// "GET http://shop.example.com/cart?x=1, header `x-user: a`", "TCP connection to port 5432"
[[nodiscard]] std::string request_text(const ir::Request&);

}  // namespace weir::compiler
