#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ir/base/span.h"
#include "ir/cluster/party.h"
#include "ir/flow/request.h"

namespace weir::compiler {

/// A `from:` or `to:` of a test.
struct TestParty {
  ir::Party party;
  ir::Span origin;
  friend auto operator<=>(const TestParty&, const TestParty&) = default;
};

/// spec.checks[]: one connection and what must become of it.
struct PolicyCheck {
  std::string name;
  TestParty from, to;
  std::string protocol = "TCP";
  std::optional<std::string> port;        // number or name, as written; absent for ICMP
  std::optional<std::uint8_t> icmp_type, icmp_code;
  std::optional<ir::L7Request> request;   // http, dns, tls
  std::string expect;                     // "allowed", "denied", "unknown"
  std::string side;                       // "ingress", "egress", or empty
  std::string reason;                     // "policy-denied", ..., or empty
  std::vector<std::string> by;            // "CiliumNetworkPolicy/shop/backend"
  ir::Span origin;
  friend auto operator<=>(const PolicyCheck&, const PolicyCheck&) = default;
};

/// spec.routes[].request
struct TestRequest {
  std::string scheme = "http", host, method = "GET", path = "/";
  std::optional<std::string> sni;         // absent: the host; "": none was sent
  std::optional<std::uint16_t> port;      // absent: that of the scheme
  std::vector<std::pair<std::string, std::string>> headers, query;
  friend auto operator<=>(const TestRequest&, const TestRequest&) = default;
};

/// Where a redirect must send the client; what is absent does not matter.
struct ExpectedRedirect {
  std::optional<std::uint32_t> status;
  std::optional<std::string> scheme, host, path;  // path with its query
  std::optional<std::uint16_t> port;
  friend auto operator<=>(const ExpectedRedirect&, const ExpectedRedirect&) = default;
};

/// What the backend must see; headers that are not listed do not matter.
struct ExpectedRequest {
  std::optional<std::string> host, path;          // path with its query
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> absent;                // headers that must be gone
  friend auto operator<=>(const ExpectedRequest&, const ExpectedRequest&) = default;
};

/// What the gateway must do to the headers of the answer; what is not listed does not matter.
struct ExpectedHeaders {
  std::vector<std::pair<std::string, std::string>> set, add;
  std::vector<std::string> remove;
  friend auto operator<=>(const ExpectedHeaders&, const ExpectedHeaders&) = default;
};

/// spec.routes[].expect: every member that is set must hold.
struct RouteExpectation {
  std::optional<std::string> backend;     // "default/details:9080"
  std::vector<std::uint32_t> status, grpc_status;                // any of these
  std::optional<bool> rejected;
  std::optional<ExpectedRedirect> redirect;
  std::vector<std::pair<std::string, double>> shares;            // "default/v1" or "default/v1:80" -> share
  std::vector<std::pair<std::uint32_t, double>> statuses;        // status -> share
  std::optional<ExpectedRequest> request;
  std::optional<ExpectedHeaders> response_headers;
  std::optional<std::vector<std::string>> mirrors;               // "default/copy:80", all of them
  std::string policy;                     // "allowed", "denied", or empty
  friend auto operator<=>(const RouteExpectation&, const RouteExpectation&) = default;
};

struct RouteCheck {
  std::string name;
  std::string gateway_namespace, gateway;
  std::optional<std::string> listener;
  TestRequest request;
  std::optional<TestParty> from;
  RouteExpectation expect;
  ir::Span origin;
  friend auto operator<=>(const RouteCheck&, const RouteCheck&) = default;
};

struct TestSetting {
  std::string key, value;                 // as for --set
  ir::Span origin;
  friend auto operator<=>(const TestSetting&, const TestSetting&) = default;
};

struct TestResource {
  std::string path;                       // relative to the test's file
  ir::Span origin;
  friend auto operator<=>(const TestResource&, const TestResource&) = default;
};

/// One PolicyTest document (cli.md "Policy tests").
struct PolicyTest {
  std::string name;
  std::optional<TestSetting> dialect;
  std::vector<TestSetting> config;
  std::vector<TestResource> resources;
  std::map<std::string, std::vector<ir::IpAddress>> names;  // what DNS is known to answer; lower case, no last dot
  std::vector<PolicyCheck> checks;
  std::vector<RouteCheck> routes;
  ir::Span origin;                        // metadata.name; its file is the test's file
  friend auto operator<=>(const PolicyTest&, const PolicyTest&) = default;
};

}  // namespace weir::compiler
