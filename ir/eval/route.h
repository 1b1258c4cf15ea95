#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/route/route_table.h"

namespace weir::ir {

/// One request as a client sends it.
struct Request {
  std::string gateway_namespace, gateway;  // gateway empty: whichever gateway of the table takes it
  std::string scheme = "http";             // http, https, grpc, tls, tcp, udp
  std::string host;                        // as sent; a port is dropped
  std::uint16_t port = 80;
  std::string method = "GET";
  std::string path = "/";                  // without the query
  std::optional<std::string> sni;          // absent: the host; "": none was sent
  std::vector<std::pair<std::string, std::string>> headers, query;  // in order, repeats allowed
  friend auto operator<=>(const Request&, const Request&) = default;
};

enum class RouteOutcome : std::uint8_t {
  Backends,    // some share of the requests is served
  Redirect,    // the gateway sends the client elsewhere
  Response,    // the gateway answers by itself, with `status`
  Rejected,    // the connection is refused
  NoListener,  // nothing listens on that port
};
[[nodiscard]] std::string_view to_text(RouteOutcome);  // "backends", "redirect", "response", "rejected", "no-listener"

/// Which (route, rule, match) took the request, as indexes into the table.
struct RouteChoice {
  std::uint32_t route = 0, rule = 0, match = 0;
  friend auto operator<=>(const RouteChoice&, const RouteChoice&) = default;
};

/// Where a redirect sends the client (gateway.md 25).
struct RedirectTo {
  std::uint32_t status = 302;
  std::string scheme, host, path;  // path with its query
  std::uint16_t port = 80;
  std::string location;            // "https://host:8443/x?y=1"; 80 and 443 are left out where they are the scheme's own
  friend auto operator<=>(const RedirectTo&, const RedirectTo&) = default;
};

/// What a share of the requests meets. Backends of weight 0 are left out.
struct BackendShare {
  Backend backend;
  double share = 1;
  std::uint32_t status = 0;  // what the client gets when the backend cannot serve it (500, 502, 503); 0: it serves
  std::optional<std::uint32_t> grpc_status;  // the same for gRPC: 14 UNAVAILABLE
  Request forwarded;         // the request as the backend sees it, after the filters of the rule and of the backend
  HeaderEdit response;       // what the gateway does to the answer's headers, in all
  friend auto operator<=>(const BackendShare&, const BackendShare&) = default;
};

struct RouteDecision {
  RouteOutcome outcome = RouteOutcome::NoListener;
  std::uint32_t status = 0;                // of a Response
  std::optional<std::uint32_t> grpc_status;  // of a Response to gRPC: 12 UNIMPLEMENTED, 14 UNAVAILABLE
  std::optional<std::uint32_t> listener;   // index into RouteTable::listeners
  std::optional<RouteChoice> choice;
  std::vector<BackendShare> backends;
  std::optional<RedirectTo> redirect;
  std::vector<RequestMirror> mirrors;      // those that copy something
  HeaderEdit response;                     // of a Response or Redirect: headers the gateway sets (CORS)
  std::optional<std::uint64_t> timeout;    // milliseconds for the whole exchange, when the rule sets one
  std::vector<std::string> story;          // one step a line, for people: listener, route, rule, filters
  std::vector<std::string> assumptions;    // what a dialect or a missing input decided; sorted, unique
  std::string why;                         // one sentence for people
  friend auto operator<=>(const RouteDecision&, const RouteDecision&) = default;
};

/// The meaning of the gateway part of weir (gateway.md 1.4 to 1.7): where does this request go. Slow, obvious, no I/O.
[[nodiscard]] RouteDecision route(const RouteTable&, const Request&);

/// Empty, or why RE2 does not read this regular expression (gateway.md 20, 21).
[[nodiscard]] std::string regex_error(std::string_view pattern);

/// gateway.md 19 to 21: all parts of one match.
[[nodiscard]] bool matches(const RouteMatch&, const Request&);
[[nodiscard]] bool path_matches(const PathMatch&, std::string_view path);

}  // namespace weir::ir
