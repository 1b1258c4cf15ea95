#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/resolve/resolve.h"
#include "ir/base/files.h"
#include "ir/base/result.h"
#include "ir/cluster/party.h"
#include "ir/eval/route.h"
#include "ir/flow/decision.h"
#include "ir/flow/rule_ref.h"

namespace weir::simulator {

struct RouteQuestion {
  ir::Request request;
  std::optional<ir::Party> from;  // the client; absent: only the gateway's own connections are judged
  bool with_policy = true;
};

/// What policy does to the gateway's connection to one pod.
struct EndpointPolicy {
  std::string pod;                       // "shop/reviews-v1-abc"
  ir::Verdict verdict = ir::Verdict::Unknown;
  std::string step;                      // where it was decided: "client egress", "backend ingress" ...
  std::vector<ir::RuleRef> decided_by, isolated_by;
  std::vector<ir::SideDecision> asked;   // every side that was asked, up to the one that denied
};

/// Which rule of which route took the request.
struct MatchedRoute {
  std::string kind, namespace_name, name;
  std::uint32_t rule = 0, match = 0;
  std::string file;
  std::uint32_t line = 0;
  std::string text;                      // the match, for people
};

struct RouteAnswer {
  ir::Request request;
  ir::RouteDecision decision;
  std::optional<ir::Listener> listener;
  std::optional<MatchedRoute> route;
  std::vector<std::vector<EndpointPolicy>> policy;  // beside decision.backends; empty without policy
  std::vector<std::string> assumptions;             // of the routing and of the policy; sorted, unique
};

/// Where does the gateway send this request, and does policy let it through (gateway.md 1.4 to 1.7 and 2).
/// Exit code 2 when the gateway or the client is not in the input.
[[nodiscard]] ir::Result<RouteAnswer> route(const compiler::Resolved&, const ir::Files&, const RouteQuestion&);

/// Splits "/a?x=1&x=2" into the path and its parameters, as sent.
void set_path(ir::Request&, std::string_view path_and_query);
/// Fills a request from "https://host:8443/path?x=1"; exit code 2 when it is no URL.
[[nodiscard]] ir::Result<ir::Request> request_of(std::string_view url);
/// 443 for https and tls, else 80.
[[nodiscard]] std::uint16_t default_port(std::string_view scheme);

/// What policy makes of all pods together; nullopt when they fare differently.
[[nodiscard]] std::optional<ir::Verdict> common_verdict(const std::vector<EndpointPolicy>&);

}  // namespace weir::simulator
