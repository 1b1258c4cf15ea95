// Filters (gateway.md 24 to 28). Tested by tests/unit/ir/route_filters_test.cpp.
#include <algorithm>

#include "ir/eval/route_parts.h"
#include "ir/route/hostname.h"

namespace weir::ir::router {
namespace {

std::uint16_t port_of(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

std::string with_query(std::string path, const Request& request) {
  for (std::size_t i = 0; i < request.query.size(); ++i)
    path += (i == 0 ? "?" : "&") + request.query[i].first + "=" + request.query[i].second;
  return path;
}

/// ReplaceFullPath, or ReplacePrefixMatch, which the API allows beside a PathPrefix match alone.
std::string new_path(const PathEdit& edit, const RouteMatch& match, bool by_regex, const std::string& path) {
  if (edit.kind == PathEditKind::Full) return edit.value;
  return match.path.kind == PathKind::Prefix ? replaced_prefix(path, match.path.value, edit.value, by_regex) : path;
}

/// One filter after the other, on what the ones before made of the request.
struct Walk {
  const RouteTable& table;
  const RoutePick& pick;
  const Request& asked;
  Filtered& out;

  void say(std::string step) const { out.story.push_back(std::move(step)); }
  [[nodiscard]] const RouteMatch& match() const { return match_of(table, *pick.choice); }

  void operator()(const RequestHeaders& filter) const {
    out.forwarded.headers = edited(std::move(out.forwarded.headers), filter.edit);
    say("filter RequestHeaderModifier");
  }
  void operator()(const ResponseHeaders& filter) const {
    out.response = compose(std::move(out.response), filter.edit);
    say("filter ResponseHeaderModifier");
  }
  void operator()(const RequestRedirect& filter) const {
    if (!out.redirect) out.redirect = redirected(filter, match(), table.listeners[*pick.listener], asked);
    say("filter RequestRedirect: " + std::to_string(filter.status) + " " + out.redirect->location);
  }
  void operator()(const UrlRewrite& filter) const {
    rewrite(filter, match(), rules_of(table).rewrites_by_regex, out.forwarded);
    say("filter URLRewrite: " + out.forwarded.host + " " + out.forwarded.path);
  }
  void operator()(const RequestMirror& filter) const {
    const std::string to = filter.namespace_name + "/" + filter.service + ":" + std::to_string(filter.port);
    // Item 27: a bad mirror is dropped and the main traffic goes on.
    if (!filter.invalid.empty()) return say("filter RequestMirror: no copy, " + filter.invalid);
    const auto counted = effective_mirror(filter, rules_of(table).whole_percent_mirrors);
    const auto exact = effective_mirror(filter, false);
    if (counted) out.mirrors.push_back(*counted);
    if (exact && (!counted || std::uint64_t{counted->numerator} * exact->denominator !=
                                  std::uint64_t{exact->numerator} * counted->denominator))
      out.assumptions.push_back(by_dialect(table) + "mirrored shares are cut to whole percents: " +
                                std::to_string(counted ? counted->numerator : 0) + " % to `" + to + "`");
    say("filter RequestMirror: " + (counted ? "a copy to " + to : "no copy"));
  }
  void operator()(const Cors& filter) const {
    const HeaderEdit headers = cors_headers(filter, asked);
    out.response = compose(std::move(out.response), headers);
    if (!is_preflight(asked)) return say(headers.set.empty() ? "filter CORS: nothing to add" : "filter CORS: origin allowed");
    const bool allowed = !headers.set.empty();
    say(std::string("filter CORS: the preflight is ") + (allowed ? "answered" : "refused"));
    if (!out.answer)
      out.answer = BrokenFilter{allowed ? 200u : 403u, allowed ? "the gateway answers the CORS preflight"
                                                               : "the CORS filter does not allow the origin of the preflight"};
    // Item 28 leaves 200, 204 and 403 open.
    out.assumptions.push_back("a CORS preflight is answered with 200, one that is refused with 403; the Gateway API leaves "
                              "the numbers to the implementation");
  }
  void operator()(const BrokenFilter& filter) const {
    say("a filter cannot be honoured: " + filter.why);
    if (!out.answer) out.answer = filter;
  }
};

}  // namespace

std::string replaced_prefix(std::string_view path, std::string_view prefix, std::string_view replacement, bool by_regex) {
  const bool to_root = replacement.empty() || replacement == "/";
  if (by_regex && to_root) {
    // gateway.md 2 "rewrite prefix": `^<prefix>(/?)(.*)` becomes `/\2`; what does not begin with it as written stays.
    if (!path.starts_with(prefix)) return std::string(path);
    std::string_view rest = path.substr(prefix.size());
    if (rest.starts_with('/')) rest.remove_prefix(1);
    return "/" + std::string(rest);
  }
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (replacement.ends_with('/')) replacement.remove_suffix(1);
  const std::string result = std::string(replacement) + std::string(path.substr(std::min(path.size(), prefix.size())));
  return result.empty() ? "/" : result;
}

RedirectTo redirected(const RequestRedirect& filter, const RouteMatch& match, const Listener& listener, const Request& request) {
  RedirectTo out;
  const std::string own = listener.protocol == ListenerProtocol::Https ? "https" : "http";
  out.status = filter.status;
  out.scheme = filter.scheme.value_or(own);
  out.host = filter.hostname.value_or(host_of(request.host));
  out.port = filter.port.value_or(filter.scheme ? port_of(out.scheme) : listener.port);
  // The dialects that rewrite by expressions do so in URLRewrite; redirects follow the table of item 26.
  out.path = with_query(filter.path ? new_path(*filter.path, match, false, request.path) : request.path, request);
  const std::string host = out.host.find(':') == std::string::npos ? out.host : "[" + out.host + "]";
  const std::string port = out.port == port_of(out.scheme) ? "" : ":" + std::to_string(out.port);
  out.location = out.scheme + "://" + host + port + out.path;
  return out;
}

void rewrite(const UrlRewrite& filter, const RouteMatch& match, bool by_regex, Request& request) {
  if (filter.hostname) request.host = *filter.hostname;
  if (filter.path) request.path = new_path(*filter.path, match, by_regex, request.path);
}

std::optional<RequestMirror> effective_mirror(const RequestMirror& mirror, bool whole_percent) {
  if (!mirror.invalid.empty() || mirror.denominator == 0) return std::nullopt;
  RequestMirror out = mirror;
  if (whole_percent) {
    out.numerator = static_cast<std::uint32_t>(std::uint64_t{mirror.numerator} * 100 / mirror.denominator);
    out.denominator = 100;
  }
  return out.numerator == 0 ? std::nullopt : std::optional(out);
}

Filtered filtered(const RouteTable& table, const RoutePick& pick, const std::vector<Filter>& filters, const Request& asked,
                  const Request& seen) {
  Filtered out;
  out.forwarded = seen;
  const Walk walk{table, pick, asked, out};
  // Fail closed: a filter that cannot be honoured answers before any other is asked (28).
  for (const bool broken : {true, false})
    for (const Filter& filter : filters)
      if (std::holds_alternative<BrokenFilter>(filter) == broken) std::visit(walk, filter);
  return out;
}

}  // namespace weir::ir::router
