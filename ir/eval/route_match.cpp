// One match of a route against one request (gateway.md 19 to 21, 35). Tested by tests/unit/ir/route_test.cpp.
#include <re2/re2.h>

#include <algorithm>

#include "ir/eval/route.h"
#include "ir/route/hostname.h"

namespace weir::ir {
namespace {

// Envoy's dialect, anchored at both ends (gateway.md 20, 21). A pattern RE2 does not read matches nothing.
bool regex_matches(const std::string& pattern, std::string_view text) {
  const RE2 regex(pattern, RE2::Quiet);
  return regex.ok() && RE2::FullMatch(re2::StringPiece(text.data(), text.size()), regex);
}

bool value_matches(const ValueMatch& match, const std::optional<std::string>& value) {
  if (!value) return false;
  return match.kind == ValueKind::Exact ? *value == match.value : regex_matches(match.value, *value);
}

// gateway.md 21: names without case; repeated headers are one value, joined by ",".
std::optional<std::string> header_value(const Request& request, std::string_view name) {
  std::optional<std::string> joined;
  for (const auto& [key, value] : request.headers) {
    if (lower(key) != name) continue;
    joined = joined ? *joined + "," + value : value;
  }
  // These two are sent even where a request does not list them.
  if (!joined && name == "host") return request.host;
  if (!joined && name == "content-type" && request.scheme == "grpc") return "application/grpc";
  return joined;
}

// gateway.md 21: names with case; the first of repeated parameters counts.
std::optional<std::string> query_value(const Request& request, std::string_view name) {
  for (const auto& [key, value] : request.query)
    if (key == name) return value;
  return std::nullopt;
}

// gateway.md 21: of entries with one name the first counts, the others are ignored.
template <class Matches>
bool first_of_each(const std::vector<ValueMatch>& entries, const Matches& matches) {
  for (auto at = entries.begin(); at != entries.end(); ++at) {
    const bool repeated = std::any_of(entries.begin(), at, [&](const ValueMatch& other) { return other.name == at->name; });
    if (!repeated && !matches(*at)) return false;
  }
  return true;
}

bool prefix_matches(std::string_view prefix, std::string_view path) {
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

bool name_matches(ValueKind kind, const std::string& wanted, std::string_view name) {
  if (wanted.empty()) return true;
  return kind == ValueKind::Exact ? wanted == name : regex_matches(wanted, name);
}

// gateway.md 35: the path is /Service/Method; no name of a service has a slash.
bool grpc_matches(const GrpcMatch& match, std::string_view path) {
  const std::size_t slash = path.find('/', 1);
  if (!path.starts_with('/') || slash == std::string_view::npos || slash == 1 || slash + 1 == path.size()) return false;
  return name_matches(match.kind, match.service, path.substr(1, slash - 1)) &&
         name_matches(match.kind, match.method, path.substr(slash + 1));
}

}  // namespace

bool path_matches(const PathMatch& match, std::string_view path) {
  switch (match.kind) {
    case PathKind::Exact: return path == match.value;
    case PathKind::Prefix: return prefix_matches(match.value, path);
    case PathKind::Regex: return regex_matches(match.value, path);
  }
  return false;
}

bool is_grpc(const Request& request) {
  if (request.scheme == "grpc") return true;
  const std::string type = header_value(request, "content-type").value_or("");
  constexpr std::string_view kType = "application/grpc";
  const bool typed = type.starts_with(kType) &&
                     (type.size() == kType.size() || type[kType.size()] == '+' || type[kType.size()] == ';');
  return typed && request.method == "POST" && (request.scheme == "http" || request.scheme == "https");
}

bool matches(const RouteMatch& match, const Request& request) {
  const std::string method = request.scheme == "grpc" ? "POST" : request.method;
  const auto header = [&](const ValueMatch& m) { return value_matches(m, header_value(request, m.name)); };
  const auto query = [&](const ValueMatch& m) { return value_matches(m, query_value(request, m.name)); };
  if (match.grpc && !(is_grpc(request) && grpc_matches(*match.grpc, request.path))) return false;
  return path_matches(match.path, request.path) && (match.method.empty() || match.method == method) &&
         first_of_each(match.headers, header) && first_of_each(match.query, query);
}

std::string regex_error(std::string_view pattern) {
  const RE2 regex(re2::StringPiece(pattern.data(), pattern.size()), RE2::Quiet);
  return regex.ok() ? std::string() : regex.error();
}

}  // namespace weir::ir
