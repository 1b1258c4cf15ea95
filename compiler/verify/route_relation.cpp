// Tested by testdata/diff/relation-equivalent-routes and its neighbours.
#include "compiler/verify/route_relation.h"

#include <algorithm>
#include <utility>

namespace weir::compiler {
namespace {

WholeRelation equivalent(WholeRelation out, const ir::RouteTable& before, const ir::RouteTable& after) {
  if (out.answer.status == ProofStatus::Violated) return out;
  RouteDiff diff = diff_routes(before, after);
  if (!diff.found.empty()) {
    out.answer.status = ProofStatus::Violated;
    out.answer.why.clear();
    out.request = std::move(diff.found.front());
  } else if (!diff.unknown.empty() && out.answer.status == ProofStatus::Holds) {
    out.answer.status = ProofStatus::Unknown;
    out.answer.why = diff.unknown.front();
  }
  return out;
}

}  // namespace

WholeRelation with_routes(Relation asked, RelationAnswer answer, const ir::RouteTable& before, const ir::RouteTable& after) {
  if (asked == Relation::Equivalent) return equivalent({std::move(answer), std::nullopt}, before, after);
  if (!before.routes.empty() || !after.routes.empty()) {
    answer.assumptions.push_back("requests through gateways are not part of this relation");
    std::sort(answer.assumptions.begin(), answer.assumptions.end());
  }
  return {std::move(answer), std::nullopt};
}

}  // namespace weir::compiler
