#include "compiler/verify/route_answer.h"

#include <algorithm>
#include <numeric>
#include <sstream>

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
  std::string text;
  for (const ir::BackendShare& share : decision.backends) {
    text += (text.empty() ? "" : ", ") + share.backend.namespace_name + "/" + share.backend.service + ":" + std::to_string(share.backend.port) + " " + percent(share.share);
    if (share.status != 0) text += " (" + std::to_string(share.status) + ")";
    text += forwarded_text(request, share.forwarded);
  }
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

/// Shares are what is told, and 2 to 4 is 1 to 2.
void reduce_weights(std::vector<std::vector<ir::Backend>>& lists) {
  std::uint32_t common = 0;
  for (const auto& list : lists)
    for (const ir::Backend& backend : list) common = std::gcd(common, backend.weight);
  for (auto& list : lists)
    for (ir::Backend& backend : list) backend.weight /= std::max(common, 1U);
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
  for (const ir::RouteChoice& choice : choices) {
    const ir::RouteRule& rule = table.routes[choice.route].rules[choice.rule];
    if (out.backends.empty()) {
      out.filters = asked_filters(rule.filters);
      if (edits_prefix(rule)) out.prefix = rule.matches[choice.match].path;
    }
    out.backends.push_back({});
    for (ir::Backend backend : rule.backends) {
      out.backends.back().push_back(asked_part(std::move(backend)));
    }
  }
  reduce_weights(out.backends);
  const ir::GatewayBehaviour& rules = ir::behaviour(table.dialect);
  out.rewrites_by_regex = out.prefix && rules.rewrites_by_regex;
  out.ignores_weight = rules.ignores_single_weight && out.backends.size() == 1 && out.backends[0].size() == 1 && out.backends[0][0].weight == 0;
  return out;
}

}  // namespace weir::compiler
