#pragma once

#include <optional>
#include <string>

#include "simulator/replay/report.h"

namespace weir::cli {

/// What decides the exit code beside the verdict (cli.md "replay").
struct ReplayLimits {
  std::optional<double> min_coverage;  // --min-coverage, percent
  double max_unexplained = 5.0;        // --max-unexplained, percent
};

/// `weir replay -o json` (cli.md ReplayReport), with its line end. `all`: every edge, not only those that change.
[[nodiscard]] std::string replay_json(const simulator::ReplayReport&, bool all);
/// For people: the verdict in one line, then edges, evidence, coverage, what was not compared, what is unexplained.
[[nodiscard]] std::string replay_text(const simulator::ReplayReport&, bool all);
[[nodiscard]] std::string replay_markdown(const simulator::ReplayReport&, bool all);
[[nodiscard]] std::string replay_csv(const simulator::ReplayReport&, bool all);
[[nodiscard]] std::string replay_dot(const simulator::ReplayReport&, bool all);

/// `format` is text, json, markdown, csv or dot; nullopt for another one.
[[nodiscard]] std::optional<std::string> replay_output(const simulator::ReplayReport&, const std::string& format, bool all);

/// 3 damaged recordings, 1 predicted new drops, 4 nothing compared, thin coverage or too much unexplained, else 0.
[[nodiscard]] int replay_exit(const simulator::ReplayReport&, const ReplayLimits&);

/// The first line of the text: what a person wants to know.
[[nodiscard]] std::string replay_verdict(const simulator::ReplayReport&);

/// Shared by the formats.
[[nodiscard]] bool is_listed(const simulator::ReplayEdge&, bool all);
[[nodiscard]] std::string to_text(simulator::Change);               // "newly denied"
[[nodiscard]] std::string port_text(const simulator::ReplayEdge&);  // "8080/TCP", "ICMP type 8"
[[nodiscard]] std::string place_text(const simulator::ReplayEdge&); // "policies/backend.yaml:14", or a rule's name

}  // namespace weir::cli
