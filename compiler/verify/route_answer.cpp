#include "compiler/verify/route_answer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>
#include <tuple>
#include <utility>

#include "ir/route/hostname.h"
#include "ir/route/url.h"

namespace weir::compiler {
namespace {

std::string percent(double share) {
  std::ostringstream text;
  text.precision(4);
  text << share * 100 << " %";
  return text.str();
}

/// Names have no case, and the order of different ones says nothing; that of equal ones does.
ir::HeaderList normal(ir::HeaderList headers) {
  for (auto& [name, value] : headers) name = ir::lower(name);
  std::stable_sort(headers.begin(), headers.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return headers;
}

/// What the backend sees of the request, where that is not what the client sent.
std::string forwarded_text(const ir::Request& sent, const ir::Request& seen) {
  std::string text;
  if (seen.host != sent.host || seen.path != sent.path) text += " as " + seen.host + seen.path;
  const ir::HeaderList headers = normal(seen.headers);
  if (headers == normal(sent.headers)) return text;
  if (headers.empty()) return text + " without headers";
  for (const auto& [name, value] : headers) text += " " + name + "=" + value;
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
  // In which order they are written says nothing.
  std::vector<std::tuple<long, std::string>> parts;
  for (std::size_t i = 0; i < names.size(); ++i) parts.emplace_back(-std::lround(shares[i] * 1e6), names[i].first + percent(shares[i]) + names[i].second);
  std::sort(parts.begin(), parts.end());
  std::string text;
  for (const auto& [order, part] : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

/// Where the filters of a rule stand.
struct Place {
  const ir::Listener& listener;
  bool preflights = true;  // some of the requests may be one
};

bool is_asked(const ir::Filter& filter, const Place& place) {
  if (std::holds_alternative<ir::Cors>(filter)) return place.preflights;
  return !std::holds_alternative<ir::RequestMirror>(filter) && !std::holds_alternative<ir::ResponseHeaders>(filter);
}

/// Of two ways to write one filter, the same one (gateway.md 24 to 28).
struct Normal {
  const ir::Listener& listener;

  static void strip(std::optional<ir::PathEdit>& path) {
    if (path && path->kind == ir::PathEditKind::Prefix && path->value.ends_with('/')) path->value.pop_back();
  }

  void operator()(ir::RequestHeaders& filter) const {
    filter.edit.set = normal(std::move(filter.edit.set));
    filter.edit.add = normal(std::move(filter.edit.add));
    for (std::string& name : filter.edit.remove) name = ir::lower(name);
    std::sort(filter.edit.remove.begin(), filter.edit.remove.end());
  }
  void operator()(ir::RequestRedirect& filter) const {
    if (!filter.port) filter.port = filter.scheme ? ir::default_port(*filter.scheme) : listener.port;
    if (!filter.scheme) filter.scheme = listener.protocol == ir::ListenerProtocol::Https ? "https" : "http";
    strip(filter.path);
  }
  void operator()(ir::UrlRewrite& filter) const { strip(filter.path); }
  /// Who may ask decides whether a preflight is answered; the rest is in headers of the answer.
  void operator()(ir::Cors& filter) const {
    std::vector<std::string> origins = std::move(filter.origins);
    for (std::string& origin : origins) origin = ir::lower(origin);
    std::sort(origins.begin(), origins.end());
    origins.erase(std::unique(origins.begin(), origins.end()), origins.end());
    filter = {};
    filter.origins = std::move(origins);
  }
  void operator()(ir::BrokenFilter& filter) const { filter.why.clear(); }
  void operator()(ir::ResponseHeaders&) const {}
  void operator()(ir::RequestMirror&) const {}
};

std::vector<ir::Filter> asked_filters(std::vector<ir::Filter> filters, const Place& place) {
  std::erase_if(filters, [&](const ir::Filter& filter) { return !is_asked(filter, place); });
  for (ir::Filter& filter : filters) std::visit(Normal{place.listener}, filter);
  return filters;
}

/// Which pods stand there is no part of the answer, but whether there are any; nor is why a reference is bad.
ir::Backend asked_part(ir::Backend backend, const Place& place) {
  backend.filters = asked_filters(backend.filters, place);
  backend.origin = {};
  backend.app_protocol.clear();
  backend.pod_ports.clear();
  if (!backend.pods.empty()) backend.pods = {""};
  // The first of them gives the status (gateway.md 31).
  if (!backend.invalid.empty()) backend.invalid = "invalid", backend.tls_invalid.clear();
  if (!backend.tls_invalid.empty()) backend.tls_invalid = "invalid";
  const bool failed = !backend.invalid.empty() || !backend.tls_invalid.empty();
  if (failed || !backend.endpoints_known) backend.pods.clear(), backend.endpoints_known = false;
  return backend;
}

/// May answer by itself whatever stands behind it.
bool may_answer(const ir::Filter& filter) {
  return std::holds_alternative<ir::RequestRedirect>(filter) || std::holds_alternative<ir::Cors>(filter) || std::holds_alternative<ir::BrokenFilter>(filter);
}

bool may_fail(const ir::Backend& backend) {
  const bool fails = !backend.invalid.empty() || !backend.tls_invalid.empty() || (backend.endpoints_known && backend.pods.empty());
  return fails || std::any_of(backend.filters.begin(), backend.filters.end(), may_answer);
}

/// Where none may serve, the first says what the client gets; it alone where none ever does.
void keep_first(RouteAnswer& out) {
  const auto has_weight = [](const ir::Backend& backend) { return backend.weight != 0; };
  std::vector<ir::Backend> serving = out.backends;
  std::erase_if(serving, [&](const ir::Backend& backend) { return !has_weight(backend); });
  if (serving.empty() || !std::all_of(serving.begin(), serving.end(), may_fail)) return;
  out.first = serving.front();
  out.first->weight = 1;
  const bool never = std::none_of(serving.begin(), serving.end(), [](const ir::Backend& backend) { return std::any_of(backend.filters.begin(), backend.filters.end(), may_answer); });
  if (!never) return;
  ir::Backend failed;
  failed.invalid = out.first->invalid, failed.tls_invalid = out.first->tls_invalid, failed.endpoints_known = out.first->endpoints_known;
  out.first = failed;
  out.backends = {std::move(failed)};
}

/// Equal ones are one; shares are what is told, and 2 to 4 is 1 to 2 (gateway.md 31).
void simplify(std::vector<ir::Backend>& backends) {
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

RouteAnswer answer_of(const ir::RouteTable& table, const RequestSort& sort, const std::vector<ir::RouteChoice>& choices) {
  RouteAnswer out;
  const ir::RouteRule& first = table.routes[choices[0].route].rules[choices[0].rule];
  const ir::GatewayBehaviour& rules = ir::behaviour(table.dialect);
  const ir::RouteMatch& match = first.matches[choices[0].match];
  const Place place{sort.listener, !sort.grpc && !match.grpc && (match.method.empty() || match.method == "OPTIONS")};
  out.filters = asked_filters(first.filters, place);
  for (const ir::RouteChoice& choice : choices) {
    const ir::RouteRule& rule = table.routes[choice.route].rules[choice.rule];
    for (const ir::Backend& backend : rule.backends) out.backends.push_back(asked_part(backend, place));
    if (edits_prefix(rule)) out.prefix = match.path;
  }
  out.rewrites_by_regex = out.prefix && rules.rewrites_by_regex;
  if (out.prefix && !out.rewrites_by_regex && out.prefix->value.ends_with('/')) out.prefix->value.pop_back();
  const bool some = !out.backends.empty();
  if (rules.ignores_single_weight && out.backends.size() == 1) out.backends[0].weight = std::max(out.backends[0].weight, 1U);
  keep_first(out);
  simplify(out.backends);
  if (some && out.backends.empty()) out.refusal = "all weights are 0";
  return out;
}

}  // namespace weir::compiler
