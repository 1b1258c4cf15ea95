#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/route/request.h"
#include "ir/route/route_table.h"

namespace weir::ir {

enum class RouteOutcome : std::uint8_t {
  Backends,    // some share of the requests is served
  Redirect,    // the gateway sends the client elsewhere
  Response,    // the gateway answers by itself, with `status`
  Rejected,    // the connection is refused
  NoListener,  // nothing listens on that port
};
[[nodiscard]] std::string_view to_text(RouteOutcome);  // "backends", "redirect", "response", "rejected", "no-listener"

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
  // What the client gets when the backend cannot serve it (500, 502, 503; of TLS, TCP and UDP, where the connection is
  // refused, the same numbers); 0: it serves.
  std::uint32_t status = 0;
  std::optional<std::uint32_t> grpc_status;  // the same for gRPC: 14 UNAVAILABLE
  Request forwarded;         // the request as the backend sees it, after the filters of the rule and of the backend
  HeaderEdit response;       // what the gateway does to the answer's headers, in all
  friend auto operator<=>(const BackendShare&, const BackendShare&) = default;
};

struct RouteDecision {
  RouteOutcome outcome = RouteOutcome::NoListener;
  std::uint32_t status = 0;                // of a Response or Redirect
  std::optional<std::uint32_t> grpc_status;  // of a Response to gRPC: 12 UNIMPLEMENTED, 14 UNAVAILABLE
  std::optional<std::uint32_t> listener;   // index into RouteTable::listeners
  std::optional<RouteChoice> choice;
  std::vector<BackendShare> backends;
  std::optional<RedirectTo> redirect;
  std::vector<RequestMirror> mirrors;      // those that copy something; those of a backend's own filters copy of its share
  HeaderEdit response;                     // of a Response or Redirect: headers the gateway sets (CORS)
  std::optional<std::uint64_t> timeout;    // milliseconds for the whole exchange, when the rule sets one
  std::vector<std::string> story;          // one step a line, for people: listener, route, rule, filters
  std::vector<std::string> assumptions;    // what a dialect or a missing input decided; sorted, unique
  std::string why;                         // one sentence for people
  friend auto operator<=>(const RouteDecision&, const RouteDecision&) = default;
};

/// The meaning of the gateway part of weir (gateway.md 1.4 to 1.8): where does this request go. Slow, obvious, no I/O.
/// It is `finish` of `pick`, and what `explain` adds to the assumptions.
[[nodiscard]] RouteDecision route(const RouteTable&, const Request&);

/// Which listener and which rule (gateway.md 16 to 23). ir/tables/router.h answers the same from compiled tables.
[[nodiscard]] RoutePick pick(const RouteTable&, const Request&);
/// What comes after the choice: filters, backends, statuses (gateway.md 24 to 34). `pick` must be of this table and request.
[[nodiscard]] RouteDecision finish(const RouteTable&, const RoutePick& pick, const Request&);
/// What the choice rests on beside the text of the API: ties, ranks that it leaves open. Asks every rule again.
[[nodiscard]] std::vector<std::string> explain(const RouteTable&, const RoutePick& pick, const Request&);

/// HTTP/2 POST with the content type of gRPC, or the scheme grpc (gateway.md 35).
[[nodiscard]] bool is_grpc(const Request&);

/// Empty, or why RE2 does not read this regular expression (gateway.md 20, 21).
[[nodiscard]] std::string regex_error(std::string_view pattern);

/// gateway.md 19 to 21 and 35: all parts of one match. Paths and queries are compared as sent: nothing is percent-decoded,
/// no `//` or `..` is folded. A `grpc` part takes gRPC requests alone.
[[nodiscard]] bool matches(const RouteMatch&, const Request&);
[[nodiscard]] bool path_matches(const PathMatch&, std::string_view path);

}  // namespace weir::ir
