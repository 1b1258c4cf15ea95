#include "cli/report/rollout_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/report/display.h"
#include "cli/report/escape.h"
#include "cli/report/replay_parts.h"
#include "cli/report/rule_json.h"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using simulator::NamespaceRollout;
using simulator::ReplayEdge;
using simulator::RolloutPlan;

constexpr std::size_t kEdges = 5;

std::uint64_t sum_of(const std::vector<ReplayEdge>& edges) {
  std::uint64_t sum = 0;
  for (const ReplayEdge& edge : edges) sum += edge.count;
  return sum;
}

std::string verdict(const RolloutPlan& plan) {
  if (plan.whole.compared + plan.whole.requests.compared == 0) return "undecided: no recorded connection could be compared";
  const auto safe = std::count_if(plan.namespaces.begin(), plan.namespaces.end(), [](const NamespaceRollout& one) { return one.drops == 0; });
  if (plan.namespaces.empty()) return "no policy selects a pod: there is nothing to roll out";
  if (static_cast<std::size_t>(safe) == plan.namespaces.size())
    return fmt::format("no predicted drop: {} can be enforced together", counted(plan.namespaces.size(), "namespace"));
  return fmt::format("{} of {} without a predicted drop; the rest, fewest drops first, after their fixes", safe, counted(plan.namespaces.size(), "namespace"));
}

/// The places of the rules that deny, by what they drop.
std::vector<std::pair<std::string, std::uint64_t>> places(const NamespaceRollout& space) {
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (const ReplayEdge& edge : space.edges) {
    const std::string place = place_text(edge);
    const auto same = std::find_if(out.begin(), out.end(), [&](const auto& one) { return one.first == place; });
    if (same == out.end())
      out.emplace_back(place, edge.count);
    else
      same->second += edge.count;
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return out;
}

/// "212 by policies/backend.yaml:14, 3 by ..."
std::string by_rule(const NamespaceRollout& space) {
  std::string text;
  for (const auto& [place, count] : places(space)) text += fmt::format("{}{} by {}", text.empty() ? "" : ", ", count, printable(place));
  return text;
}

/// What to do, and what it drops; three steps.
struct Step {
  std::string_view name;
  std::string action, effect;
};

std::vector<Step> steps(const NamespaceRollout& space) {
  std::string seen = counted(space.same + space.drops, "recorded connection") + " compared";
  if (space.unknown != 0) seen += fmt::format(", {} not comparable", space.unknown);
  if (!space.pods_unseen.empty())
    seen += fmt::format("; no evidence yet for {}{}", printable(space.pods_unseen[0]), space.pods_unseen.size() == 1 ? "" : fmt::format(" and {} more", space.pods_unseen.size() - 1));
  const std::string label = "label namespace " + printable(space.name) + " weir.dev/enforcement=";
  return {{"observe", "record on, nothing enforced", "drops 0; " + seen},
          {"audit", label + "audit", space.drops == 0 ? "drops 0; reports nothing of what was recorded" : fmt::format("drops 0; reports {}", by_rule(space))},
          {"enforce", label + "enforce", space.drops == 0 ? "drops 0 of what was recorded" : fmt::format("drops {}", by_rule(space))}};
}

std::string edge_line(const ReplayEdge& edge) {
  return fmt::format("{} from {} to {} {}", counted(edge.count, edge.l7.empty() ? "connection" : "request"), printable(edge.source), printable(edge.destination), printable(what_text(edge)));
}

std::size_t shown_of(const NamespaceRollout& space, const ReplayView& view) { return view.all ? space.edges.size() : std::min(space.edges.size(), kEdges); }

std::string space_text(const NamespaceRollout& space, const ReplayView& view) {
  std::string text = fmt::format("\n{}. {}: {}\n", space.wave, printable(space.name), space.drops == 0 ? "no predicted drop" : "would drop " + counted(space.drops, "recorded connection"));
  std::vector<std::vector<std::string>> rows;
  for (const Step& step : steps(space)) rows.push_back({" " + std::string(step.name), step.action, step.effect});
  text += columns(rows);
  const std::size_t shown = shown_of(space, view);
  for (std::size_t i = 0; i < shown; ++i) {
    text += "     " + edge_line(space.edges[i]) + "\n";
    if (!space.edges[i].fix.empty()) text += "       fix: " + printable(space.edges[i].fix) + "\n";
  }
  if (shown != space.edges.size()) text += fmt::format("     ... and {} (--all lists every one)\n", counted(space.edges.size() - shown, "more path"));
  return text;
}

ordered_json edge_json(const ReplayEdge& edge) {
  ordered_json json = {{"src", edge.source}, {"dst", edge.destination}, {"direction", ir::to_text(edge.direction)}, {"protocol", ir::to_text(edge.protocol)}};
  json[has_port(edge) ? "port" : "icmpType"] = edge.port;
  if (!edge.l7.empty()) json["request"] = edge.l7;
  json["count"] = edge.count;
  if (!edge.decided_by.empty()) json["decidedBy"] = rules_json(edge.decided_by);
  if (!edge.fix.empty()) json["fix"] = edge.fix;
  if (!edge.example.empty()) json["example"] = edge.example;
  return json;
}

ordered_json edges_json(const std::vector<ReplayEdge>& edges) {
  auto list = ordered_json::array();
  for (const ReplayEdge& edge : edges) list.push_back(edge_json(edge));
  return list;
}

ordered_json space_json(const NamespaceRollout& space) {
  ordered_json json = {{"namespace", space.name}, {"wave", space.wave}, {"drops", space.drops}, {"same", space.same}, {"unknown", space.unknown}};
  if (!space.pods_unseen.empty()) json["podsUnseen"] = space.pods_unseen;
  json["steps"] = {ordered_json{{"step", "observe"}, {"drops", 0}}, ordered_json{{"step", "audit"}, {"label", "weir.dev/enforcement=audit"}, {"drops", 0}, {"reports", space.drops}},
                   ordered_json{{"step", "enforce"}, {"label", "weir.dev/enforcement=enforce"}, {"drops", space.drops}}};
  json["connections"] = edges_json(space.edges);
  return json;
}

std::string space_markdown(const NamespaceRollout& space, const ReplayView& view) {
  std::string text = fmt::format("\n### {}. {}: {}\n\n| step | do | effect |\n| --- | --- | --- |\n", space.wave, markdown_cell(space.name),
                                 space.drops == 0 ? "no predicted drop" : "would drop " + counted(space.drops, "recorded connection"));
  for (const Step& step : steps(space)) text += fmt::format("| {} | {} | {} |\n", step.name, markdown_cell(step.action), markdown_cell(step.effect));
  const std::size_t shown = shown_of(space, view);
  if (shown != 0) text += "\n";
  for (std::size_t i = 0; i < shown; ++i) {
    text += "- " + markdown_cell(edge_line(space.edges[i])) + "\n";
    if (!space.edges[i].fix.empty()) text += "  - fix: " + markdown_cell(space.edges[i].fix) + "\n";
  }
  if (shown != space.edges.size()) text += fmt::format("- ... and {} more\n", space.edges.size() - shown);
  return text;
}

std::string not_staged(const RolloutPlan& plan) {
  return plan.audit_drops.empty() ? "" : fmt::format("{} would be dropped even with every namespace in audit: no label stages that", counted(sum_of(plan.audit_drops), "recorded connection"));
}

}  // namespace

std::string rollout_text(const RolloutPlan& plan, const ReplayView& view) {
  std::string text = verdict(plan) + "\n";
  for (const std::string& damage : plan.whole.damaged) text += "not the whole recording: " + printable(damage) + "\n";
  if (const std::string always = not_staged(plan); !always.empty()) text += always + "\n";
  for (const NamespaceRollout& space : plan.namespaces) text += space_text(space, view);
  text += "\n";
  for (const std::string& line : evidence_lines(plan.whole, view)) text += line + "\n";
  return text;
}

std::string rollout_json(const RolloutPlan& plan, const ReplayView& view) {
  ordered_json json = head_json("RolloutPlan");
  json["namespaces"] = ordered_json::array();
  for (const NamespaceRollout& space : plan.namespaces) json["namespaces"].push_back(space_json(space));
  if (!plan.audit_drops.empty()) json["notStaged"] = edges_json(plan.audit_drops);
  // The evidence and its limits, with everything enforced.
  json["report"] = ordered_json::parse(replay_json(plan.whole, view));
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string rollout_markdown(const RolloutPlan& plan, const ReplayView& view) {
  std::string text = "**" + markdown_cell(verdict(plan)) + "**\n";
  for (const std::string& damage : plan.whole.damaged) text += "\n> not the whole recording: " + markdown_cell(damage) + "\n";
  if (const std::string always = not_staged(plan); !always.empty()) text += "\n> " + always + "\n";
  for (const NamespaceRollout& space : plan.namespaces) text += space_markdown(space, view);
  text += "\n<details><summary>How far to trust this</summary>\n\n";
  for (const std::string& line : evidence_lines(plan.whole, view)) text += (line.starts_with("  ") ? "  - " : "- ") + markdown_cell(line.substr(line.find_first_not_of(' '))) + "\n";
  return text + "\n</details>\n";
}

const std::vector<std::string_view>& rollout_formats() {
  static const std::vector<std::string_view> formats = {"text", "json", "markdown"};
  return formats;
}

std::optional<std::string> rollout_output(const RolloutPlan& plan, const std::string& format, const ReplayView& view) {
  if (format == "text") return rollout_text(plan, view);
  if (format == "json") return rollout_json(plan, view);
  if (format == "markdown") return rollout_markdown(plan, view);
  return std::nullopt;
}

int rollout_exit(const RolloutPlan& plan, const ReplayLimits& limits) {
  const int whole = replay_exit(plan.whole, limits);
  if (whole == 3) return 3;
  // What is audited today is no new denial to the report, and a drop to a rollout.
  const bool drops = std::any_of(plan.namespaces.begin(), plan.namespaces.end(), [](const NamespaceRollout& one) { return one.drops != 0; });
  return drops || !plan.audit_drops.empty() ? 1 : whole;
}

}  // namespace weir::cli
