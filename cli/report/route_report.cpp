#include "cli/report/route_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/report/rule_json.h"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using simulator::EndpointPolicy;
using simulator::RouteAnswer;

/// Shares are ratios of small integers: six digits tell them apart and print short.
double rounded(double share) { return std::round(share * 1e6) / 1e6; }

ordered_json policy_json(const EndpointPolicy& policy) {
  ordered_json out;
  out["verdict"] = ir::to_text(policy.verdict);
  out["decidedBy"] = rules_json(policy.decided_by);
  return out;
}

/// One verdict for the backend, or one for each pod when they differ.
void add_policy(const std::vector<EndpointPolicy>& pods, ordered_json& into) {
  if (pods.empty()) return;
  if (simulator::common_verdict(pods)) {
    into["policy"] = policy_json(pods.front());
    return;
  }
  for (const EndpointPolicy& pod : pods) {
    ordered_json one;
    one["pod"] = pod.pod;
    one["policy"] = policy_json(pod);
    into["endpoints"].push_back(std::move(one));
  }
}

ordered_json backend_json(const RouteAnswer& answer, std::size_t number) {
  const ir::BackendShare& share = answer.decision.backends[number];
  const ir::Backend& backend = share.backend;
  ordered_json out;
  out["namespace"] = backend.namespace_name;
  out["service"] = backend.service;
  if (backend.port != 0) out["port"] = backend.port;
  out["share"] = rounded(share.share);
  if (share.status != 0) out["status"] = share.status;
  if (!backend.invalid.empty()) out["invalid"] = backend.invalid;
  if (!backend.pods.empty()) out["pods"] = backend.pods;
  if (number < answer.policy.size()) add_policy(answer.policy[number], out);
  return out;
}

ordered_json route_name_json(const simulator::MatchedRoute& route) {
  ordered_json out;
  out["kind"] = route.kind;
  out["namespace"] = route.namespace_name;
  out["name"] = route.name;
  out["rule"] = route.rule;
  out["match"] = route.match;
  if (!route.file.empty()) {
    out["file"] = route.file;
    out["line"] = route.line;
  }
  return out;
}

/// What the backend sees: without filters the request as it came.
ordered_json request_json(const ir::Request& request) {
  ordered_json out;
  out["host"] = request.host;
  std::string path = request.path;
  for (std::size_t i = 0; i < request.query.size(); ++i)
    path += (i == 0 ? "?" : "&") + request.query[i].first + "=" + request.query[i].second;
  out["path"] = path;
  if (!request.headers.empty()) out["headers"] = ordered_json::object();
  for (const auto& [name, value] : request.headers) {
    const bool again = out["headers"].contains(name);
    out["headers"][name] = again ? out["headers"][name].get<std::string>() + "," + value : value;
  }
  return out;
}

std::string share_text(double share) {
  const double percent = std::round(share * 1e4) / 1e2;
  std::string text = std::to_string(percent);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + " %";
}

std::string policy_text(const std::vector<EndpointPolicy>& pods) {
  std::string text;
  const bool common = simulator::common_verdict(pods).has_value();
  for (const EndpointPolicy& pod : pods) {
    text += "      policy: " + std::string(ir::to_text(pod.verdict)) + (pod.step.empty() ? "" : " at " + pod.step);
    text += common && pods.size() > 1 ? " for all " + std::to_string(pods.size()) + " pods\n" : " for " + pod.pod + "\n";
    for (const ir::RuleRef& rule : pod.decided_by) text += "        " + ir::to_text(rule) + "\n";
    for (const ir::RuleRef& rule : pod.isolated_by) text += "        isolated by " + ir::to_text(rule) + "\n";
    if (common) break;
  }
  return text;
}

std::string backend_text(const ir::BackendShare& share) {
  const ir::Backend& backend = share.backend;
  std::string text = "    " + share_text(share.share) + " to " + backend.namespace_name + "/" + backend.service;
  if (backend.port != 0) text += ":" + std::to_string(backend.port);
  if (!backend.invalid.empty()) text += ", which is invalid: " + backend.invalid;
  if (share.status == 503) text += ", which has no ready pod";
  if (share.status != 0) text += ": status " + std::to_string(share.status);
  return text + "\n";
}

std::string outcome_text(const RouteAnswer& answer) {
  const ir::RouteDecision& decision = answer.decision;
  const std::string why = decision.why.empty() ? "" : ": " + decision.why;
  switch (decision.outcome) {
    case ir::RouteOutcome::Backends: return "goes to backends";
    case ir::RouteOutcome::Redirect: return "redirect, status " + std::to_string(answer.decision.status);
    case ir::RouteOutcome::Response: return "is answered with status " + std::to_string(decision.status) + why;
    case ir::RouteOutcome::Rejected: return "is rejected" + why;
    case ir::RouteOutcome::NoListener: return "meets no listener" + why;
  }
  return "meets no listener";
}

std::string place_text(const RouteAnswer& answer) {
  std::string text;
  if (answer.listener) {
    const ir::Listener& listener = *answer.listener;
    text += "  listener " + listener.gateway_namespace + "/" + listener.gateway + " `" + listener.name + "`, " +
            std::string(ir::to_text(listener.protocol)) + " on port " + std::to_string(listener.port) + ", " +
            (listener.hostname.empty() ? "every host" : listener.hostname) + "\n";
  }
  if (!answer.route) return text;
  const simulator::MatchedRoute& route = *answer.route;
  text += "  rule " + std::to_string(route.rule) + " of " + route.kind + " " + route.namespace_name + "/" + route.name;
  if (!route.file.empty()) text += " (" + route.file + ":" + std::to_string(route.line) + ")";
  return text + ", match " + std::to_string(route.match) + ": " + route.text + "\n";
}

}  // namespace

void add_route(const RouteAnswer& answer, ordered_json& into) {
  const ir::RouteDecision& decision = answer.decision;
  into["outcome"] = ir::to_text(decision.outcome);
  if (decision.status != 0) into["status"] = decision.status;
  if (answer.listener) {
    into["listener"]["kind"] = "Gateway";
    into["listener"]["namespace"] = answer.listener->gateway_namespace;
    into["listener"]["gateway"] = answer.listener->gateway;
    into["listener"]["name"] = answer.listener->name;
  }
  if (answer.route) into["route"] = route_name_json(*answer.route);
  for (std::size_t i = 0; i < decision.backends.size(); ++i) into["backends"].push_back(backend_json(answer, i));
  if (decision.outcome == ir::RouteOutcome::Backends) into["request"] = request_json(answer.request);
  if (!answer.assumptions.empty()) into["assumptions"] = answer.assumptions;
}

std::string route_json(const RouteAnswer& answer) {
  ordered_json out = head_json("RouteTrace");
  add_route(answer, out);
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string route_text(const RouteAnswer& answer) {
  const ir::Request& request = answer.request;
  std::string text = request.method + " " + request.scheme + "://" + request.host + request.path + " " +
                     outcome_text(answer) + "\n" + place_text(answer);
  for (std::size_t i = 0; i < answer.decision.backends.size(); ++i) {
    text += backend_text(answer.decision.backends[i]);
    if (i < answer.policy.size()) text += policy_text(answer.policy[i]);
  }
  if (!answer.assumptions.empty()) text += "  this rests on\n";
  for (const std::string& assumption : answer.assumptions) text += "    " + assumption + "\n";
  return text;
}

}  // namespace weir::cli
