#include "cli/report/route_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/report/display.h"
#include "cli/report/escape.h"
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

ordered_json headers_json(const ir::HeaderList& headers) {
  auto out = ordered_json::object();
  for (const auto& [name, value] : headers) {
    const bool again = out.contains(name);
    out[name] = again ? out[name].get<std::string>() + "," + value : value;
  }
  return out;
}

/// The request as the backend sees it.
ordered_json request_json(const ir::Request& request) {
  ordered_json out;
  out["host"] = request.host;
  out["path"] = ir::path_and_query(request);
  if (!request.headers.empty()) out["headers"] = headers_json(request.headers);
  return out;
}

bool edits(const ir::HeaderEdit& edit) { return !edit.set.empty() || !edit.add.empty() || !edit.remove.empty(); }

ordered_json edit_json(const ir::HeaderEdit& edit) {
  ordered_json out;
  out["set"] = headers_json(edit.set);
  out["add"] = headers_json(edit.add);
  out["remove"] = edit.remove;
  return out;
}

/// The backend whose view the document shows: the first that serves.
const ir::BackendShare* shown(const RouteAnswer& answer) {
  for (const ir::BackendShare& share : answer.decision.backends)
    if (share.status == 0) return &share;
  return nullptr;
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
  if (share.grpc_status) out["grpcStatus"] = *share.grpc_status;
  if (!backend.invalid.empty()) out["invalid"] = backend.invalid;
  if (!backend.tls_invalid.empty()) out["tlsInvalid"] = backend.tls_invalid;
  if (!backend.pods.empty()) out["pods"] = backend.pods;
  if (number < answer.policy.size()) add_policy(answer.policy[number], out);
  const ir::BackendShare* first = shown(answer);
  if (share.status != 0 || first == nullptr) return out;
  if (share.forwarded != first->forwarded) out["request"] = request_json(share.forwarded);
  if (share.response != first->response) out["responseHeaders"] = edit_json(share.response);
  return out;
}

ordered_json redirect_json(const ir::RedirectTo& to) {
  ordered_json out;
  out["status"] = to.status;
  out["location"] = to.location;
  return out;
}

ordered_json mirror_json(const ir::RequestMirror& mirror) {
  ordered_json out;
  out["namespace"] = mirror.namespace_name;
  out["service"] = mirror.service;
  out["port"] = mirror.port;
  out["percent"] = rounded(mirror.denominator == 0 ? 0 : 100.0 * mirror.numerator / mirror.denominator);
  return out;
}

/// One entry of the distribution.
ordered_json share_json(const simulator::RouteShare& share) {
  ordered_json out;
  out["share"] = rounded(share.share);
  out["verdict"] = ir::to_text(share.verdict);
  if (share.status != 0) out["status"] = share.status;
  if (share.grpc_status) out["grpcStatus"] = *share.grpc_status;
  if (!share.backend.empty()) out["backend"] = share.backend;
  if (!share.pods.empty()) out["pods"] = share.pods;
  if (!share.why.empty()) out["why"] = share.why;
  if (!share.decided_by.empty()) out["decidedBy"] = rules_json(share.decided_by);
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

std::string percent_text(double share) {
  const double percent = std::round(share * 1e4) / 1e2;
  std::string text = std::to_string(percent);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + " %";
}

std::string rules_text(const simulator::RouteShare& share) {
  std::string text;
  for (const ir::RuleRef& rule : share.decided_by) text += "<        " + printable(ir::to_text(rule)) + "\n";
  for (const ir::RuleRef& rule : share.isolated_by) text += "<        isolated by " + printable(ir::to_text(rule)) + "\n";
  return text;
}

std::string pods_text(const simulator::RouteShare& share) {
  if (share.pods.empty()) return {};
  return share.pods.size() == 1 ? ", pod " + printable(share.pods.front()) : ", " + std::to_string(share.pods.size()) + " pods";
}

/// "70 % 200 from shop/v1:80, 2 pods", "5 % 503 at shop/v2:80, ...: policy denies it at backend ingress"
std::string share_text(const simulator::RouteShare& share) {
  std::string text = "< " + percent_text(share.share) + " ";
  const bool served = share.verdict == ir::Verdict::Allowed;
  if (share.status != 0) text += std::to_string(share.status);
  else text += served ? "connected" : share.verdict == ir::Verdict::Unknown ? "unknown" : "refused";
  if (share.grpc_status) text += " (gRPC " + std::to_string(*share.grpc_status) + ")";
  if (!share.backend.empty()) text += (served ? " from " : " for ") + printable(share.backend);
  text += pods_text(share);
  if (!share.why.empty()) text += ": " + printable(share.why);
  return text + "\n" + rules_text(share);
}

bool is_stream(const ir::Request& request) { return request.scheme == "tls" || request.scheme == "tcp" || request.scheme == "udp"; }

std::string place_text(const RouteAnswer& answer) {
  std::string text;
  if (answer.listener) {
    const ir::Listener& listener = *answer.listener;
    text += "* listener `" + printable(listener.name) + "` of Gateway " + printable(listener.gateway_namespace + "/" + listener.gateway);
    if (!listener.set.empty()) text += ", from ListenerSet " + printable(listener.set_namespace + "/" + listener.set);
    text += ": " + std::string(ir::to_text(listener.protocol)) + " on port " + std::to_string(listener.port) + ", " +
            (listener.hostname.empty() ? "every host" : printable(listener.hostname)) + "\n";
  }
  if (!answer.route) return text;
  const simulator::MatchedRoute& route = *answer.route;
  text += "* " + route.kind + " " + printable(route.namespace_name + "/" + route.name) + " rule " + std::to_string(route.rule);
  if (!route.file.empty()) text += " (" + printable(route.file) + ":" + std::to_string(route.line) + ")";
  // A connection has no path to match.
  if (is_stream(answer.request)) return text + "\n";
  return text + ", match " + std::to_string(route.match) + ": " + printable(route.text) + "\n";
}

/// What the filters did, and the request as the backend sees it when that differs.
std::string exchange_text(const RouteAnswer& answer) {
  std::string text;
  for (const std::string& line : answer.decision.story)
    if (line.starts_with("filter")) text += "* " + printable(line) + "\n";
  const ir::BackendShare* share = shown(answer);
  if (share == nullptr || share->forwarded == answer.request || is_stream(answer.request)) return text;
  const ir::Request& seen = share->forwarded;
  text += "> to the backend: " + printable(seen.method + " " + ir::path_and_query(seen)) + ", host " + printable(seen.host) + "\n";
  if (seen.headers != answer.request.headers)
    for (const auto& [name, value] : seen.headers) text += ">   " + printable(name + ": " + value) + "\n";
  return text;
}

std::string backends_text(const RouteAnswer& answer) {
  std::string text;
  for (const ir::BackendShare& share : answer.decision.backends) {
    text += "* " + percent_text(share.share) + " to " + printable(simulator::backend_name(share.backend));
    if (!share.backend.invalid.empty()) text += ", which is invalid: " + share.backend.invalid;
    if (share.status == 503) text += ", which has no ready pod";
    if (share.status != 0) text += ": status " + std::to_string(share.status);
    text += "\n";
  }
  for (const ir::RequestMirror& mirror : answer.decision.mirrors)
    text += "* a copy goes to " + printable(mirror.namespace_name + "/" + mirror.service) + ":" + std::to_string(mirror.port) + "\n";
  return text;
}

std::string outcome_word(const RouteAnswer& answer) {
  const std::string why = answer.decision.why.empty() ? "" : ": " + answer.decision.why;
  if (answer.decision.outcome == ir::RouteOutcome::Rejected) return "rejected" + why;
  return answer.decision.outcome == ir::RouteOutcome::NoListener ? "no listener" + why : "";
}

/// What a share means in one short word, for tables.
std::string short_text(const simulator::RouteShare& share) {
  std::string text = percent_text(share.share) + " ";
  if (share.status != 0) text += std::to_string(share.status);
  else text += share.verdict == ir::Verdict::Allowed ? "connected" : share.verdict == ir::Verdict::Unknown ? "unknown" : "refused";
  return share.backend.empty() ? text : text + " " + share.backend;
}

struct Row {
  std::string method, url, outcome, listener, route, shares;
};

Row row_of(const RouteAnswer& answer) {
  Row row{answer.request.method, ir::url_of(answer.request), std::string(ir::to_text(answer.decision.outcome)), {}, {}, {}};
  if (answer.listener) row.listener = answer.listener->gateway_namespace + "/" + answer.listener->gateway + "/" + answer.listener->name;
  if (answer.route) row.route = answer.route->namespace_name + "/" + answer.route->name + " rule " + std::to_string(answer.route->rule);
  for (const simulator::RouteShare& share : answer.shares) row.shares += (row.shares.empty() ? "" : "; ") + short_text(share);
  return row;
}

}  // namespace

ordered_json listener_json(const ir::Listener& listener) {
  ordered_json out;
  const bool set = !listener.set.empty();
  out["kind"] = set ? "ListenerSet" : "Gateway";
  out["namespace"] = listener.gateway_namespace;
  out["gateway"] = listener.gateway;
  out["name"] = listener.name;
  if (set) out["set"] = listener.set_namespace + "/" + listener.set;
  return out;
}

void add_route(const RouteAnswer& answer, ordered_json& into) {
  const ir::RouteDecision& decision = answer.decision;
  into["outcome"] = ir::to_text(decision.outcome);
  if (decision.status != 0) into["status"] = decision.status;
  if (decision.grpc_status) into["grpcStatus"] = *decision.grpc_status;
  if (answer.listener) into["listener"] = listener_json(*answer.listener);
  if (answer.route) into["route"] = route_name_json(*answer.route);
  for (std::size_t i = 0; i < decision.backends.size(); ++i) into["backends"].push_back(backend_json(answer, i));
  if (decision.redirect) into["redirect"] = redirect_json(*decision.redirect);
  const ir::BackendShare* share = shown(answer);
  if (share != nullptr) into["request"] = request_json(share->forwarded);
  const ir::HeaderEdit& response = share != nullptr ? share->response : decision.response;
  if (edits(response)) into["responseHeaders"] = edit_json(response);
  for (const ir::RequestMirror& mirror : decision.mirrors) into["mirrors"].push_back(mirror_json(mirror));
  if (decision.timeout) into["timeoutMillis"] = *decision.timeout;
  for (const simulator::RouteShare& part : answer.shares) into["distribution"].push_back(share_json(part));
  if (!answer.assumptions.empty()) into["assumptions"] = answer.assumptions;
}

std::string route_json(const RouteAnswer& answer) {
  ordered_json out = head_json("RouteTrace");
  add_route(answer, out);
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string routes_json(const std::vector<RouteAnswer>& answers) {
  ordered_json out = head_json("RouteTraces");
  out["requests"] = ordered_json::array();
  for (const RouteAnswer& answer : answers) {
    ordered_json one;
    one["method"] = answer.request.method;
    one["url"] = ir::url_of(answer.request);
    add_route(answer, one);
    out["requests"].push_back(std::move(one));
  }
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string routes_csv(const std::vector<RouteAnswer>& answers) {
  std::string text = "method,url,outcome,listener,route,distribution\n";
  for (const RouteAnswer& answer : answers) {
    const Row row = row_of(answer);
    text += csv_cell(row.method) + "," + csv_cell(row.url) + "," + row.outcome + "," + csv_cell(row.listener) + "," + csv_cell(row.route) + "," +
            csv_cell(row.shares) + "\n";
  }
  return text;
}

std::string routes_markdown(const std::vector<RouteAnswer>& answers) {
  std::string text = "| method | url | outcome | listener | route | distribution |\n| --- | --- | --- | --- | --- | --- |\n";
  for (const RouteAnswer& answer : answers) {
    const Row row = row_of(answer);
    text += "| " + markdown_cell(row.method) + " | " + markdown_cell(row.url) + " | " + row.outcome + " | " + markdown_cell(row.listener) +
            " | " + markdown_cell(row.route) + " | " + markdown_cell(row.shares) + " |\n";
  }
  return text;
}

std::string route_text(const RouteAnswer& answer) {
  const ir::Request& request = answer.request;
  const bool stream = is_stream(request);
  std::string text = "> " + printable((stream ? "" : request.method + " ") + ir::url_of(request)) + "\n";
  if (request.sni) text += ">   SNI: " + (request.sni->empty() ? "none" : printable(*request.sni)) + "\n";
  for (const auto& [name, value] : request.headers) text += ">   " + printable(name + ": " + value) + "\n";
  text += place_text(answer) + exchange_text(answer) + backends_text(answer);
  if (const std::string word = outcome_word(answer); !word.empty()) text += "* " + printable(word) + "\n";
  for (const simulator::RouteShare& share : answer.shares) text += share_text(share);
  if (!answer.assumptions.empty()) text += "* this rests on\n";
  for (const std::string& assumption : answer.assumptions) text += "*   " + printable(assumption) + "\n";
  return text;
}

}  // namespace weir::cli
