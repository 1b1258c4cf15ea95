// One page that needs nobody else: no script, no font, no picture, and a policy that would refuse them. Colour is never the
// only sign of a change.

#include <fmt/format.h>

#include "cli/report/display.h"
#include "cli/report/escape.h"
#include "cli/report/page.h"
#include "cli/report/replay_parts.h"
#include "simulator/flows/times.h"

namespace weir::cli {
namespace {

using simulator::Change;
using simulator::ReplayEdge;
using simulator::ReplayReport;

std::string_view class_of(Change change) {
  switch (change) {
    case Change::NewlyDenied: return "denied";
    case Change::NewlyAllowed: return "allowed";
    case Change::Unknown:
    case Change::Unexplained: return "odd";
    case Change::Same: return "dim";
  }
  return {};
}

std::string code(const std::string& text) { return text.empty() ? "" : "<code>" + html_text(text) + "</code>"; }

std::string number(std::string_view name, std::uint64_t value) { return fmt::format("<li><b>{}</b>{}</li>\n", value, name); }

std::string numbers(const ReplayReport& report) {
  std::string text = "<ul class=\"numbers\">\n" + number("newly denied", report.newly_denied) + number("newly allowed", report.newly_allowed) +
                     number("the same", report.same) + number("compared", report.compared) + number("unknown", report.unknown);
  if (report.has_base) text += number("unexplained", report.unexplained);
  const simulator::ReplayRequests& requests = report.requests;
  if (requests.compared + requests.unknown != 0) text += number("requests newly denied", requests.newly_denied) + number("requests compared", requests.compared);
  return text + number("flows read", report.flows.read) + number("events lost", report.flows.lost_events) + "</ul>\n";
}

std::string times(const ReplayEdge& edge) {
  if (!edge.first) return {};
  return simulator::time_text(*edge.first) + "<br>" + simulator::time_text(*edge.last);
}

std::string row(const ReplayEdge& edge) {
  std::string why = code(why_text(edge));
  if (!edge.fix.empty()) why += "<br>fix: " + code(edge.fix);
  if (!edge.example.empty()) why += "<br><span class=\"dim\">flow " + html_text(edge.example) + "</span>";
  return fmt::format("<tr><td class=\"{}\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td>"
                     "<td>{} &rarr; {}</td><td>{}</td><td class=\"dim\">{}</td></tr>\n",
                     class_of(edge.change), to_text(edge.change), html_text(edge.source), html_text(edge.destination), html_text(what_text(edge)),
                     ir::to_text(edge.direction), edge.count, edge.flows, edge.recorded.empty() ? "-" : html_text(edge.recorded),
                     html_text(edge.predicted), why, times(edge));
}

std::string edges(const ReplayReport& report, bool all) {
  const std::vector<const ReplayEdge*> listed = listed_edges(report, all);
  if (listed.empty()) return "<p>No recorded connection changes.</p>\n";
  std::string text = "<div class=\"wide\"><table>\n<caption class=\"dim\">Recorded connections by what becomes of them</caption>\n<thead><tr><th scope=\"col\">change</th>"
                     "<th scope=\"col\">from</th><th scope=\"col\">to</th><th scope=\"col\">port</th><th scope=\"col\">side</th><th scope=\"col\">connections</th>"
                     "<th scope=\"col\">flows</th><th scope=\"col\">recorded &rarr; predicted</th><th scope=\"col\">decided by</th><th scope=\"col\">first, last</th></tr></thead>\n<tbody>\n";
  for (const ReplayEdge* edge : listed) text += row(*edge);
  return text + "</tbody></table></div>\n";
}

std::string routes(const ReplayReport& report) {
  if (report.routes.empty()) return {};
  std::string text = "<h2>Routes that answer differently</h2>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">request</th><th scope=\"col\">before</th>"
                     "<th scope=\"col\">after</th><th scope=\"col\">requests</th></tr></thead>\n<tbody>\n";
  for (const simulator::RouteChange& route : report.routes)
    text += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{}</td></tr>\n", code(route.method + " " + route.host + route.path),
                        html_text(route.before), html_text(route.after), route.count);
  return text + "</tbody></table></div>\n";
}

std::string trust(const ReplayReport& report, const ReplayView& view) {
  std::string text = "<h2>How far to trust this</h2>\n<ul class=\"trust\">\n";
  for (const std::string& line : evidence_lines(report, view))
    text += fmt::format("<li{}>{}</li>\n", line.starts_with("  ") ? " class=\"sub\"" : "", html_text(line));
  return text + "</ul>\n";
}

}  // namespace

std::string replay_html(const ReplayReport& report, const ReplayView& view) {
  std::string text = page_head("weir replay") + "<h1>" + html_text(replay_verdict(report)) + "</h1>\n";
  for (const std::string& damage : report.damaged) text += "<p class=\"denied\">not the whole recording: " + html_text(damage) + "</p>\n";
  return text + numbers(report) + edges(report, view.all) + routes(report) + trust(report, view) + std::string(kPageEnd);
}

}  // namespace weir::cli
