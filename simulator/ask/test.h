#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/api/policy_test.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/base/result.h"
#include "ir/base/span.h"
#include "ir/cluster/settings_merge.h"
#include "simulator/ask/route.h"
#include "simulator/ask/trace.h"

namespace weir::simulator {

using ir::SettingPairs;

struct TestOptions {
  SettingPairs weak;    // configuration file and environment: the test's own `dialect` and `config` beat them
  SettingPairs strong;  // --dialect and --set: they beat the test's
};

/// One entry of spec.checks.
struct CheckResult {
  std::string name, expect;
  bool pass = false;
  std::vector<std::string> problems;  // why it does not pass
  std::optional<TraceAnswer> got;     // absent: a party could not be found
  ir::Span origin;
};

/// One entry of spec.routes.
struct RouteCheckResult {
  std::string name;
  bool pass = false;
  std::vector<std::string> problems;
  std::optional<RouteAnswer> got;
  ir::Span origin;
};

/// Which rules of the policies no check exercised, one for each element of a policy. It is exercised when it decided a check; one that admits nobody,
/// when the default deny it causes did.
struct RuleCoverage {
  std::size_t total = 0, exercised = 0;
  std::vector<ir::RuleRef> missed;
};

/// Something that a rule of a route does and no check that met the rule asserts: "request headers", "redirect", "shares".
struct UnassertedPart {
  ir::RuleRef rule;
  std::string what;
  friend auto operator<=>(const UnassertedPart&, const UnassertedPart&) = default;
};

/// Which rules of the routes no request of a check met, and what of those that were met nobody asserts. Rules of routes that no
/// listener accepts do not count.
struct RouteCoverage {
  std::size_t total = 0, exercised = 0;
  std::vector<ir::RuleRef> missed;         // index: of the rule; kind: of the route
  std::vector<UnassertedPart> unasserted;  // `--covall`
};

struct TestResult {
  std::string file, name;
  std::vector<CheckResult> checks;
  std::vector<RouteCheckResult> routes;
  RuleCoverage rules;
  RouteCoverage route_rules;
};

struct TestSummary {
  std::size_t passed = 0, failed = 0;
  std::size_t undecided = 0;  // of the failed ones: weir's answer was `unknown`
  RuleCoverage rules;         // of all tests added up
  RouteCoverage route_rules;
};

/// The PolicyTests of these files or folders, in order. What is wrong in them goes to the diagnostics.
[[nodiscard]] ir::Result<std::vector<compiler::PolicyTest>> load_tests(const std::vector<std::string>& paths, ir::Files&,
                                                                      ir::Diagnostics&);

/// Loads the test's resources, relative to its file, and asks every check. Exit code 3 when the resources are refused
/// (the diagnostics say why), 2 when one is missing or a setting is unknown.
[[nodiscard]] ir::Result<TestResult> run_test(const compiler::PolicyTest&, const TestOptions&, ir::Files&,
                                              ir::Diagnostics&);

[[nodiscard]] TestSummary summary_of(const std::vector<TestResult>&);
/// 100 when there are no rules.
[[nodiscard]] double percent(const RuleCoverage&);
[[nodiscard]] double percent(const RouteCoverage&);

}  // namespace weir::simulator
