#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ir/route/request.h"
#include "ir/tables/host_index.h"

namespace weir::ir {

/// The regular expressions of a router, by number. RE2 is behind it: compiler/lower fills it, backends never see it.
class RoutePatterns {
 public:
  virtual ~RoutePatterns() = default;
  /// Whether the whole text matches.
  [[nodiscard]] virtual bool matches(std::uint32_t pattern, std::string_view text) const = 0;
  /// Replaces `hits` by the positions, rising, of the patterns of a set that match.
  virtual void matching(std::uint32_t set, std::string_view text, std::vector<std::uint32_t>& hits) const = 0;
};

/// What a header or a parameter must be. `attribute` is a number that Router::headers or Router::parameters gives.
struct RouteCondition {
  std::uint32_t attribute = 0;
  bool regex = false;
  std::uint32_t pattern = 0;  // of RoutePatterns
  std::string value;
};

/// One match of a route, without its path, which is what led to it.
struct RouteEntry {
  RouteChoice choice;
  std::string method;  // empty: any
  std::vector<RouteCondition> conditions;
  bool grpc = false;     // gRPC requests alone
  bool by_name = false;  // of these, those whose path is /service/rpc
  bool regex = false;    // both names are expressions
  std::string service, rpc;                            // empty: any
  std::uint32_t service_pattern = 0, rpc_pattern = 0;  // where they are expressions
};

/// Entries with the same path, by their rarest attribute. Entries are numbered in winning order, so that smaller wins.
struct RouteBucket {
  struct Values {
    std::uint32_t attribute = 0;
    TextMap<std::uint32_t> buckets;  // by exact value
  };
  struct Expressions {
    std::uint32_t attribute = 0, set = 0;
    std::vector<std::uint32_t> buckets;  // by position in the set
  };
  std::uint32_t first = 0;            // the smallest entry anywhere in it
  std::vector<std::uint32_t> plain;   // looked at one by one, rising
  std::vector<Values> values;         // by attribute
  std::vector<Expressions> expressions;
  TextMap<std::uint32_t> methods;
};

/// What the routes of one listener with one host name do. Numbers are indexes into Router::buckets.
struct RouteClass {
  std::vector<RouteEntry> entries;
  TextMap<std::uint32_t> exact, prefixes;  // prefixes without their trailing slash
  std::size_t longest_prefix = 0;
  std::optional<std::uint32_t> set;        // of path expressions
  std::vector<std::uint32_t> expressions;  // bucket of each; in the order of their first entries
};

struct RouterListener {
  bool broken = false, not_terminated = false, https = false, http = false, tls = false;
  std::string hostname;
  std::uint32_t gateway = 0;               // for Router::ports
  HostIndex hosts;                         // of its routes, to numbers of Router::classes
  std::optional<RouteChoice> always;       // TCP and UDP: the oldest route
};

/// The usable listeners of one gateway, or of all, on one port; TLS by the name of the handshake.
struct RouterPort {
  HostIndex http, https, secure, tls;  // HTTP; HTTPS and TLS; HTTPS alone; TLS alone
  std::optional<std::uint32_t> connection;  // TCP, or UDP in its own port space
};

/// A RouteTable for many questions: answers what ir::pick answers (gateway.md 16 to 22), without looking at what cannot match.
/// compiler/lower/router.h makes it; tests/differential/route_test.cpp holds both together.
class Router {
 public:
  [[nodiscard]] RoutePick pick(const Request&) const;

  bool detects_misdirected = false;
  std::vector<RouterListener> listeners;  // as in the table
  std::vector<RouteClass> classes;
  std::vector<RouteBucket> buckets;
  std::shared_ptr<const RoutePatterns> patterns;
  TextMap<std::uint32_t> headers, parameters;  // names that some condition asks for; headers in lower case
  std::uint64_t header_lengths = 0;            // bit n: a name of n bytes (63: of 63 or more) is among them
  TextMap<std::vector<std::pair<std::string, std::uint32_t>>> gateways;  // name -> (namespace, number); 0 is any gateway
  std::unordered_map<std::uint64_t, RouterPort> ports;                   // by port_key

  [[nodiscard]] static std::uint64_t port_key(std::uint32_t gateway, bool udp, std::uint16_t port) {
    return std::uint64_t{gateway} << 17 | std::uint64_t{udp} << 16 | port;
  }

 private:
  [[nodiscard]] RoutePick pick_listener(const Request&, std::string& name) const;
  [[nodiscard]] RouteReason at_listener(const Request&, std::uint32_t listener) const;
};

}  // namespace weir::ir
