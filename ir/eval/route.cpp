// The reference meaning of routing, written to be read beside gateway.md 1.4 to 1.8: route_listener.cpp (16 to 18),
// route_match.cpp (19 to 21), route_choice.cpp (22), route_filters.cpp (24 to 28), route_backends.cpp (31, 34).
// Tested by tests/unit/ir/route*_test.cpp and by the request tables of tests/corpus.
#include "ir/eval/route.h"

#include <algorithm>

#include "ir/eval/route_parts.h"
#include "ir/route/hostname.h"

namespace weir::ir {
namespace router {

std::string by_dialect(const RouteTable& table) { return "dialect " + std::string(to_text(table.dialect)) + ": "; }

}  // namespace router

namespace {

using namespace router;

std::string listener_name(const Listener& listener) {
  const bool set = !listener.set.empty();
  return (set ? listener.set_namespace + "/" + listener.set : listener.gateway_namespace + "/" + listener.gateway) + "/" +
         listener.name;
}

std::string listener_text(const Listener& listener) {
  return listener_name(listener) + " " + std::string(to_text(listener.protocol)) + "/" + std::to_string(listener.port) + " " +
         (listener.hostname.empty() ? "*" : listener.hostname);
}

void reject(RouteDecision& decision, std::string why) {
  decision.outcome = RouteOutcome::Rejected;
  decision.why = std::move(why);
}

std::string asked_name(const Request& request) {
  return request.scheme == "http" ? host_of(request.host) : server_name(request);
}

/// A request that no rule took (gateway.md 17, 18, 36).
void refuse(const RouteTable& table, const RoutePick& pick, const Request& request, RouteDecision& decision) {
  const Listener* listener = pick.listener ? &table.listeners[*pick.listener] : nullptr;
  switch (pick.reason) {
    case RouteReason::NoPort:
      decision.why = "no usable listener on port " + std::to_string(request.port);
      return;
    case RouteReason::WrongProtocol: return reject(decision, "the listeners on this port speak another protocol");
    case RouteReason::NoHost:
      return respond(decision, request, 404, "no listener on this port takes the host `" + asked_name(request) + "`");
    case RouteReason::NoName: return reject(decision, "no listener on this port takes the name `" + asked_name(request) + "`");
    case RouteReason::NoCertificate: return reject(decision, "the TLS handshake fails: " + listener->broken);
    case RouteReason::NotTerminated:
      decision.assumptions.push_back(by_dialect(table) + "a TLSRoute on a listener that terminates TLS is not served");
      return reject(decision, "the listener terminates TLS, which this dialect does not serve");
    case RouteReason::Misdirected:
      return respond(decision, request, 421, "the Host header belongs to another listener than the TLS handshake");
    case RouteReason::NoRule:
      if (speaks_http(*listener)) return respond(decision, request, 404, "no rule of a route on this listener matches");
      return reject(decision, "no route on this " + std::string(to_text(listener->protocol)) + " listener takes the connection");
    case RouteReason::Rule: return;
  }
}

/// Filters, then backends (gateway.md 23).
void serve(const RouteTable& table, const RoutePick& pick, const Request& request, RouteDecision& decision) {
  const RouteRule& rule = rule_of(table, *pick.choice);
  decision.timeout = whole_timeout(table, rule, decision);
  const Filtered done = filtered(table, pick, rule.filters, request, request);
  decision.story.insert(decision.story.end(), done.story.begin(), done.story.end());
  decision.assumptions.insert(decision.assumptions.end(), done.assumptions.begin(), done.assumptions.end());
  if (done.answer || done.redirect) decision.response = done.response;
  if (done.answer) return respond(decision, request, done.answer->status, done.answer->why);
  if (!done.redirect) return distribute(table, pick, request, done, decision);
  decision.outcome = RouteOutcome::Redirect;
  decision.status = done.redirect->status;
  decision.redirect = done.redirect;
}

std::string request_line(const Request& request) {
  if (request.scheme == "tcp" || request.scheme == "udp") return request.scheme + " port " + std::to_string(request.port);
  if (request.scheme == "tls") return "tls port " + std::to_string(request.port) + " name `" + server_name(request) + "`";
  return (request.scheme == "grpc" ? "POST" : request.method) + " " + request.scheme + "://" + request.host + request.path;
}

/// What happened before the filters, in the order of a connection.
void open_story(const RouteTable& table, const RoutePick& pick, const Request& request, RouteDecision& decision) {
  decision.story.push_back(request_line(request));
  if (!pick.listener) return;
  decision.story.push_back("listener " + listener_text(table.listeners[*pick.listener]));
  if (!pick.choice) return;
  const Route& route = table.routes[pick.choice->route];
  decision.story.push_back(route.kind + " " + name_of(route) + " rule " + std::to_string(pick.choice->rule) + " match " +
                           std::to_string(pick.choice->match) + ": " + to_text(match_of(table, *pick.choice)));
}

void close_story(RouteDecision& decision) {
  for (const BackendShare& share : decision.backends) {
    std::string line = "backend " + to_text(share.backend);
    if (!share.forwarded.host.empty()) line += ", asked for " + share.forwarded.host + share.forwarded.path;
    if (share.status != 0) line += ": status " + std::to_string(share.status);
    decision.story.push_back(std::move(line));
  }
  if (decision.redirect)
    decision.story.push_back("answer " + std::to_string(decision.redirect->status) + ", Location: " + decision.redirect->location);
  if (decision.outcome == RouteOutcome::Response)
    decision.story.push_back("answer " + std::to_string(decision.status) +
                             (decision.grpc_status ? ", grpc-status " + std::to_string(*decision.grpc_status) : "") + ": " + decision.why);
  if (decision.outcome == RouteOutcome::Rejected) decision.story.push_back("the connection is refused: " + decision.why);
  if (decision.outcome == RouteOutcome::NoListener) decision.story.push_back("nobody answers: " + decision.why);
}

void sort_unique(std::vector<std::string>& texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
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

RouteDecision finish(const RouteTable& table, const RoutePick& pick, const Request& request) {
  RouteDecision decision;
  decision.listener = pick.listener;
  decision.choice = pick.choice;
  open_story(table, pick, request, decision);
  if (pick.choice) serve(table, pick, request, decision);
  else refuse(table, pick, request, decision);
  close_story(decision);
  sort_unique(decision.assumptions);
  return decision;
}

RouteDecision route(const RouteTable& table, const Request& request) {
  const RoutePick picked = pick(table, request);
  RouteDecision decision = finish(table, picked, request);
  for (std::string& text : explain(table, picked, request)) decision.assumptions.push_back(std::move(text));
  sort_unique(decision.assumptions);
  return decision;
}

}  // namespace weir::ir
