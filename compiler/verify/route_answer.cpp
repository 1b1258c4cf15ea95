#include "compiler/verify/route_answer.h"

#include <algorithm>
#include <numeric>
#include <sstream>
#include <utility>

namespace weir::compiler {
namespace {

std::string percent(double share) {
  std::ostringstream text;
  text.precision(4);
  text << share * 100 << " %";
  return text.str();
}

/// What the backend sees of the request, where that is not what the client sent.
std::string forwarded_text(const ir::Request& sent, const ir::Request& seen) {
  std::string text;
  if (seen.host != sent.host || seen.path != sent.path) text += " as " + seen.host + seen.path;
  if (seen.headers == sent.headers) return text;
  for (const auto& [name, value] : seen.headers) text += " " + name + "=" + value;
  return text;
}

std::string backends_text(const ir::RouteDecision& decision, const ir::Request& request) {
  std::vector<std::pair<std::string, std::string>> names;  // what stands before the share, and behind it
  std::vector<double> shares;
  for (const ir::BackendShare& share : decision.backends) {
    std::pair name{share.backend.namespace_name + "/" + share.backend.service + ":" + std::to_string(share.backend.port) + " ",
                   (share.status == 0 ? "" : " (" + std::to_string(share.status) + ")") + forwarded_text(request, share.forwarded)};
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) names.push_back(std::move(name)), shares.push_back(share.share);
    else shares[at - names.begin()] += share.share;
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : ", ") + names[i].first + percent(shares[i]) + names[i].second;
  return text;
}

bool is_asked(const ir::Filter& filter) { return !std::holds_alternative<ir::RequestMirror>(filter) && !std::holds_alternative<ir::ResponseHeaders>(filter); }

std::vector<ir::Filter> asked_filters(std::vector<ir::Filter> filters) {
  std::erase_if(filters, [](const ir::Filter& filter) { return !is_asked(filter); });
  return filters;
}

/// Which pods stand there is no part of the answer, but whether there are any.
ir::Backend asked_part(ir::Backend backend) {
  backend.filters = asked_filters(backend.filters);
  backend.origin = {};
  backend.app_protocol.clear();
  backend.pod_ports.clear();
  if (!backend.pods.empty()) backend.pods = {""};
  return backend;
}

/// Equal ones are one; shares are what is told, and 2 to 4 is 1 to 2 (gateway.md 31).
void simplify(std::vector<ir::Backend>& backends, bool ignores_weight) {
  if (ignores_weight && backends.size() == 1) backends[0].weight = std::max(backends[0].weight, 1U);
  std::vector<ir::Backend> out;
  std::uint32_t common = 0;
  for (ir::Backend& backend : backends) {
    const std::uint32_t weight = std::exchange(backend.weight, 0);
    if (weight == 0) continue;
    const auto same = std::find_if(out.begin(), out.end(), [&](ir::Backend one) { return one.weight = 0, one == backend; });
    const auto at = same == out.end() ? out.insert(out.end(), backend) : same;
    at->weight += weight;
  }
  for (const ir::Backend& backend : out) common = std::gcd(common, backend.weight);
  for (ir::Backend& backend : out) backend.weight /= common;
  std::sort(out.begin(), out.end());
  backends = std::move(out);
}

bool edits_prefix(const ir::Filter& filter) {
  const auto prefix = [](const auto* one) { return one != nullptr && one->path && one->path->kind == ir::PathEditKind::Prefix; };
  return prefix(std::get_if<ir::RequestRedirect>(&filter)) || prefix(std::get_if<ir::UrlRewrite>(&filter));
}

bool edits_prefix(const ir::RouteRule& rule) {
  const auto some = [](const std::vector<ir::Filter>& filters) { return std::any_of(filters.begin(), filters.end(), [](const ir::Filter& one) { return edits_prefix(one); }); };
  return some(rule.filters) || std::any_of(rule.backends.begin(), rule.backends.end(), [&](const ir::Backend& backend) { return some(backend.filters); });
}

}  // namespace

std::string answer_text(const ir::RouteTable& table, const ir::Request& request) {
  const ir::RouteDecision decision = ir::route(table, request);
  switch (decision.outcome) {
    case ir::RouteOutcome::Backends: return backends_text(decision, request);
    case ir::RouteOutcome::Redirect: return "redirect " + std::to_string(decision.status) + " " + (decision.redirect ? decision.redirect->location : "");
    case ir::RouteOutcome::Response: return std::to_string(decision.status);
    case ir::RouteOutcome::Rejected: return "the connection is refused";
    case ir::RouteOutcome::NoListener: return "nothing listens";
  }
  return {};
}

RouteAnswer answer_of(const ir::RouteTable& table, const std::vector<ir::RouteChoice>& choices) {
  RouteAnswer out;
  const ir::RouteRule& first = table.routes[choices[0].route].rules[choices[0].rule];
  const ir::GatewayBehaviour& rules = ir::behaviour(table.dialect);
  out.filters = asked_filters(first.filters);
  for (const ir::RouteChoice& choice : choices) {
    const ir::RouteRule& rule = table.routes[choice.route].rules[choice.rule];
    for (const ir::Backend& backend : rule.backends) out.backends.push_back(asked_part(backend));
    if (edits_prefix(rule)) out.prefix = first.matches[choices[0].match].path;
  }
  out.rewrites_by_regex = out.prefix && rules.rewrites_by_regex;
  const bool some = !out.backends.empty();
  simplify(out.backends, rules.ignores_single_weight);
  if (some && out.backends.empty()) out.refusal = "all weights are 0";
  return out;
}

}  // namespace weir::compiler
