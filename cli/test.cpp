#include <fstream>

#include "cli/commands.h"
#include "cli/config.h"
#include "cli/input.h"
#include "cli/print.h"
#include "cli/report/findings.h"
#include "cli/report/test_report.h"
#include "simulator/ask/test.h"

namespace weir::cli {
namespace {

ir::Result<simulator::TestOptions> options_of(const CommonOptions& common) {
  // Checks every flag now, so that a wrong one is a usage error and not a failed test.
  if (const auto settings = settings_of(common); !settings) return tl::unexpected(settings.error());
  simulator::TestOptions options;
  const auto file = read_config(common.config);
  if (!file) return tl::unexpected(file.error());
  options.weak = *file;
  const Pairs environment = environment_settings();
  options.weak.insert(options.weak.end(), environment.begin(), environment.end());
  if (!common.dialect.empty()) options.strong.emplace_back("dialect", common.dialect);
  if (!common.gateway_dialect.empty()) options.strong.emplace_back("gateway_dialect", common.gateway_dialect);
  for (const std::string& item : common.settings)
    options.strong.emplace_back(item.substr(0, item.find('=')), item.substr(item.find('=') + 1));
  return options;
}

ir::Result<std::string> output_of(const std::vector<simulator::TestResult>& results, const ir::Files& files,
                                  const std::string& format, bool covall) {
  if (format == "text") return test_text(results, files, false, covall);
  if (format == "json") return test_json(results);
  if (format == "junit") return test_junit(results);
  std::string text = findings_as(format, test_findings(results), files, {});
  if (!text.empty()) return text;
  return ir::failure("test prints text, json, junit, sarif, github, gitlab or markdown, not `" + format + "`", 2);
}

/// Every `--report FORMAT=FILE`.
int write_reports(const std::vector<simulator::TestResult>& results, const ir::Files& files, const CommonOptions& common, bool covall) {
  for (const std::string& item : common.reports) {
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos) return print_error({"`--report " + item + "` wants FORMAT=FILE", 2});
    const auto text = output_of(results, files, item.substr(0, equals), covall);
    if (!text) return print_error(text.error());
    std::ofstream out(item.substr(equals + 1), std::ios::binary);
    out << *text;
    out.flush();
    if (!out) return print_error({"cannot write `" + item.substr(equals + 1) + "`", 5});
  }
  return 0;
}

int exit_of(const simulator::TestSummary& summary, const TestOptions& options) {
  if (summary.failed > summary.undecided) return 1;
  if (options.fail_under && (percent(summary.rules) < *options.fail_under || percent(summary.route_rules) < *options.fail_under)) return 1;
  return summary.undecided > 0 ? 4 : 0;
}

}  // namespace

int run_test(const Request& request) {
  ir::Files files;
  ir::Diagnostics diagnostics;
  const auto options = options_of(request.common);
  if (!options) return print_error(options.error());
  const auto tests = simulator::load_tests(request.common.paths, files, diagnostics);
  if (!tests) return print_error(tests.error());
  if (const int refused = gate(diagnostics, files, request.common)) return refused;
  if (tests->empty()) return print_error({"no PolicyTest in these paths", 2});
  std::vector<simulator::TestResult> results;
  for (const compiler::PolicyTest& test : *tests) {
    ir::Diagnostics found;
    auto result = simulator::run_test(test, *options, files, found);
    if (!result) {
      const int refused = gate(found, files, request.common);
      return refused ? refused : print_error(result.error());
    }
    results.push_back(std::move(*result));
  }
  const simulator::TestSummary summary = simulator::summary_of(results);
  if (const int failed = write_reports(results, files, request.common, request.test.covall)) return failed;
  const auto text = output_of(results, files, request.common.output, request.test.covall);
  if (!text) return print_error(text.error());
  print_result(*text);
  return exit_of(summary, request.test);
}

}  // namespace weir::cli
