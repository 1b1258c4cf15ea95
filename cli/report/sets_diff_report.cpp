#include "cli/report/sets_diff_report.h"

#include <nlohmann/json.hpp>

#include "cli/report/connectivity_report.h"
#include "cli/report/display.h"
#include "cli/report/escape.h"
#include "cli/report/page.h"
#include "cli/report/rule_json.h"
#include "cli/report/sets_diff_rows.h"
#include "cli/report/sets_diff_routes.h"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

std::string dump(const ordered_json& json) { return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n"; }

ordered_json admitted_json(const compiler::AdmittedPorts& admitted) {
  ordered_json out = ports_json(admitted.unchecked());
  for (const compiler::RequestCheck check : compiler::kRequestChecks)
    for (ordered_json& entry : ports_json(admitted.checked[static_cast<std::size_t>(check)])) {
      entry["l7"] = to_text(check);
      out.push_back(std::move(entry));
    }
  return out;
}

ordered_json request_json(const ir::L7Request& request) {
  ordered_json out = ordered_json::object();
  if (request.sni) out["sni"] = *request.sni;
  if (request.dns) out["dns"] = *request.dns;
  if (!request.http) return out;
  ordered_json headers = ordered_json::object();
  for (const auto& [name, value] : request.http->headers) headers[name] = value;
  out["http"] = {{"method", request.http->method}, {"host", request.http->host}, {"path", request.http->path}, {"headers", std::move(headers)}};
  return out;
}

void add_witness(const DiffRow& row, const ir::Flow& flow, ordered_json& into) {
  into["witness"] = {{"src", flow.source.name}, {"dst", flow.destination.name}, {"protocol", to_text(flow.protocol)}, {"port", flow.port}};
  if (flow.request) into["witness"]["request"] = request_json(*flow.request);
  for (const std::string& note : row.given) into["witness"]["given"].push_back(note);
  into["decidedBy"] = {{"before", rules_json(row.by_before)}, {"after", rules_json(row.by_after)}};
}

void add_today(const compiler::TodayChange& change, const DiffRow& row, ordered_json& out) {
  ordered_json item{{"src", change.source}, {"dst", change.destination}};
  if (row.change == "added") item["ports"] = admitted_json(change.after);
  else if (row.change == "removed") item["ports"] = admitted_json(change.before);
  else item["before"] = admitted_json(change.before), item["after"] = admitted_json(change.after);
  if (!change.only.empty()) item["only"] = change.only;
  if (change.flow) add_witness(row, *change.flow, item);
  out[row.change].push_back(std::move(item));
}

std::string json_of(const SetsDiff& all, const std::vector<DiffRow>& rows) {
  ordered_json out = head_json("Diff");
  // cli.md: an unknown is never counted as good.
  const bool complete = all.diff.complete() && all.routes.unknown.empty();
  out["equal"] = complete && all.diff.equal() && all.routes.found.empty();
  out["complete"] = complete;
  std::size_t at = 0;
  if (all.diff.today) {
    for (const char* list : {"added", "removed", "changed"}) out[list] = ordered_json::array();
    for (const compiler::TodayChange& change : all.diff.today->changes) add_today(change, rows[at++], out);
    out["requests"] = ordered_json::array();
    for (const compiler::TodayRequest& one : all.diff.today->requests) {
      const DiffRow& row = rows[at++];
      ordered_json item{{"src", row.source}, {"dst", row.destination}, {"before", to_text(one.before.verdict)}, {"after", to_text(one.after.verdict)}};
      add_witness(row, one.flow, item);
      out["requests"].push_back(std::move(item));
    }
    if (!all.diff.today->unknown.empty()) out["unknown"] = all.diff.today->unknown;
    if (!all.diff.today->requests_unknown.empty()) out["requestsUnknown"] = all.diff.today->requests_unknown;
  }
  if (all.diff.any) {
    ordered_json any{{"complete", all.diff.any->complete}, {"method", all.diff.any->method}};
    if (!all.diff.any->why.empty()) any["why"] = all.diff.any->why;
    any["differences"] = ordered_json::array();
    for (const compiler::AnyDifference& one : all.diff.any->found) {
      const DiffRow& row = rows[at++];
      ordered_json item{{"src", row.source}, {"dst", row.destination}, {"before", to_text(one.before.verdict)}, {"after", to_text(one.after.verdict)}};
      add_witness(row, one.connection.flow, item);
      any["differences"].push_back(std::move(item));
    }
    any["assumptions"] = all.diff.assumptions;
    out["anyPod"] = std::move(any);
  }
  out["routes"] = ordered_json::array();
  for (const compiler::RequestDifference& line : all.routes.found) out["routes"].push_back(route_json(line));
  if (!all.routes.unknown.empty()) out["routesUnknown"] = all.routes.unknown;
  return dump(out);
}

std::string flow_text(const ir::Flow& flow) { return to_text(flow) + (flow.request ? " (" + to_text(*flow.request) + ")" : ""); }

std::string rules_text(const std::vector<ir::RuleRef>& refs) {
  std::string text;
  for (const ir::RuleRef& ref : refs) text += (text.empty() ? "" : ", ") + printable(to_text(ref));
  return text.empty() ? "no policy" : text;
}

char sign(const DiffRow& row) { return row.change == "added" ? '+' : row.change == "removed" ? '-' : '~'; }

std::string what(const DiffRow& row) {
  if (row.change == "changed") return row.before + " -> " + row.after;
  return row.before.empty() ? row.after : row.before;
}

std::string row_text(const DiffRow& row) {
  std::string text = std::string("  ") + sign(row) + " to " + printable(row.destination) + ": " + printable(what(row)) + "\n";
  for (const std::string& note : row.given) text += "      where " + printable(note) + "\n";
  if (row.witness.empty()) return text;
  text += "      " + printable(row.witness) + "\n";
  return text + "      before: " + rules_text(row.by_before) + "\n      after: " + rules_text(row.by_after) + "\n";
}

/// The rows of one world, below the workload they come from.
std::string world_text(const std::vector<DiffRow>& rows, const char* world) {
  std::string text, source;
  for (const DiffRow& row : rows) {
    if (row.world != world) continue;
    if (row.source != source) text += "from " + printable(row.source) + "\n";
    source = row.source;
    text += row_text(row);
  }
  return text;
}

std::string request_text(const RouteRow& row) {
  return "  ~ " + printable(row.request) + "\n      through gateway " + printable(row.gateway) + "\n      before: " + printable(row.before) +
         "\n      after: " + printable(row.after) + "\n";
}

std::string routes_text(const compiler::RouteDiff& routes) {
  if (routes.asked == 0) return {};
  const std::size_t count = routes.found.size();
  std::string text = "== requests through gateways, by routes: " + (count == 0 ? "none is" : std::to_string(count) + (count == 1 ? " kind is" : " kinds are")) + " answered otherwise";
  text += routes.unknown.empty() ? (count == 0 ? "\n" : ", all others alike\n") : " as far as it is known\n";
  for (const RouteRow& row : route_rows(routes)) text += request_text(row);
  for (const std::string& line : routes.unknown) text += "  unknown: " + printable(line) + "\n";
  return text;
}

std::string text_of(const SetsDiff& all, const std::vector<DiffRow>& rows) {
  std::string text;
  if (all.diff.today) {
    const std::size_t count = all.diff.today->changes.size() + all.diff.today->requests.size();
    text += "== between today's pods: " + (count == 0 ? "no connection changes" : std::to_string(count) + " change" + (count == 1 ? "" : "s")) + "\n" +
            world_text(rows, "today");
    for (const std::string& line : all.diff.today->unconfirmed) text += "  unknown: the evaluator does not confirm " + printable(line) + "\n";
    if (!all.diff.today->unknown.empty()) text += "  unknown: " + printable(all.diff.today->unknown) + "\n";
    if (!all.diff.today->requests_unknown.empty()) text += "  requests: unknown: " + all.diff.today->requests_unknown + "\n";
  }
  if (all.diff.any) {
    text += "== between any pods that may come: " + any_summary(*all.diff.any) + "\n" + world_text(rows, "any");
    for (const std::string& assumption : all.diff.assumptions) text += "  assuming: " + assumption + "\n";
  }
  return text + routes_text(all.routes);
}

std::string csv_of(const SetsDiff& all, const std::vector<DiffRow>& rows) {
  std::string text = "world,change,src,dst,before,after\n";
  const auto add = [&](const std::string& world, const std::string& change, const std::string& src, const std::string& dst, const std::string& before, const std::string& after) {
    text += world + "," + change + "," + csv_cell(src) + "," + csv_cell(dst) + "," + csv_cell(before) + "," + csv_cell(after) + "\n";
  };
  for (const DiffRow& row : rows) add(row.world, row.change, row.source, row.destination, row.before, row.after);
  for (const RouteRow& row : route_rows(all.routes)) add("routes", "changed", row.request, "gateway " + row.gateway, row.before, row.after);
  return text;
}

std::string markdown_line(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + markdown_cell(cell) + " |";
  return text + "\n";
}

std::string markdown_of(const SetsDiff& all, const std::vector<DiffRow>& rows) {
  std::string text = "| world | change | src | dst | before | after | decided by |\n| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const DiffRow& row : rows) text += markdown_line({row.world, row.change, row.source, row.destination, row.before, row.after, rules_text(row.by_after)});
  if (all.diff.any) text += "\nAny pods that may come: " + markdown_cell(any_summary(*all.diff.any)) + "\n";
  const std::vector<RouteRow> routes = route_rows(all.routes);
  if (!routes.empty()) text += "\n| request | gateway | before | after |\n| --- | --- | --- | --- |\n";
  for (const RouteRow& row : routes) text += markdown_line({row.request, row.gateway, row.before, row.after});
  const std::vector<std::string> unknowns = unknowns_of(all);
  if (!unknowns.empty()) text += "\n**Unknown**\n\n";
  for (const std::string& line : unknowns) text += "- " + markdown_cell(line) + "\n";
  return text;
}

std::string edge(const std::string& from, const std::string& to, const std::string& label, const std::string& change) {
  const char* style = change == "added" ? "color=green" : change == "removed" ? "color=red, style=dashed" : "color=orange";
  return "  " + dot_string(from) + " -> " + dot_string(to) + " [label=" + dot_string(change + ": " + label) + ", " + style + "];\n";
}

std::string dot_of(const SetsDiff& all, const std::vector<DiffRow>& rows) {
  std::string text = "digraph diff {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const DiffRow& row : rows) text += edge(row.source, row.destination, what(row), row.change);
  for (const RouteRow& row : route_rows(all.routes))
    text += edge("gateway " + row.gateway, row.before, row.request, "removed") + edge("gateway " + row.gateway, row.after, row.request, "added");
  return text + "}\n";
}

std::string html_cells(const std::vector<std::string>& cells) {
  std::string text;
  for (const std::string& cell : cells) text += "<td>" + html_text(cell) + "</td>";
  return text + "</tr>\n";
}

std::string html_table(const std::vector<const char*>& heads) {
  std::string text = "<div class=\"wide\"><table>\n<thead><tr>";
  for (const char* head : heads) text += "<th scope=\"col\">" + std::string(head) + "</th>";
  return text + "</tr></thead>\n<tbody>\n";
}

constexpr const char* kTableEnd = "</tbody></table></div>\n";

std::string html_of(const SetsDiff& all, const std::vector<DiffRow>& rows) {
  std::string text = page_head("weir diff") + "<h1>What changes</h1>\n";
  if (all.diff.any) text += "<p>Between any pods that may come: " + html_text(any_summary(*all.diff.any)) + ".</p>\n";
  text += html_table({"change", "from", "to", "before", "after", "decided by"});
  for (const DiffRow& row : rows) {
    const char* kind = row.change == "added" ? "allowed" : row.change == "removed" ? "denied" : "odd";
    text += "<tr><td class=\"" + std::string(kind) + "\">" + row.change + "</td>" +
            html_cells({row.source, row.destination, row.before, row.after, rules_text(row.by_after)});
  }
  text += kTableEnd;
  const std::vector<RouteRow> routes = route_rows(all.routes);
  if (!routes.empty()) text += "<h2>Requests through gateways</h2>\n" + html_table({"request", "gateway", "before", "after"});
  for (const RouteRow& row : routes) text += "<tr>" + html_cells({row.request, row.gateway, row.before, row.after});
  if (!routes.empty()) text += kTableEnd;
  const std::vector<std::string> unknowns = unknowns_of(all);
  if (!unknowns.empty()) text += "<h2>Unknown</h2>\n<ul>\n";
  for (const std::string& line : unknowns) text += "<li>" + html_text(line) + "</li>\n";
  return text + (unknowns.empty() ? "" : "</ul>\n") + std::string(kPageEnd);
}

}  // namespace

std::optional<std::string> sets_diff_output(const SetsDiff& all, const std::string& format) {
  const std::vector<DiffRow> rows = rows_of(all);
  if (format == "text") return text_of(all, rows);
  if (format == "json") return json_of(all, rows);
  if (format == "csv") return csv_of(all, rows);
  if (format == "markdown") return markdown_of(all, rows);
  if (format == "dot") return dot_of(all, rows);
  if (format == "html") return html_of(all, rows);
  return std::nullopt;
}

std::vector<std::string> sets_diff_unknowns(const SetsDiff& all, const std::string& format) {
  const bool has_no_place = format == "csv" || format == "dot";
  std::vector<std::string> out = has_no_place ? unknowns_of(all) : std::vector<std::string>{};
  for (std::string& line : out) line = printable(line);
  return out;
}

namespace {

std::string relation_json(compiler::Relation relation, const compiler::WholeRelation& whole, const std::string& yes) {
  const compiler::RelationAnswer& answer = whole.answer;
  ordered_json out = head_json("Relation");
  out["relation"] = to_text(relation);
  out["answer"] = yes;
  if (!answer.source.empty()) out["example"] = {{"world", answer.world}, {"src", answer.source}, {"dst", answer.destination}};
  if (answer.flow) out["example"]["protocol"] = to_text(answer.flow->protocol), out["example"]["port"] = answer.flow->port;
  if (answer.flow && answer.flow->request) out["example"]["request"] = request_json(*answer.flow->request);
  if (whole.request) out["example"] = route_json(*whole.request);
  if (!answer.why.empty()) out["why"] = answer.why;
  out["assumptions"] = answer.assumptions;
  return dump(out);
}

std::string example_text(const compiler::WholeRelation& whole) {
  const compiler::RelationAnswer& answer = whole.answer;
  if (whole.request) {
    const RouteRow row = route_row(*whole.request);
    return "  for example (requests through gateways): " + printable(row.request) + "\n      through gateway " + printable(row.gateway) + "\n      before: " +
           printable(row.before) + "\n      after: " + printable(row.after) + "\n";
  }
  const std::string example = answer.flow ? flow_text(*answer.flow) : answer.source.empty() ? "" : answer.source + " -> " + answer.destination;
  return example.empty() ? "" : "  for example (" + std::string(answer.world == "any" ? "any pods" : "today's pods") + "): " + printable(example) + "\n";
}

}  // namespace

std::optional<std::string> relation_output(compiler::Relation relation, const compiler::WholeRelation& whole, const std::string& format) {
  const compiler::RelationAnswer& answer = whole.answer;
  const std::string yes = answer.status == compiler::ProofStatus::Holds ? "yes" : answer.status == compiler::ProofStatus::Violated ? "no" : "unknown";
  if (format == "json") return relation_json(relation, whole, yes);
  if (format != "text") return std::nullopt;
  std::string text = std::string(to_text(relation)) + ": " + yes + "\n" + example_text(whole);
  if (!answer.why.empty()) text += "  " + printable(answer.why) + "\n";
  for (const std::string& assumption : answer.assumptions) text += "  assuming: " + assumption + "\n";
  return text;
}

}  // namespace weir::cli
