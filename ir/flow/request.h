#pragma once

#include <compare>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::ir {

/// What an HTTP rule sees of a request (policy.md 5.1).
struct HttpRequest {
  std::string method = "GET";
  std::string path = "/";  // with its query
  std::string host;        // :authority as sent, a port included
  std::vector<std::pair<std::string, std::string>> headers;
  friend auto operator<=>(const HttpRequest&, const HttpRequest&) = default;
};

/// What travels inside a connection, as far as it is known. Each part that is there is checked.
struct L7Request {
  std::optional<HttpRequest> http;
  std::optional<std::string> dns;  // the name that is asked for
  std::optional<std::string> sni;  // a TLS hello; "": it names no server
  friend auto operator<=>(const L7Request&, const L7Request&) = default;
};

/// "http GET www.example.com/items X-Token: 1", "dns a.example.com", "tls a.example.com", joined with ", ".
[[nodiscard]] std::string to_text(const L7Request&);

}  // namespace weir::ir
