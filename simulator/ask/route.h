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
#include "ir/route/url.h"

namespace weir::simulator {

struct RouteQuestion {
  ir::Request request;
  std::optional<ir::Party> from;  // the client; absent: only the gateway's own connections are judged
  bool with_policy = true;
};

/// What policy does to the way through the gateway to one pod (gateway.md section 2).
struct EndpointPolicy {
  std::string pod;                       // "shop/reviews-v1-abc"
  ir::Verdict verdict = ir::Verdict::Unknown;
  std::string step;                      // where it was decided: "client egress", "backend ingress" ...
  std::vector<ir::RuleRef> decided_by, isolated_by;
  std::vector<ir::SideDecision> asked;   // every side that was asked, up to the one that denied
  std::vector<ir::L7Decision> requests;  // what the request rules of these sides said
  std::uint32_t status = 0;              // of a denial as the client sees it: 403, 503; 0: its connection is refused
  friend auto operator<=>(const EndpointPolicy&, const EndpointPolicy&) = default;
};

/// What a share of the requests meets in the end, routing and policy together.
struct RouteShare {
  double share = 1;
  ir::Verdict verdict = ir::Verdict::Allowed;  // Unknown: policy cannot tell
  std::uint32_t status = 0;                    // 200: a backend answers; 0: no HTTP answer
  std::optional<std::uint32_t> grpc_status;
  std::string backend;                         // "shop/reviews-v1:9080"; empty: the gateway itself
  std::vector<std::string> pods;               // sorted
  std::string why;                             // one sentence for people
  std::vector<ir::RuleRef> decided_by, isolated_by;  // who denies
  friend auto operator<=>(const RouteShare&, const RouteShare&) = default;
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
  std::vector<RouteShare> shares;                   // the distribution: they add up to 1, the greatest first
  std::vector<std::string> assumptions;             // of the routing and of the policy; sorted, unique
};

/// Where does the gateway send this request, and does policy let it through (gateway.md 1.4 to 1.7 and 2).
/// Exit code 2 when the gateway or the client is not in the input.
[[nodiscard]] ir::Result<RouteAnswer> route(const compiler::Resolved&, const ir::Files&, const RouteQuestion&);

/// The distribution over what requests meet: the shares of the decision, divided among the pods, each as policy lets it.
[[nodiscard]] std::vector<RouteShare> shares_of(const RouteAnswer&);
/// Allowed: some share is served, or the gateway answers by itself as it should (a redirect, a preflight).
[[nodiscard]] ir::Verdict verdict_of(const RouteAnswer&);

/// What policy makes of all pods together; nullopt when they fare differently.
[[nodiscard]] std::optional<ir::Verdict> common_verdict(const std::vector<EndpointPolicy>&);
/// "shop/reviews-v1:9080"
[[nodiscard]] std::string backend_name(const ir::Backend&);

}  // namespace weir::simulator
