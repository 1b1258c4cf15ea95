#include "simulator/ask/expect.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "simulator/ask/expect_exchange.h"

namespace weir::simulator {
namespace {

using Problems = std::vector<std::string>;

constexpr double kTolerance = 0.0005;  // shares are written with three digits at most

std::string percent_text(double share) {
  std::string text = std::to_string(share);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text += '0';
  return text;
}

std::string policy_name(const ir::RuleRef& rule) {
  return rule.kind + "/" + (rule.namespace_name.empty() ? "" : rule.namespace_name + "/") + rule.name;
}

/// The policies behind a verdict: of the denying side, or of both when allowed; a default deny counts as the policies
/// that isolate the subject.
std::vector<std::string> deciding_policies(const TraceAnswer& got) {
  std::vector<std::string> names;
  const std::string side = denying_side(got.decision);
  const auto add = [&](const std::vector<ir::RuleRef>& rules) {
    for (const ir::RuleRef& rule : rules) names.push_back(policy_name(rule));
  };
  for (const auto& [name, part] : {std::pair("egress", &got.egress), std::pair("ingress", &got.ingress)}) {
    if (!side.empty() && side != name) continue;
    add(part->decided_by);
    add(part->isolated_by);
  }
  if (side.empty() || denial_reason(got.decision) == "l7-denied") add(got.l7_decided_by);
  return names;
}

void expect_by(const compiler::PolicyCheck& check, const TraceAnswer& got, Problems& problems) {
  const auto names = deciding_policies(got);
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  for (const std::string& by : check.by)
    if (std::find(names.begin(), names.end(), by) == names.end())
      problems.push_back("`" + by + "` did not decide; " + (list.empty() ? "nothing" : list) + " did");
}

/// "ns/svc" or "ns/svc:port" names this backend.
bool names_backend(std::string_view text, const ir::Backend& backend) {
  const std::string name = backend.namespace_name + "/" + backend.service;
  return text == name || text == name + ":" + std::to_string(backend.port);
}

std::string distribution_text(const ir::RouteDecision& decision) {
  if (decision.backends.empty()) {
    std::string text(ir::to_text(decision.outcome));
    return decision.status == 0 ? text : text + " " + std::to_string(decision.status);
  }
  std::string text;
  for (const ir::BackendShare& share : decision.backends) {
    text += text.empty() ? "" : ", ";
    text += share.backend.namespace_name + "/" + share.backend.service + ":" + std::to_string(share.backend.port) + " " +
            percent_text(share.share);
    if (share.status != 0) text += " (" + std::to_string(share.status) + ")";
  }
  return text;
}

void expect_backend(const std::string& wanted, const ir::RouteDecision& got, Problems& problems) {
  const bool one = got.backends.size() == 1 && got.backends.front().status == 0;
  if (!one || !names_backend(wanted, got.backends.front().backend))
    problems.push_back("expected backend " + wanted + ", got " + distribution_text(got));
}

void expect_shares(const compiler::RouteExpectation& expect, const ir::RouteDecision& got, Problems& problems) {
  double listed = 0;
  for (const auto& [name, share] : expect.shares) {
    double found = 0;
    for (const ir::BackendShare& backend : got.backends)
      if (names_backend(name, backend.backend)) found += backend.share;
    listed += found;
    if (std::fabs(found - share) > kTolerance)
      problems.push_back("expected " + name + " with share " + percent_text(share) + ", got " + distribution_text(got));
  }
  if (problems.empty() && std::fabs(listed - 1) > kTolerance)
    problems.push_back("the expected shares leave out a backend: " + distribution_text(got));
}

std::string statuses_text(const RouteAnswer& got) {
  std::string text;
  for (const auto& [status, share] : statuses_of(got))
    text += (text.empty() ? "" : ", ") + (status == 0 ? "no answer" : std::to_string(status)) + " " + percent_text(share);
  for (const RouteShare& share : got.shares)
    if (!share.why.empty()) text += "; " + share.why;
  return text.empty() ? distribution_text(got.decision) : text;
}

void expect_statuses(const compiler::RouteExpectation& expect, const RouteAnswer& got, Problems& problems) {
  const auto actual = statuses_of(got);
  const auto share_of = [](const auto& list, std::uint32_t status) {
    for (const auto& [s, share] : list)
      if (s == status) return share;
    return 0.0;
  };
  for (const auto& list : {actual, expect.statuses})
    for (const auto& [status, share] : list)
      if (std::fabs(share_of(actual, status) - share_of(expect.statuses, status)) > kTolerance) {
        problems.push_back("expected status " + std::to_string(status) + " with share " +
                           percent_text(share_of(expect.statuses, status)) + ", got " + statuses_text(got));
        return;
      }
}

std::string any_text(const std::vector<std::uint32_t>& wanted) {
  std::string list;
  for (const std::uint32_t status : wanted) list += (list.empty() ? "" : " or ") + std::to_string(status);
  return list;
}

bool one_of(const std::vector<std::uint32_t>& wanted, std::uint32_t status) {
  return std::find(wanted.begin(), wanted.end(), status) != wanted.end();
}

void expect_status(const std::vector<std::uint32_t>& wanted, const RouteAnswer& got, Problems& problems) {
  const auto actual = statuses_of(got);
  if (actual.size() != 1 || !one_of(wanted, actual.front().first))
    problems.push_back("expected status " + any_text(wanted) + ", got " + statuses_text(got));
}

void expect_grpc_status(const std::vector<std::uint32_t>& wanted, const RouteAnswer& got, Problems& problems) {
  for (const RouteShare& share : got.shares) {
    // A backend that answers says 0 as far as anybody can tell.
    const std::uint32_t status = share.grpc_status.value_or(0);
    if (one_of(wanted, status)) continue;
    problems.push_back("expected grpcStatus " + any_text(wanted) + ", got " + std::to_string(status) +
                       (share.why.empty() ? "" : ": " + share.why));
    return;
  }
}

void expect_policy(const std::string& wanted, const RouteAnswer& got, Problems& problems) {
  const auto verdict = policy_of(got);
  if (!verdict || ir::to_text(*verdict) != wanted)
    problems.push_back("expected policy " + wanted + ", got " +
                       (verdict ? std::string(ir::to_text(*verdict)) : std::string("no common verdict of the backends")));
}

/// policy.md 6.9: what is in audit is let through.
bool denies(const ir::SideDecision& side) { return side.verdict == ir::Verdict::Denied && !side.audit; }

}  // namespace

std::string denying_side(const ir::Decision& decision) {
  if (decision.verdict != ir::Verdict::Denied) return {};
  if (denies(decision.egress)) return "egress";
  if (denies(decision.ingress)) return "ingress";
  return decision.l7 ? std::string(ir::to_text(decision.l7->side)) : std::string();
}

std::string denial_reason(const ir::Decision& decision) {
  const std::string side = denying_side(decision);
  if (side.empty()) return {};
  if (!denies(decision.egress) && !denies(decision.ingress)) return "l7-denied";
  return std::string(ir::to_text(side == "egress" ? decision.egress.reason : decision.ingress.reason));
}

std::vector<std::pair<std::uint32_t, double>> statuses_of(const RouteAnswer& answer) {
  std::map<std::uint32_t, double> shares;
  for (const RouteShare& share : answer.shares) shares[share.status] += share.share;
  return {shares.begin(), shares.end()};
}

std::optional<ir::Verdict> policy_of(const RouteAnswer& answer) {
  std::vector<EndpointPolicy> all;
  for (const auto& pods : answer.policy) all.insert(all.end(), pods.begin(), pods.end());
  return common_verdict(all);
}

std::vector<std::string> differences(const compiler::PolicyCheck& check, const TraceAnswer& got) {
  Problems problems;
  const std::string verdict(ir::to_text(got.decision.verdict));
  if (verdict != check.expect) {
    const std::string side = denying_side(got.decision);
    problems.push_back("expected " + check.expect + ", got " + verdict +
                       (side.empty() ? "" : " on " + side + " (" + denial_reason(got.decision) + ")"));
    return problems;
  }
  if (!check.side.empty() && denying_side(got.decision) != check.side)
    problems.push_back("expected the " + check.side + " side to decide, not the other one");
  if (!check.reason.empty() && denial_reason(got.decision) != check.reason)
    problems.push_back("expected reason " + check.reason + ", got " + denial_reason(got.decision));
  expect_by(check, got, problems);
  return problems;
}

std::vector<std::string> differences(const compiler::RouteCheck& check, const RouteAnswer& got) {
  Problems problems;
  const compiler::RouteExpectation& expect = check.expect;
  if (check.listener && (!got.listener || got.listener->name != *check.listener))
    problems.push_back("expected listener " + *check.listener + ", got " +
                       (got.listener ? got.listener->name : std::string("none")));
  if (expect.backend) expect_backend(*expect.backend, got.decision, problems);
  if (!expect.status.empty()) expect_status(expect.status, got, problems);
  if (expect.rejected && *expect.rejected != (got.decision.outcome == ir::RouteOutcome::Rejected))
    problems.push_back(std::string("expected the connection ") + (*expect.rejected ? "to be" : "not to be") +
                       " rejected, got " + distribution_text(got.decision));
  if (!expect.grpc_status.empty()) expect_grpc_status(expect.grpc_status, got, problems);
  if (!expect.shares.empty()) expect_shares(expect, got.decision, problems);
  if (!expect.statuses.empty()) expect_statuses(expect, got, problems);
  expect_exchange(expect, got.decision, problems);
  if (!expect.policy.empty()) expect_policy(expect.policy, got, problems);
  return problems;
}

}  // namespace weir::simulator
