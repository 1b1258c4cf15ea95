// The reference meaning of routing, written to be read beside gateway.md 1.4 to 1.8. Tested by tests/unit/ir/route_test.cpp
// and by the request tables of tests/corpus.
#include "ir/eval/route.h"

#include <algorithm>

#include "ir/eval/route_choice.h"
#include "ir/eval/route_finish.h"
#include "ir/eval/route_listener.h"

namespace weir::ir {
namespace {

void no_route(const RouteTable& table, const Request& request, RouteDecision& decision) {
  const ListenerProtocol protocol = table.listeners[*decision.listener].protocol;
  if (protocol == ListenerProtocol::Http || protocol == ListenerProtocol::Https)
    return respond(decision, request, 404, 12, "no rule of a route on this listener matches");
  // Item 36: a connection that no route takes is refused.
  reject(decision, "no route on this " + std::string(to_text(protocol)) + " listener takes the connection");
}

void choose_route(const RouteTable& table, const Request& request, RouteDecision& decision) {
  const std::vector<Candidate> all = candidates(table, *decision.listener, request);
  if (all.empty()) return no_route(table, request, decision);
  decision.choice = std::min_element(all.begin(), all.end(), [&](const Candidate& a, const Candidate& b) {
                      return wins(table, a, b);
                    })->choice;
  finish(table, request, decision);
}

}  // namespace

std::string_view to_text(RouteOutcome outcome) {
  switch (outcome) {
    case RouteOutcome::Backends: return "backends";
    case RouteOutcome::Redirect: return "redirect";
    case RouteOutcome::Response: return "response";
    case RouteOutcome::Rejected: return "rejected";
    case RouteOutcome::NoListener: return "no-listener";
  }
  return "no-listener";
}

RouteDecision route(const RouteTable& table, const Request& request) {
  RouteDecision decision;
  if (choose_listener(table, request, decision)) choose_route(table, request, decision);
  std::sort(decision.assumptions.begin(), decision.assumptions.end());
  decision.assumptions.erase(std::unique(decision.assumptions.begin(), decision.assumptions.end()),
                             decision.assumptions.end());
  return decision;
}

}  // namespace weir::ir
