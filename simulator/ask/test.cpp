#include "simulator/ask/test.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <tuple>

#include "compiler/api/config_map.h"
#include "compiler/api/meta.h"
#include "compiler/api/object_set.h"
#include "compiler/source/cluster_path.h"
#include "compiler/source/load.h"
#include "ir/flow/decided_by.h"
#include "simulator/ask/expect.h"
#include "simulator/ask/route_coverage.h"

namespace weir::simulator {
namespace {

using compiler::PolicyCheck;
using compiler::PolicyTest;
using compiler::RouteCheck;

SettingPairs all_settings(const PolicyTest& test, const TestOptions& options) {
  SettingPairs pairs = options.weak;
  if (test.dialect) pairs.emplace_back("dialect", test.dialect->value);
  for (const compiler::TestSetting& setting : test.config) pairs.emplace_back(setting.key, setting.value);
  pairs.insert(pairs.end(), options.strong.begin(), options.strong.end());
  return pairs;
}

/// The resources as paths that can be opened from here.
std::vector<std::string> resource_paths(const PolicyTest& test, const ir::Files& files) {
  const std::filesystem::path folder = std::filesystem::path(files.at(test.origin.file).name).parent_path();
  std::vector<std::string> paths;
  for (const compiler::TestResource& resource : test.resources) {
    // NAME=PATH is relative behind the equals sign.
    const auto [cluster, path] = compiler::split_cluster(resource.path, folder.string());
    paths.push_back((cluster.empty() ? "" : cluster + "=") + (folder / path).lexically_normal().string());
  }
  return paths;
}

bool refused(const ir::Diagnostics& diagnostics) {
  return diagnostics.has(ir::Effect::Refuse) || diagnostics.has(ir::Effect::Invalid);
}

ir::Result<compiler::Resolved> load_resources(const PolicyTest& test, const SettingPairs& given, ir::Files& files,
                                              ir::Diagnostics& diagnostics) {
  ir::Diagnostics found;
  auto sources = compiler::load(resource_paths(test, files), {}, files, found);
  if (!sources) return tl::unexpected(sources.error());
  // A folder of resources may hold the test itself.
  std::erase_if(sources->documents,
                [](const compiler::Document& d) { return compiler::head(d, "kind") == "PolicyTest"; });
  const auto settings = compiler::settings_of(*sources, given);
  if (!settings) return tl::unexpected(settings.error());
  sources = compiler::with_local_cluster(std::move(*sources), settings->cluster_name);
  const compiler::Objects objects = compiler::read(*sources, files, found);
  compiler::Resolved resolved = compiler::resolve(objects, *settings, files, found);
  const bool bad = refused(found);
  for (ir::Diagnostic& diagnostic : found.list()) diagnostics.report(std::move(diagnostic));
  if (bad) return ir::failure("the resources of test `" + test.name + "` are refused", 3);
  return resolved;
}

ir::Result<std::uint16_t> port_of(const PolicyCheck& check, ir::Protocol protocol, const ir::Cluster& cluster) {
  // The reader demands a type for ICMP.
  if (protocol == ir::Protocol::Icmp || protocol == ir::Protocol::Icmpv6) return std::uint16_t{check.icmp_type.value_or(0)};
  if (!check.port) return 0;
  std::uint16_t number = 0;
  const char* end = check.port->data() + check.port->size();
  if (const auto [at, error] = std::from_chars(check.port->data(), end, number); error == std::errc() && at == end)
    return number;
  if (const auto named = named_port(cluster, at_home(check.to.party, cluster.settings), protocol, *check.port)) return *named;
  return ir::failure("`" + ir::to_text(check.to.party) + "` has no " + ir::to_text(protocol) + " port called `" +
                         *check.port + "`", 2);
}

ir::Result<TraceAnswer> ask(const PolicyCheck& check, const compiler::Resolved& resolved, const ir::Files& files) {
  TraceQuestion question;
  question.source = at_home(check.from.party, resolved.cluster.settings);
  question.destination = at_home(check.to.party, resolved.cluster.settings);
  question.request = check.request;
  question.protocol = ir::parse_protocol(check.protocol).value_or(ir::Protocol::Tcp);
  question.icmp_code = check.icmp_code.value_or(0);
  const auto port = port_of(check, question.protocol, resolved.cluster);
  if (!port) return tl::unexpected(port.error());
  question.port = *port;
  return trace(resolved, files, question);
}

CheckResult run_check(const PolicyCheck& check, const compiler::Resolved& resolved, const ir::Files& files) {
  CheckResult out{.name = check.name, .expect = check.expect, .pass = false, .problems = {}, .got = {}, .origin = check.origin};
  auto got = ask(check, resolved, files);
  if (!got) {
    out.problems.push_back(got.error().message);
    return out;
  }
  out.problems = differences(check, *got);
  out.pass = out.problems.empty();
  out.got = std::move(*got);
  return out;
}

RouteQuestion question_of(const RouteCheck& check) {
  RouteQuestion question;
  ir::Request& request = question.request;
  request.gateway_namespace = check.gateway_namespace;
  request.gateway = check.gateway;
  request.scheme = check.request.scheme;
  request.host = check.request.host;
  request.port = check.request.port.value_or(ir::default_port(request.scheme));
  request.method = check.request.method;
  request.sni = check.request.sni;
  request.headers = check.request.headers;
  set_path(request, check.request.path);
  request.query.insert(request.query.end(), check.request.query.begin(), check.request.query.end());
  if (check.from) question.from = check.from->party;
  question.with_policy = check.from.has_value() || !check.expect.policy.empty();
  return question;
}

RouteCheckResult run_route_check(const RouteCheck& check, const compiler::Resolved& resolved, const ir::Files& files) {
  RouteCheckResult out{.name = check.name, .pass = false, .problems = {}, .got = {}, .origin = check.origin};
  auto got = route(resolved, files, question_of(check));
  if (!got) {
    out.problems.push_back(got.error().message);
    return out;
  }
  out.problems = differences(check, *got);
  out.pass = out.problems.empty();
  out.got = std::move(*got);
  return out;
}

/// An element of a policy, of which several rules may be made: policy, direction and index. Allows and
/// denies are two lists, and a policy may have several specs.
using Element = std::tuple<std::uint32_t, ir::Direction, std::uint32_t, bool, ir::Span>;

Element element_of(const ir::Rule& rule) {
  return {rule.policy.index, rule.direction, rule.index, rule.action == ir::Action::Deny, rule.origin};
}

/// Elements that one side of an answer exercised.
void add_exercised(const ir::PolicySet& policies, const ir::SideDecision& side, std::set<Element>& exercised) {
  const bool by_default = side.default_rule != ir::DefaultRule::None;
  for (const ir::RuleId id : side.decided_by) {
    const auto& peers = policies.rule(id).peers;
    const bool only_isolates = peers && peers->empty();
    if (!by_default || only_isolates) exercised.insert(element_of(policies.rule(id)));
  }
}

/// Every side that the checks and the routes of a test asked.
std::vector<ir::SideDecision> sides_of(const TestResult& result) {
  std::vector<ir::SideDecision> sides;
  for (const CheckResult& check : result.checks) {
    if (!check.got) continue;
    sides.push_back(check.got->decision.egress);
    sides.push_back(check.got->decision.ingress);
  }
  for (const RouteCheckResult& check : result.routes) {
    if (!check.got) continue;
    for (const auto& pods : check.got->policy)
      for (const EndpointPolicy& pod : pods) sides.insert(sides.end(), pod.asked.begin(), pod.asked.end());
  }
  return sides;
}

RuleCoverage coverage_of(const TestResult& result, const ir::PolicySet& policies, const ir::Files& files) {
  std::set<Element> exercised, counted;
  for (const ir::SideDecision& side : sides_of(result)) add_exercised(policies, side, exercised);
  for (const RouteCheckResult& check : result.routes) {
    if (!check.got) continue;
    for (const auto& pods : check.got->policy)
      for (const EndpointPolicy& pod : pods)
        for (const ir::L7Decision& request : pod.requests)
          for (const ir::RuleId id : request.decided_by) exercised.insert(element_of(policies.rule(id)));
  }
  RuleCoverage out;
  for (std::uint32_t i = 0; i < policies.rules.size(); ++i) {
    const Element element = element_of(policies.rules[i]);
    if (!counted.insert(element).second) continue;
    if (!exercised.contains(element)) out.missed.push_back(ir::rule_ref(policies, files, ir::RuleId{i}));
  }
  out.total = counted.size();
  out.exercised = out.total - out.missed.size();
  return out;
}

double ratio(std::size_t part, std::size_t all) { return all == 0 ? 100 : 100.0 * static_cast<double>(part) / static_cast<double>(all); }

void add(const RouteCoverage& one, RouteCoverage& into) {
  into.total += one.total;
  into.exercised += one.exercised;
  into.missed.insert(into.missed.end(), one.missed.begin(), one.missed.end());
  into.unasserted.insert(into.unasserted.end(), one.unasserted.begin(), one.unasserted.end());
}

bool is_undecided(const CheckResult& check) {
  return !check.pass && check.got && check.got->decision.verdict == ir::Verdict::Unknown;
}

bool is_undecided(const RouteCheckResult& check) {
  return !check.pass && check.got && (policy_of(*check.got) == ir::Verdict::Unknown || verdict_of(*check.got) == ir::Verdict::Unknown);
}

}  // namespace

ir::Result<std::vector<PolicyTest>> load_tests(const std::vector<std::string>& paths, ir::Files& files,
                                               ir::Diagnostics& diagnostics) {
  auto sources = compiler::load(paths, {}, files, diagnostics);
  if (!sources) return tl::unexpected(sources.error());
  std::erase_if(sources->documents, [](const compiler::Document& document) {
    return document.readable && compiler::head(document, "kind") != "PolicyTest";
  });
  return compiler::read(*sources, files, diagnostics).tests;
}

ir::Result<TestResult> run_test(const PolicyTest& test, const TestOptions& options, ir::Files& files,
                                ir::Diagnostics& diagnostics) {
  const SettingPairs given = all_settings(test, options);
  if (const auto settings = ir::merge_settings(given); !settings) return tl::unexpected(settings.error());
  auto resolved = load_resources(test, given, files, diagnostics);
  if (!resolved) return tl::unexpected(resolved.error());
  TestResult out;
  for (const auto& [name, addresses] : test.names) resolved->cluster.names[name] = addresses;
  out.file = files.at(test.origin.file).name;
  out.name = test.name;
  for (const PolicyCheck& check : test.checks) out.checks.push_back(run_check(check, *resolved, files));
  for (const RouteCheck& check : test.routes) out.routes.push_back(run_route_check(check, *resolved, files));
  out.rules = coverage_of(out, resolved->policies, files);
  out.route_rules = route_coverage(test, out, resolved->routes, files);
  return out;
}

TestSummary summary_of(const std::vector<TestResult>& results) {
  TestSummary out;
  const auto count = [&](const auto& checks) {
    for (const auto& check : checks) {
      (check.pass ? out.passed : out.failed) += 1;
      out.undecided += is_undecided(check) ? 1 : 0;
    }
  };
  for (const TestResult& result : results) {
    count(result.checks);
    count(result.routes);
    out.rules.total += result.rules.total;
    out.rules.exercised += result.rules.exercised;
    out.rules.missed.insert(out.rules.missed.end(), result.rules.missed.begin(), result.rules.missed.end());
    add(result.route_rules, out.route_rules);
  }
  return out;
}

double percent(const RuleCoverage& coverage) { return ratio(coverage.exercised, coverage.total); }
double percent(const RouteCoverage& coverage) { return ratio(coverage.exercised, coverage.total); }

}  // namespace weir::simulator
