// What the clients of a gateway get in the end: gateway.md 2, "Combined query".
#include <algorithm>

#include "simulator/ask/route.h"

namespace weir::simulator {
namespace {

constexpr std::uint32_t kServed = 200;  // stands for whatever the backend answers

/// What Envoy tells a gRPC client instead of a status of HTTP.
std::optional<std::uint32_t> grpc_of(const RouteAnswer& answer, std::uint32_t status) {
  if (answer.request.scheme != "grpc" || status == kServed) return std::nullopt;
  if (status == 403) return 7;   // PERMISSION_DENIED
  if (status == 404) return 12;  // UNIMPLEMENTED
  return 14;                     // UNAVAILABLE
}

std::string denial_text(const EndpointPolicy& policy) {
  const std::string text = "policy denies it at " + policy.step;
  if (policy.status == 503) return text + ": the gateway cannot connect";
  return policy.status == 0 ? text + ": the connection is refused" : text;
}

/// One pod of one backend.
RouteShare share_of(const RouteAnswer& answer, const ir::BackendShare& backend, const EndpointPolicy& policy) {
  const bool http = answer.listener && (answer.listener->protocol == ir::ListenerProtocol::Http ||
                                        answer.listener->protocol == ir::ListenerProtocol::Https);
  RouteShare out{.share = backend.share, .verdict = policy.verdict, .status = http ? kServed : 0, .grpc_status = {},
                 .backend = backend_name(backend.backend), .pods = {policy.pod}, .why = {}, .decided_by = {}, .isolated_by = {}};
  if (policy.verdict == ir::Verdict::Allowed) return out;
  out.decided_by = policy.decided_by;
  out.isolated_by = policy.isolated_by;
  out.status = policy.verdict == ir::Verdict::Denied ? policy.status : 0;
  out.why = policy.verdict == ir::Verdict::Denied ? denial_text(policy) : "policy cannot be judged at " + policy.step;
  if (policy.verdict == ir::Verdict::Denied) out.grpc_status = grpc_of(answer, out.status);
  return out;
}

std::string failure_text(const ir::BackendShare& share) {
  if (!share.backend.invalid.empty()) return "the reference is invalid: " + share.backend.invalid;
  if (!share.backend.tls_invalid.empty()) return "TLS to the backend fails: " + share.backend.tls_invalid;
  return share.status == 503 ? "no ready pod" : "the backend cannot serve it";
}

/// A backend that nobody judged, or that has no pod.
RouteShare whole_share(const RouteAnswer& answer, const ir::BackendShare& backend) {
  const ir::Backend& target = backend.backend;
  RouteShare out{.share = backend.share, .verdict = ir::Verdict::Allowed, .status = 0, .grpc_status = {},
                 .backend = backend_name(target), .pods = target.pods, .why = {}, .decided_by = {}, .isolated_by = {}};
  const bool http = answer.listener && (answer.listener->protocol == ir::ListenerProtocol::Http ||
                                        answer.listener->protocol == ir::ListenerProtocol::Https);
  const bool fails = backend.status != 0 || backend.grpc_status || !target.invalid.empty() || (target.endpoints_known && target.pods.empty());
  out.verdict = fails ? ir::Verdict::Denied : ir::Verdict::Allowed;
  out.status = fails || !http ? backend.status : kServed;
  out.grpc_status = backend.grpc_status;
  if (fails) out.why = failure_text(backend);
  // Not even who they are.
  if (!fails && !target.endpoints_known && !answer.policy.empty()) {
    out.verdict = ir::Verdict::Unknown;
    out.why = "its endpoints are not in the input, so policy cannot be judged";
  }
  return out;
}

/// Adds up what fares alike.
void add(std::vector<RouteShare>& list, RouteShare one) {
  for (RouteShare& other : list) {
    if (other.verdict != one.verdict || other.status != one.status || other.backend != one.backend || other.why != one.why ||
        other.decided_by != one.decided_by || other.isolated_by != one.isolated_by)
      continue;
    other.share += one.share;
    other.pods.insert(other.pods.end(), one.pods.begin(), one.pods.end());
    std::sort(other.pods.begin(), other.pods.end());
    other.pods.erase(std::unique(other.pods.begin(), other.pods.end()), other.pods.end());
    return;
  }
  list.push_back(std::move(one));
}

/// The gateway answers by itself.
RouteShare own_share(const ir::RouteDecision& decision) {
  RouteShare out{.share = 1, .verdict = ir::Verdict::Allowed, .status = decision.status, .grpc_status = decision.grpc_status,
                 .backend = {}, .pods = {}, .why = decision.why, .decided_by = {}, .isolated_by = {}};
  if (decision.redirect) out.status = decision.redirect->status;
  if (decision.redirect && out.why.empty()) out.why = "redirect to " + decision.redirect->location;
  const bool answered = out.status != 0 && out.status < 400 && !out.grpc_status;
  out.verdict = answered ? ir::Verdict::Allowed : ir::Verdict::Denied;
  return out;
}

}  // namespace

std::string backend_name(const ir::Backend& backend) {
  return backend.namespace_name + "/" + backend.service + (backend.port == 0 ? "" : ":" + std::to_string(backend.port));
}

std::vector<RouteShare> shares_of(const RouteAnswer& answer) {
  std::vector<RouteShare> out;
  const ir::RouteDecision& decision = answer.decision;
  if (decision.backends.empty()) return {own_share(decision)};
  for (std::size_t i = 0; i < decision.backends.size(); ++i) {
    const bool judged = i < answer.policy.size() && !answer.policy[i].empty();
    if (!judged) {
      add(out, whole_share(answer, decision.backends[i]));
      continue;
    }
    ir::BackendShare part = decision.backends[i];
    part.share /= static_cast<double>(answer.policy[i].size());
    for (const EndpointPolicy& pod : answer.policy[i]) add(out, share_of(answer, part, pod));
  }
  std::stable_sort(out.begin(), out.end(), [](const RouteShare& a, const RouteShare& b) { return a.share > b.share; });
  return out;
}

ir::Verdict verdict_of(const RouteAnswer& answer) {
  bool unknown = false;
  for (const RouteShare& share : answer.shares) {
    if (share.verdict == ir::Verdict::Allowed) return ir::Verdict::Allowed;
    unknown = unknown || share.verdict == ir::Verdict::Unknown;
  }
  return unknown ? ir::Verdict::Unknown : ir::Verdict::Denied;
}

}  // namespace weir::simulator
