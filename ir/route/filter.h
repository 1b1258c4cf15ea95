#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weir::ir {

using HeaderList = std::vector<std::pair<std::string, std::string>>;  // in order, names as written

/// gateway.md 24: set replaces, add appends `a,b`, remove deletes; names have no case.
struct HeaderEdit {
  HeaderList set, add;
  std::vector<std::string> remove;
  friend auto operator<=>(const HeaderEdit&, const HeaderEdit&) = default;
};

enum class PathEditKind : std::uint8_t { Full, Prefix };
/// ReplaceFullPath or ReplacePrefixMatch (gateway.md 26).
struct PathEdit {
  PathEditKind kind = PathEditKind::Full;
  std::string value;
  friend auto operator<=>(const PathEdit&, const PathEdit&) = default;
};

struct RequestHeaders {
  HeaderEdit edit;
  friend auto operator<=>(const RequestHeaders&, const RequestHeaders&) = default;
};

struct ResponseHeaders {
  HeaderEdit edit;
  friend auto operator<=>(const ResponseHeaders&, const ResponseHeaders&) = default;
};

/// gateway.md 25. What is absent is the request's own.
struct RequestRedirect {
  std::optional<std::string> scheme, hostname;
  std::optional<PathEdit> path;
  std::optional<std::uint16_t> port;
  std::uint32_t status = 302;
  friend auto operator<=>(const RequestRedirect&, const RequestRedirect&) = default;
};

/// gateway.md 26.
struct UrlRewrite {
  std::optional<std::string> hostname;
  std::optional<PathEdit> path;
  friend auto operator<=>(const UrlRewrite&, const UrlRewrite&) = default;
};

/// gateway.md 27: a copy of numerator/denominator of the requests; its answer is dropped.
struct RequestMirror {
  std::string namespace_name, service;
  std::uint16_t port = 0;
  std::string invalid;  // the reason when the reference is bad: then nothing is copied
  std::uint32_t numerator = 100, denominator = 100;
  friend auto operator<=>(const RequestMirror&, const RequestMirror&) = default;
};

/// gateway.md 28.
struct Cors {
  std::vector<std::string> origins, methods, headers, exposed;
  bool credentials = false;
  std::uint32_t max_age = 5;  // seconds
  friend auto operator<=>(const Cors&, const Cors&) = default;
};

/// A filter that cannot be honoured: the request is answered with `status` (gateway.md 28, 29).
struct BrokenFilter {
  std::uint32_t status = 500;
  std::string why;  // "the extension example.com/Magic `x` is not in the input"
  friend auto operator<=>(const BrokenFilter&, const BrokenFilter&) = default;
};

using Filter = std::variant<RequestHeaders, ResponseHeaders, RequestRedirect, UrlRewrite, RequestMirror, Cors, BrokenFilter>;

}  // namespace weir::ir
