// What filters do to one request (gateway.md 1.6). Tested by tests/unit/ir/route_filters_test.cpp.
#include "ir/eval/route_filters.h"

#include <algorithm>

#include "ir/route/hostname.h"

namespace weir::ir {
namespace {

std::string_view without_slash(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

bool same_name(std::string_view a, std::string_view b) { return lower(a) == lower(b); }

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& item : list) text += (text.empty() ? "" : ", ") + item;
  return text;
}

const std::string* header(const Request& request, std::string_view name) {
  for (const auto& [key, value] : request.headers)
    if (same_name(key, name)) return &value;
  return nullptr;
}

bool has_star(const std::vector<std::string>& list) { return std::find(list.begin(), list.end(), "*") != list.end(); }

/// Exact, `*`, or `scheme://*.host`: greedy, any number of labels.
bool origin_matches(std::string_view pattern, std::string_view origin) {
  if (pattern == "*" || lower(pattern) == lower(origin)) return true;
  const std::size_t star = pattern.find("://*.");
  if (star == std::string_view::npos) return false;
  const std::string head = lower(pattern.substr(0, star + 3)), tail = lower(pattern.substr(star + 4)), text = lower(origin);
  return text.size() > head.size() + tail.size() && text.starts_with(head) && text.ends_with(tail);
}

/// `*` cannot be said where credentials are: then what was asked for is repeated.
std::string allowed_list(const std::vector<std::string>& list, bool credentials, const std::string* asked) {
  if (!has_star(list)) return joined(list);
  return credentials && asked != nullptr ? *asked : "*";
}

void add_preflight(const Cors& cors, const Request& request, HeaderList& set) {
  if (!cors.methods.empty())
    set.emplace_back("Access-Control-Allow-Methods",
                     allowed_list(cors.methods, cors.credentials, header(request, "Access-Control-Request-Method")));
  if (!cors.headers.empty())
    set.emplace_back("Access-Control-Allow-Headers",
                     allowed_list(cors.headers, cors.credentials, header(request, "Access-Control-Request-Headers")));
  set.emplace_back("Access-Control-Max-Age", std::to_string(cors.max_age));
}

}  // namespace

void apply(const HeaderEdit& edit, HeaderList& headers) {
  const auto drop = [&](std::string_view name) { std::erase_if(headers, [&](const auto& h) { return same_name(h.first, name); }); };
  for (const auto& [name, value] : edit.set) {
    drop(name);
    headers.emplace_back(name, value);
  }
  for (const auto& [name, value] : edit.add) {
    const auto at = std::find_if(headers.begin(), headers.end(), [&](const auto& h) { return same_name(h.first, name); });
    if (at == headers.end()) headers.emplace_back(name, value);
    else at->second += "," + value;
  }
  for (const std::string& name : edit.remove) drop(name);
}

std::string edited_path(const PathEdit& edit, std::string_view prefix, std::string_view path, const GatewayBehaviour& behaviour) {
  if (edit.kind == PathEditKind::Full) return edit.value;
  const std::string_view replacement = without_slash(edit.value), stripped = without_slash(prefix);
  // gateway.md 2 "rewrite prefix": Cilium's expression is `^<prefix>(/?)(.*)`, which a path without the last slash of the
  // prefix does not match.
  if (behaviour.rewrites_by_regex && replacement.empty() && prefix.size() > 1 && path.size() < prefix.size()) return std::string(path);
  const std::string result = std::string(replacement) + std::string(path.substr(std::min(stripped.size(), path.size())));
  return result.empty() ? "/" : result;
}

std::string path_and_query(const Request& request) {
  std::string text = request.path;
  for (std::size_t i = 0; i < request.query.size(); ++i)
    text += (i == 0 ? "?" : "&") + request.query[i].first + "=" + request.query[i].second;
  return text;
}

RedirectTo redirect_of(const RequestRedirect& filter, const Request& request, std::string_view prefix, std::uint16_t listener_port,
                       const GatewayBehaviour& behaviour) {
  RedirectTo to;
  to.status = filter.status;
  to.scheme = filter.scheme.value_or(request.scheme == "https" ? "https" : "http");
  to.host = filter.hostname.value_or(host_of(request.host));
  Request moved = request;
  if (filter.path) moved.path = edited_path(*filter.path, prefix, request.path, behaviour);
  to.path = path_and_query(moved);
  const std::uint16_t usual = to.scheme == "https" ? 443 : 80;
  to.port = filter.port.value_or(filter.scheme ? usual : listener_port);
  const std::string host = to.host.find(':') == std::string::npos ? to.host : "[" + to.host + "]";
  to.location = to.scheme + "://" + host + (to.port == usual ? "" : ":" + std::to_string(to.port)) + to.path;
  return to;
}

std::optional<CorsAnswer> cors_answer(const Cors& cors, const Request& request) {
  const std::string* origin = header(request, "Origin");
  if (origin == nullptr) return std::nullopt;
  CorsAnswer answer;
  answer.preflight = request.method == "OPTIONS" && header(request, "Access-Control-Request-Method") != nullptr;
  answer.allowed = std::any_of(cors.origins.begin(), cors.origins.end(),
                               [&](const std::string& pattern) { return origin_matches(pattern, *origin); });
  if (!answer.allowed) return answer;
  HeaderList& set = answer.response.set;
  set.emplace_back("Access-Control-Allow-Origin", has_star(cors.origins) && !cors.credentials ? "*" : *origin);
  if (cors.credentials) set.emplace_back("Access-Control-Allow-Credentials", "true");
  if (answer.preflight) add_preflight(cors, request, set);
  else if (!cors.exposed.empty()) set.emplace_back("Access-Control-Expose-Headers", allowed_list(cors.exposed, cors.credentials, nullptr));
  return answer;
}

}  // namespace weir::ir
