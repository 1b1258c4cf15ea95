#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "ir/eval/route.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// What a request meets, each backend once, by the reference router: "shop/v1:80 90 %, shop/v2:80 10 %", "404", "redirect 302 https://...". Timeouts,
/// mirrors and headers of the answer are no part of it.
[[nodiscard]] std::string answer_text(const ir::RouteTable&, const ir::Request&);

/// All of a rule that answer_text can show: rules with equal answers answer every request alike.
struct RouteAnswer {
  std::string refusal;  // of requests that no rule takes
  std::vector<ir::Filter> filters;
  std::vector<ir::Backend> backends;    // of the rule and of those that share its requests, each once; without weights of 0
  std::optional<ir::PathMatch> prefix;  // of the match, where a filter asks for it
  bool rewrites_by_regex = false;
  friend auto operator<=>(const RouteAnswer&, const RouteAnswer&) = default;
};
/// Of the match that decides, and behind it those that share with it.
[[nodiscard]] RouteAnswer answer_of(const ir::RouteTable&, const std::vector<ir::RouteChoice>&);

}  // namespace weir::compiler
