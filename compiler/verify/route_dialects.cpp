// WEIR0431 route-dialect-divergence: the same objects as another gateway reads them (gateway.md 2, and 4, V3). Tested by
// tests/unit/compiler/verify/route_dialects_test.cpp.
#include <set>

#include "compiler/verify/checks.h"
#include "compiler/verify/route_compare.h"
#include "compiler/verify/route_text.h"
#include "ir/base/code.h"
#include "ir/eval/route.h"
#include "nlohmann/json.hpp"

namespace weir::compiler {
namespace {

std::string decided_by(const ir::RouteTable& table, const ir::RoutePick& pick) { return pick.choice ? name_of(table, *pick.choice) : "no rule"; }

ir::Span place_of(const ir::RouteTable& table, const ir::RoutePick& pick) {
  if (pick.choice) return origin_of(table, *pick.choice);
  return pick.listener ? table.listeners[*pick.listener].origin : ir::Span{};
}

void tell(const CheckContext& context, const ir::RouteTable& other, const RequestDifference& one, const ir::RoutePick& here, const ir::RoutePick& there) {
  const ir::RouteTable& own = *context.routes;
  const std::string mine(to_text(own.dialect)), theirs(to_text(other.dialect));
  ir::Diagnostic found;
  found.kind = ir::Code::RouteDialectDivergence;
  const bool by_own = here.choice.has_value();
  found.primary = by_own || !there.choice ? place_of(own, here) : place_of(other, there);
  found.detail = theirs + " answers " + request_text(one.request) + " otherwise than " + mine + ": `" + one.after + "` in place of `" + one.before + "`";
  if (by_own && there.choice && place_of(other, there) != found.primary) found.labels.push_back({place_of(other, there), "the match that decides in " + theirs});
  found.notes = {"in " + mine + ", " + decided_by(own, here) + " decides; in " + theirs + ", " + decided_by(other, there)};
  found.fix = "write the matches so that their order is the same in both";
  nlohmann::ordered_json witness = nlohmann::ordered_json::parse(request_json(one.request, decided_by(own, here)));
  witness["answers"] = {{mine, one.before}, {theirs, one.after}};
  found.witness = witness.dump();
  tell(context, std::move(found), World::AnyRequest);
}

/// Once for each match of the own table.
void compare(const CheckContext& context, const ir::RouteTable& other) {
  const ir::RouteTable& own = *context.routes;
  const RouteDiff diff = compare_routes(own, other, {.each_once = true});
  std::set<ir::Span> told;
  for (const RequestDifference& one : diff.found) {
    const ir::RoutePick here = ir::pick(own, one.request), there = ir::pick(other, one.request);
    if (told.insert(here.choice ? place_of(own, here) : place_of(other, there)).second) tell(context, other, one, here, there);
  }
  for (const std::string& line : diff.unknown) context.report.undecided.push_back("WEIR0431 in " + std::string(to_text(other.dialect)) + ", " + line);
}

}  // namespace

void check_route_dialects(const CheckContext& context) {
  if (context.routes == nullptr || context.other_routes == nullptr) return;
  for (const ir::RouteTable& other : *context.other_routes) compare(context, other);
}

}  // namespace weir::compiler
