// One match of a route against one request (gateway.md 19 to 21). Tested by tests/unit/ir/route_test.cpp.
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
  return joined;
}

// gateway.md 21: names with case, compared as sent: nothing is percent-decoded; the first of repeated parameters counts.
std::optional<std::string> query_value(const Request& request, std::string_view name) {
  for (const auto& [key, value] : request.query)
    if (key == name) return value;
  return std::nullopt;
}

bool prefix_matches(std::string_view prefix, std::string_view path) {
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

// gateway.md 35: the path of gRPC is /Service/Method.
bool grpc_matches(const GrpcMatch& match, std::string_view path) {
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return false;
  const auto holds = [&](const std::string& wanted, std::string_view value) {
    if (wanted.empty()) return true;
    return match.kind == ValueKind::Exact ? value == wanted : regex_matches(wanted, value);
  };
  return holds(match.service, path.substr(0, slash)) && holds(match.method, path.substr(slash + 1));
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

bool matches(const RouteMatch& match, const Request& request) {
  const auto header = [&](const ValueMatch& m) { return value_matches(m, header_value(request, m.name)); };
  const auto query = [&](const ValueMatch& m) { return value_matches(m, query_value(request, m.name)); };
  return path_matches(match.path, request.path) && (match.method.empty() || match.method == request.method) &&
         (!match.grpc || grpc_matches(*match.grpc, request.path)) &&
         std::all_of(match.headers.begin(), match.headers.end(), header) &&
         std::all_of(match.query.begin(), match.query.end(), query);
}

std::string regex_error(std::string_view pattern) {
  const RE2 regex(re2::StringPiece(pattern.data(), pattern.size()), RE2::Quiet);
  return regex.ok() ? std::string() : regex.error();
}

}  // namespace weir::ir
