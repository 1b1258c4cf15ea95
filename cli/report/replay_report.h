#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/replay/report.h"

namespace weir::cli {

/// What decides the exit code beside the verdict (cli.md "replay").
struct ReplayLimits {
  std::optional<double> min_coverage;  // --min-coverage, percent
  double max_unexplained = 5.0;        // --max-unexplained, percent
};

/// How a report is shown.
struct ReplayView {
  bool all = false;               // every edge, not only those that change
  std::vector<std::string> jobs;  // of the inventory: "CronJob shop/backup", "Job shop/migrate"
};

/// `weir replay -o json` (cli.md ReplayReport), with its line end.
[[nodiscard]] std::string replay_json(const simulator::ReplayReport&, const ReplayView&);
/// For people: the verdict in one line, then edges, evidence, coverage, what was not compared, what is unexplained.
[[nodiscard]] std::string replay_text(const simulator::ReplayReport&, const ReplayView&);
[[nodiscard]] std::string replay_markdown(const simulator::ReplayReport&, const ReplayView&);
[[nodiscard]] std::string replay_csv(const simulator::ReplayReport&, const ReplayView&);
[[nodiscard]] std::string replay_dot(const simulator::ReplayReport&, const ReplayView&);
/// One file that needs no other and runs no script.
[[nodiscard]] std::string replay_html(const simulator::ReplayReport&, const ReplayView&);

[[nodiscard]] const std::vector<std::string_view>& replay_formats();
/// nullopt for a format that is not of replay_formats().
[[nodiscard]] std::optional<std::string> replay_output(const simulator::ReplayReport&, const std::string& format, const ReplayView&);

/// 3 damaged recordings, 1 predicted new drops, 4 nothing compared, thin coverage or too much unexplained, else 0.
[[nodiscard]] int replay_exit(const simulator::ReplayReport&, const ReplayLimits&);

/// The first line of the text: what a person wants to know.
[[nodiscard]] std::string replay_verdict(const simulator::ReplayReport&);

}  // namespace weir::cli
