// How far an answer can be trusted, beside every answer: what was seen, for how long, and what was not.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/report/display.h"
#include "cli/report/replay_parts.h"
#include "simulator/flows/times.h"

namespace weir::cli {
namespace {

using simulator::ReplayReport;

constexpr std::int64_t kSecond = 1'000'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr std::size_t kNames = 5;

/// "a, b and c"
std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + std::string(words[i]);
  return text;
}

/// The first few, and how many more there are.
std::string few(const std::vector<std::string>& names, bool all) {
  std::string text;
  const std::size_t shown = all ? names.size() : std::min(names.size(), kNames);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + printable(names[i]);
  return shown == names.size() ? text : text + fmt::format(" and {} more", names.size() - shown);
}

std::string reading_line(const ReplayReport& report) {
  const simulator::ReplayFlows& flows = report.flows;
  std::string text = "evidence: " + counted(flows.read, "flow") + " read";
  if (flows.filtered != 0) text += fmt::format(", {} left out by the filters", flows.filtered);
  if (flows.malformed != 0) text += fmt::format(", {} malformed", flows.malformed);
  if (flows.too_long != 0) text += fmt::format(" ({} too long)", flows.too_long);
  if (report.first) text += fmt::format(", {} to {}", simulator::time_text(*report.first), simulator::time_text(*report.last));
  return text + fmt::format(", {}, {} lost", counted(report.nodes.size(), "node"), counted(flows.lost_events, "event"));
}

std::string node_line(const simulator::ReplayNode& node) {
  return fmt::format("  {}: {}{}{}", node.name.empty() ? "(no node name)" : printable(node.name), counted(node.flows, "flow"),
                     node.lost_events != 0 ? ", " + counted(node.lost_events, "event") + " lost" : "",
                     node.unavailable ? ", reported as unavailable" : "");
}

std::vector<std::string> rule_texts(const std::vector<ir::RuleRef>& rules) {
  std::vector<std::string> texts;
  for (const ir::RuleRef& rule : rules) texts.push_back(ir::to_text(rule));
  return texts;
}

void add_coverage(const ReplayReport& report, const ReplayView& view, std::vector<std::string>& lines) {
  std::string line = fmt::format("coverage: {} of {} that policies select ({:.0f} %), {} of {} exercised", report.pods_seen,
                                 counted(report.pods_total, "pod"), report.coverage_percent(), report.rules_exercised, counted(report.rules_total, "rule"));
  if (report.workloads_seen != 0) line += ", " + counted(report.workloads_seen, "workload") + " seen";
  lines.push_back(line);
  if (!report.pods_unseen.empty()) lines.push_back("  pods without evidence: " + few(report.pods_unseen, view.all));
  if (!report.rules_unexercised.empty()) lines.push_back("  rules that nothing met: " + few(rule_texts(report.rules_unexercised), view.all));
}

void add_compared(const ReplayReport& report, std::vector<std::string>& lines) {
  lines.push_back(fmt::format("compared: {} ({} the same, {} newly denied, {} newly allowed)", counted(report.compared, "connection"), report.same,
                              report.newly_denied, report.newly_allowed));
  const simulator::ReplayRequests& requests = report.requests;
  if (requests.compared + requests.unknown != 0)
    lines.push_back(fmt::format("requests: {} compared ({} the same, {} newly denied, {} newly allowed, {} unexplained), {} unknown", requests.compared,
                                requests.same, requests.newly_denied, requests.newly_allowed, requests.unexplained, requests.unknown));
  for (const auto& [reason, count] : report.not_comparable) {
    const std::string_view meaning = meaning_of(reason);
    lines.push_back(fmt::format("  not compared: {} {}{}{}", count, printable(reason), meaning.empty() ? "" : ": ", meaning));
  }
  if (report.has_base)
    lines.push_back(fmt::format("unexplained: {} ({:.1f} %) are not as the base policies predict; no change is claimed for them",
                                counted(report.unexplained, "connection"), 100 * report.unexplained_rate()));
}

}  // namespace

std::int64_t window_length(const ReplayReport& report) { return report.first ? *report.last - *report.first : 0; }

std::string duration_text(std::int64_t length) {
  const auto both = [](std::int64_t whole, std::string_view unit, std::int64_t rest, std::string_view smaller) {
    const std::string text = counted(static_cast<std::uint64_t>(whole), unit);
    return rest == 0 ? text : text + " " + counted(static_cast<std::uint64_t>(rest), smaller);
  };
  if (length < kMinute) return fmt::format("{:.1f} seconds", static_cast<double>(length) / kSecond);
  if (length < kHour) return both(length / kMinute, "minute", length % kMinute / kSecond, "second");
  if (length < 2 * kDay) return both(length / kHour, "hour", length % kHour / kMinute, "minute");
  return both(length / kDay, "day", length % kDay / kHour, "hour");
}

std::vector<std::string_view> blind_to(std::int64_t length) {
  std::vector<std::string_view> words;
  if (length < kDay) words.emplace_back("daily");
  if (length < 7 * kDay) words.emplace_back("weekly");
  if (length < 31 * kDay) words.emplace_back("monthly");
  return words;
}

std::vector<std::string> jobs_unseen(const ReplayReport& report, const std::vector<std::string>& jobs) {
  std::set<std::string> ends;
  for (const simulator::ReplayEdge& edge : report.edges) ends.insert({edge.source, edge.destination});
  std::vector<std::string> unseen;
  for (const std::string& job : jobs) {
    // The Jobs of a CronJob and the pods of a Job add to the name.
    const std::string name = job.substr(job.find(' ') + 1);
    const auto longer = ends.lower_bound(name + "-");
    if (!ends.contains(name) && (longer == ends.end() || !longer->starts_with(name + "-"))) unseen.push_back(job);
  }
  return unseen;
}

std::string window_text(const ReplayReport& report, const ReplayView& view) {
  if (!report.first) return "window: not known, no flow has a time";
  std::string text = "window: " + duration_text(window_length(report));
  const std::vector<std::string_view> blind = blind_to(window_length(report));
  const std::vector<std::string> unseen = jobs_unseen(report, view.jobs);
  if (!unseen.empty()) return text + "; not in the recording: " + few(unseen, view.all);
  if (!view.jobs.empty()) return text + "; every Job and CronJob of the inventory is in the recording";
  return blind.empty() ? text : text + ": " + joined(blind) + " jobs may not be in it";
}

std::vector<std::string> evidence_lines(const ReplayReport& report, const ReplayView& view) {
  std::vector<std::string> lines = {reading_line(report)};
  for (const simulator::ReplayNode& node : report.nodes) lines.push_back(node_line(node));
  if (report.nodes.size() == 1) lines.push_back("  one node only: this says nothing of the rest of the cluster");
  if (report.sampled > 1)
    lines.push_back(fmt::format("  sampled: one flow of {} was recorded, counts are multiplied by it; what is rare may be missing", report.sampled));
  if (report.flows.late != 0)
    lines.push_back("  " + counted(report.flows.late, "flow") + " out of order by more than a minute: some connections may count twice");
  lines.push_back(window_text(report, view));
  add_coverage(report, view, lines);
  add_compared(report, lines);
  return lines;
}

}  // namespace weir::cli
