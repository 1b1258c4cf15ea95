#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/report/replay_report.h"

namespace weir::cli {

// What the formats of a replay report share.

[[nodiscard]] bool is_listed(const simulator::ReplayEdge&, bool all);
[[nodiscard]] std::string to_text(simulator::Change);                // "newly denied"
[[nodiscard]] std::string port_text(const simulator::ReplayEdge&);   // "8080/TCP", "ICMP type 8"
[[nodiscard]] std::string place_text(const simulator::ReplayEdge&);  // "policies/backend.yaml:14", or a rule's name
[[nodiscard]] bool has_port(const simulator::ReplayEdge&);
[[nodiscard]] std::string counted(std::uint64_t, std::string_view one);  // "1 flow", "2 flows"
/// Who decided, or why it is unknown.
[[nodiscard]] std::string why_text(const simulator::ReplayEdge&);
/// "8080/TCP", or "8080/TCP GET /items".
[[nodiscard]] std::string what_text(const simulator::ReplayEdge&);

/// Newly denied first, then newly allowed, unknown, unexplained and the same; the most connections first. Unexplained ones
/// are listed too.
[[nodiscard]] std::vector<const simulator::ReplayEdge*> listed_edges(const simulator::ReplayReport&, bool all);
[[nodiscard]] std::vector<const simulator::ReplayEdge*> edges_of(const simulator::ReplayReport&, simulator::Change);

/// What each reason of `notComparable` means; empty for one this version does not know.
[[nodiscard]] std::string_view meaning_of(std::string_view reason);

/// The time from the first flow to the last, in nanoseconds.
[[nodiscard]] std::int64_t window_length(const simulator::ReplayReport&);
[[nodiscard]] std::string duration_text(std::int64_t nanoseconds);  // "3 hours 20 minutes"
/// Jobs by how often they run that a window of this length cannot be trusted to hold: "daily", "weekly", "monthly".
[[nodiscard]] std::vector<std::string_view> blind_to(std::int64_t nanoseconds);
/// The jobs of the inventory of which the recording has no connection.
[[nodiscard]] std::vector<std::string> jobs_unseen(const simulator::ReplayReport&, const std::vector<std::string>& jobs);
/// "window: 3 hours: daily, weekly and monthly jobs may not be in it"; names the jobs that the inventory has.
[[nodiscard]] std::string window_text(const simulator::ReplayReport&, const ReplayView&);

/// Rows of equally many cells as columns, two spaces in front; no blanks at the ends.
[[nodiscard]] std::string columns(const std::vector<std::vector<std::string>>& rows);

/// How far the answer can be trusted: the lines under the tables, without markup.
[[nodiscard]] std::vector<std::string> evidence_lines(const simulator::ReplayReport&, const ReplayView&);

}  // namespace weir::cli
