#include "cli/report/connectivity_report.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "cli/report/display.h"
#include "cli/report/escape.h"
#include "cli/report/page.h"
#include "cli/report/rule_json.h"

namespace weir::cli {
namespace {

using compiler::Connection;
using compiler::Connectivity;
using nlohmann::ordered_json;

/// What stands in one list for each set of ports, made once.
template <class Value, class Make>
class PerPorts {
 public:
  explicit PerPorts(Make make) : make_(std::move(make)) {}
  const Value& of(const Connectivity& all, compiler::PortsId id) {
    const auto known = values_.find(id);
    return known != values_.end() ? known->second : values_.emplace(id, make_(all.ports.at(id).ports)).first->second;
  }

 private:
  Make make_;
  std::map<compiler::PortsId, Value> values_;
};

/// "TCP 80 [http]"
std::string conn_text(const std::string& ports, const std::optional<compiler::RequestCheck>& check) {
  return check ? ports + " [" + std::string(to_text(*check)) + "]" : ports;
}

/// "TCP 8080 [http] through gateway shop/web listener http port 80"
std::string through_text(const compiler::GatewayConnection& c) {
  return conn_text(ports_text(ir::ports_of(std::vector{c.port})), c.check) + " through gateway " + c.gateway + " listener " + c.listener + " port " +
         std::to_string(c.listener_port);
}

/// Calls `line(source, destination, conn)` for each connection.
template <class Line>
void for_each_line(const Connectivity& all, Line line) {
  PerPorts<std::string, decltype(&ports_text)> texts(&ports_text);
  for (const Connection& c : all.connections)
    line(all.end(c.source).text, all.end(c.destination).text, conn_text(texts.of(all, c.ports), c.check));
  for (const compiler::GatewayConnection& c : all.through) line(c.source, c.destination, through_text(c));
}

std::string exposure_text(const Connectivity& all) {
  std::string text;
  for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress}) {
    const bool ingress = direction == ir::Direction::Ingress;
    text += ingress ? "\nExposed to what does not exist yet, ingress:\n" : "\nExposed to what does not exist yet, egress:\n";
    for (const compiler::Exposure& e : all.exposures) {
      if (e.direction != direction) continue;
      const std::string workload = printable(all.end(e.workload).text), peer = printable(e.peer);
      text += (ingress ? peer + " => " + workload : workload + " => " + peer) + " : " +
              conn_text(ports_text(all.ports.at(e.ports).ports), e.check) + "\n";
    }
  }
  return text;
}

bool has_ports(std::uint32_t protocol) {
  const auto is = [&](ir::Protocol p) { return protocol == static_cast<std::uint32_t>(p); };
  return is(ir::Protocol::Tcp) || is(ir::Protocol::Udp) || is(ir::Protocol::Sctp);
}

bool has_types(std::uint32_t protocol) {
  return protocol == static_cast<std::uint32_t>(ir::Protocol::Icmp) || protocol == static_cast<std::uint32_t>(ir::Protocol::Icmpv6);
}

void add_entries(const ir::PortSet& part, std::uint32_t protocol, std::vector<PortsEntry>& into) {
  const std::uint32_t greatest = has_types(protocol) ? 255 : 65535;
  for (const auto& interval : part.intervals) {
    const auto first = static_cast<std::uint16_t>(interval.first & 0xffff);
    const auto last = static_cast<std::uint16_t>(std::min(interval.last & 0xffff, greatest));
    into.push_back({ir::to_text(static_cast<ir::Protocol>(protocol)), ir::PortRange{first, last}});
  }
}

}  // namespace

std::vector<PortsEntry> port_entries(const ir::PortSet& ports) {
  std::vector<PortsEntry> entries, others;
  std::size_t named = 0;
  for (std::uint32_t protocol = 0; protocol < 256; ++protocol) {
    const bool numbered = has_ports(protocol) || has_types(protocol);
    named += numbered;
    const ir::PortSet part = ports.intersect(ir::PortSet::of(protocol << 16, protocol << 16 | 0xffff));
    if (part.empty()) continue;
    if (numbered) add_entries(part, protocol, entries);
    else others.push_back({ir::to_text(static_cast<ir::Protocol>(protocol)), {}});
  }
  if (others.size() == 256 - named) others.assign(1, {"other", {}});
  entries.insert(entries.end(), others.begin(), others.end());
  std::sort(entries.begin(), entries.end());
  return entries;
}

ordered_json ports_json(const ir::PortSet& ports) {
  auto list = ordered_json::array();
  for (const PortsEntry& entry : port_entries(ports)) {
    ordered_json item;
    item["protocol"] = entry.protocol;
    if (entry.range) item["first"] = entry.range->first, item["last"] = entry.range->last;
    list.push_back(std::move(item));
  }
  return list;
}

std::string ports_text(const ir::PortSet& ports) {
  if (ports == ir::every_port()) return "All Connections";
  std::string text, protocol;
  for (const PortsEntry& entry : port_entries(ports)) {
    text += text.empty() ? "" : ",";
    const bool whole = !entry.range || (entry.range->first == 0 && (entry.range->last == 65535 ||
                       (entry.range->last == 255 && entry.protocol.starts_with("ICMP"))));
    if (entry.protocol != protocol) text += entry.protocol + (whole ? "" : " ");
    protocol = entry.protocol;
    if (whole) continue;
    text += std::to_string(entry.range->first);
    if (entry.range->last != entry.range->first) text += "-" + std::to_string(entry.range->last);
  }
  return text;
}

std::string connectivity_text(const Connectivity& all) {
  std::string text;
  for_each_line(all, [&](const std::string& source, const std::string& destination, const std::string& conn) {
    text += printable(source) + " => " + printable(destination) + " : " + conn + "\n";
  });
  return all.exposures.empty() ? text : text + exposure_text(all);
}

std::string connectivity_json(const Connectivity& all) {
  ordered_json out = head_json("Connectivity");
  PerPorts<ordered_json, decltype(&ports_json)> ports(&ports_json);
  out["connections"] = ordered_json::array();
  for (const Connection& c : all.connections) {
    ordered_json item;
    item["src"] = all.end(c.source).text;
    item["dst"] = all.end(c.destination).text;
    item["ports"] = ports.of(all, c.ports);
    if (c.check) item["l7"] = to_text(*c.check);
    out["connections"].push_back(std::move(item));
  }
  for (const compiler::GatewayConnection& c : all.through) {
    ordered_json item;
    item["src"] = c.source;
    item["dst"] = c.destination;
    item["ports"] = ports_json(ir::ports_of(std::vector{c.port}));
    if (c.check) item["l7"] = to_text(*c.check);
    item["through"]["gateway"] = c.gateway;
    item["through"]["listener"] = c.listener;
    item["through"]["port"] = c.listener_port;
    out["connections"].push_back(std::move(item));
  }
  for (const compiler::Exposure& e : all.exposures) {
    ordered_json item;
    item["workload"] = all.end(e.workload).text;
    item["direction"] = ir::to_text(e.direction);
    item["peer"] = e.peer;
    item["ports"] = ports.of(all, e.ports);
    if (e.check) item["l7"] = to_text(*e.check);
    out["exposure"].push_back(std::move(item));
  }
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string connectivity_csv(const Connectivity& all) {
  std::string text = "src,dst,conn\n";
  for_each_line(all, [&](const std::string& source, const std::string& destination, const std::string& conn) {
    const bool quoted = conn.find(',') != std::string::npos;
    text += csv_cell(source) + "," + csv_cell(destination) + "," + (quoted ? "\"" + conn + "\"" : conn) + "\n";
  });
  return text;
}

std::string connectivity_markdown(const Connectivity& all) {
  std::string text = "| src | dst | conn |\n| --- | --- | --- |\n";
  for_each_line(all, [&](const std::string& source, const std::string& destination, const std::string& conn) {
    text += "| " + markdown_cell(source) + " | " + markdown_cell(destination) + " | " + conn + " |\n";
  });
  return text;
}

std::string connectivity_dot(const Connectivity& all) {
  std::set<std::string> names;
  std::string edges;
  for_each_line(all, [&](const std::string& source, const std::string& destination, const std::string& conn) {
    names.insert({source, destination});
    edges += "  " + dot_string(source) + " -> " + dot_string(destination) + " [label=\"" + conn + "\"];\n";
  });
  std::string text = "digraph connectivity {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const std::string& name : names) text += "  " + dot_string(name) + ";\n";
  return text + edges + "}\n";
}

std::string connectivity_html(const Connectivity& all) {
  std::set<std::string> names;
  std::string rows;
  const auto cells = [&](const std::string& a, const std::string& b, const std::string& c) {
    return "<tr><td>" + html_text(a) + "</td><td>" + html_text(b) + "</td><td>" + html_text(c) + "</td></tr>\n";
  };
  for_each_line(all, [&](const std::string& source, const std::string& destination, const std::string& conn) {
    names.insert({source, destination});
    rows += cells(source, destination, conn);
  });
  const auto table = [](const char* heads, const std::string& body) {
    return "<div class=\"wide\"><table>\n<thead><tr>" + std::string(heads) + "</tr></thead>\n<tbody>\n" + body + "</tbody></table></div>\n";
  };
  std::string text = page_head("weir connectivity") + "<h1>Who can reach whom</h1>\n<p>" + std::to_string(all.connections.size() + all.through.size()) +
                     " connections between " + std::to_string(names.size()) + " ends; all others are denied.</p>\n" +
                     table("<th scope=\"col\">from</th><th scope=\"col\">to</th><th scope=\"col\">ports</th>", rows);
  if (all.exposures.empty()) return text + std::string(kPageEnd);
  std::string exposed;
  for (const compiler::Exposure& e : all.exposures) {
    const bool ingress = e.direction == ir::Direction::Ingress;
    const std::string& workload = all.end(e.workload).text;
    exposed += cells(ingress ? e.peer : workload, ingress ? workload : e.peer, conn_text(ports_text(all.ports.at(e.ports).ports), e.check));
  }
  return text + "<h2>Exposed to what does not exist yet</h2>\n" +
         table("<th scope=\"col\">from</th><th scope=\"col\">to</th><th scope=\"col\">ports</th>", exposed) + std::string(kPageEnd);
}

std::optional<std::string> connectivity_output(const Connectivity& all, const std::string& format) {
  if (format == "text") return connectivity_text(all);
  if (format == "json") return connectivity_json(all);
  if (format == "csv") return connectivity_csv(all);
  if (format == "markdown") return connectivity_markdown(all);
  if (format == "dot") return connectivity_dot(all);
  if (format == "html") return connectivity_html(all);
  return std::nullopt;
}

}  // namespace weir::cli
