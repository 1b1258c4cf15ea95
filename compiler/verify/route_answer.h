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

/// All of a rule that answer_text can show, in one way of writing it: rules with equal answers answer every request alike.
struct RouteAnswer {
  std::string refusal;  // of requests that no rule takes
  std::vector<ir::Filter> filters;
  std::vector<ir::Backend> backends;    // of the rule and of those that share its requests, each once; without weights of 0
  std::optional<ir::PathMatch> prefix;  // of the match, where a filter asks for it
  bool rewrites_by_regex = false;
  std::optional<ir::Backend> first;     // where none may serve: its status is the answer
  friend auto operator<=>(const RouteAnswer&, const RouteAnswer&) = default;
};
/// Requests of one sort.
struct RequestSort {
  const ir::Listener& listener;
  bool grpc = false;  // the scheme grpc: always POST
};
/// Of the match that decides, and behind it those that share with it.
[[nodiscard]] RouteAnswer answer_of(const ir::RouteTable&, const RequestSort&, const std::vector<ir::RouteChoice>&);

}  // namespace weir::compiler
