// Tested by tests/unit/simulator/replay/routes_test.cpp.

#include "simulator/replay/routes.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <set>

#include "ir/eval/route.h"
#include "ir/route/hostname.h"
#include "simulator/replay/http_text.h"

namespace weir::simulator {
namespace {

void add_query(std::string_view query, ir::Request& request) {
  while (!query.empty()) {
    const std::string_view item = query.substr(0, query.find('&'));
    const std::size_t equals = item.find('=');
    if (!item.empty())
      request.query.emplace_back(item.substr(0, equals), equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
  }
}

/// What content-type tells, as a proxy records it.
bool is_grpc(const ir::HttpRequest& http) {
  return http.method == "POST" && std::any_of(http.headers.begin(), http.headers.end(), [](const auto& header) {
    return ir::lower(header.first) == "content-type" && header.second.starts_with("application/grpc");
  });
}

/// A recorded request as a client sends it to a gateway. The URL tells the scheme, and sometimes the port.
ir::Request request_of(const std::string& text) {
  const ir::HttpRequest http = http_of(text);
  ir::Request request;
  request.method = http.method;
  request.host = http.host;
  request.headers = http.headers;
  request.scheme = text.find("https://") == http.method.size() + 1 ? "https" : "http";
  request.port = request.scheme == "https" ? 443 : 80;
  if (is_grpc(http)) request.scheme = "grpc";
  if (const std::size_t colon = http.host.rfind(':'); colon != std::string::npos && http.host.find(']', colon) == std::string::npos)
    std::from_chars(http.host.data() + colon + 1, http.host.data() + http.host.size(), request.port);
  const std::size_t mark = http.path.find('?');
  request.path = http.path.substr(0, mark);
  if (mark != std::string::npos) add_query(std::string_view(http.path).substr(mark + 1), request);
  return request;
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.4g%%", share * 100);
  return text;
}

/// "shop/reviews-v1:9080 90%, shop/reviews-v2:9080 10%", "404", "redirect 302 https://...". Copies are not part of it: nobody
/// waits for them.
std::string text_of(const ir::RouteDecision& decision) {
  if (decision.redirect) return "redirect " + std::to_string(decision.redirect->status) + " " + decision.redirect->location;
  if (decision.outcome == ir::RouteOutcome::Response && decision.grpc_status)
    return std::to_string(decision.status) + " (gRPC " + std::to_string(*decision.grpc_status) + ")";
  if (decision.outcome == ir::RouteOutcome::Response) return std::to_string(decision.status);
  if (decision.outcome != ir::RouteOutcome::Backends) return std::string(to_text(decision.outcome));
  std::string text;
  for (const ir::BackendShare& share : decision.backends) {
    text += text.empty() ? "" : ", ";
    text += share.backend.namespace_name + "/" + share.backend.service + ":" + std::to_string(share.backend.port) + " " + percent(share.share);
    if (share.status != 0) text += " (" + std::to_string(share.status) + ")";
  }
  return text;
}

/// Ports where HTTP is listened to: those of a recording are often the proxy's own.
std::set<std::uint16_t> http_ports(const ir::RouteTable& table, const std::string& scheme) {
  std::set<std::uint16_t> ports;
  for (const ir::Listener& listener : table.listeners) {
    const bool plain = listener.protocol == ir::ListenerProtocol::Http && scheme != "https";
    const bool tls = listener.protocol == ir::ListenerProtocol::Https && scheme != "http";
    if (plain || tls) ports.insert(listener.port);
  }
  return ports;
}

struct Answers {
  ir::RouteDecision after, before;
};

/// At the first port where a listener of either takes the host: the request's own, then the others.
std::optional<Answers> ask(const ir::RouteTable& after, const ir::RouteTable& before, ir::Request request) {
  std::vector<std::uint16_t> ports = {request.port};
  for (const ir::RouteTable* table : {&after, &before})
    for (const std::uint16_t port : http_ports(*table, request.scheme)) ports.push_back(port);
  for (const std::uint16_t port : ports) {
    request.port = port;
    Answers answers{ir::route(after, request), ir::route(before, request)};
    if (answers.after.listener || answers.before.listener) return answers;
  }
  return std::nullopt;
}

std::vector<ir::RuleRef> route_of(const ir::RouteTable& table, const ir::RouteDecision& decision, const ir::Files& files) {
  if (!decision.choice) return {};
  const ir::Route& route = table.routes[decision.choice->route];
  const ir::Span origin = route.rules[decision.choice->rule].origin;
  ir::RuleRef ref;
  ref.kind = route.kind;
  ref.namespace_name = route.namespace_name;
  ref.name = route.name;
  ref.index = decision.choice->rule;
  if (origin.known() && origin.file.index < files.files.size()) ref.file = files.at(origin.file).name;
  ref.line = origin.line;
  ref.column = origin.column;
  return {ref};
}

bool is_gateway(const Party& party) {
  return std::find(party.labels.begin(), party.labels.end(), "reserved:ingress") != party.labels.end() || (party.labels.empty() && party.identity == 8);
}

}  // namespace

std::vector<RouteChange> route_changes(const Gathered& gathered, const ir::RouteTable& after, const ir::RouteTable& before, const ir::Files& files) {
  std::vector<RouteChange> changes;
  if (after.listeners.empty() || before.listeners.empty() || after == before) return changes;
  std::map<std::uint32_t, RequestCount> texts;  // by the request alone
  for (const auto& [shape, count] : gathered.requests)
    if (!shape.dns && !is_gateway(gathered.interned.parties.at(shape.source))) texts[shape.text].add(count);
  for (const auto& [text, count] : texts) {
    const ir::Request request = request_of(gathered.texts.at({text}));
    const auto answers = ask(after, before, request);
    if (!answers || text_of(answers->after) == text_of(answers->before)) continue;
    changes.push_back({request.method, request.host, request.path, text_of(answers->before), text_of(answers->after), count.requests,
                       uuid_text(count.example), route_of(after, answers->after, files)});
  }
  std::sort(changes.begin(), changes.end());
  return changes;
}

}  // namespace weir::simulator
