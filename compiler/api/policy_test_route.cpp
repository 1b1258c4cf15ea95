// spec.routes of a PolicyTest: a request and what must become of it.
#include <charconv>
#include <cmath>

#include "compiler/api/policy_test_parts.h"
#include "compiler/api/gateway_tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kRouteFields[] = {{"expect"}, {"from"}, {"gateway"}, {"listener"}, {"name"}, {"request"}};
constexpr FieldTable kRoute{"RouteCheck", kRouteFields};

constexpr Field kRequestFields[] = {{"headers"}, {"host"}, {"method"}, {"path"}, {"port"}, {"query"}, {"scheme"}, {"sni"}};
constexpr FieldTable kRequest{"RouteRequest", kRequestFields};

constexpr Field kExpectFields[] = {{"backend"}, {"grpcStatus"}, {"mirrors"}, {"policy"}, {"redirect"}, {"rejected"}, {"request"},
                                   {"responseHeaders"}, {"shares"}, {"status"}, {"statuses"}};
constexpr FieldTable kExpect{"RouteExpectation", kExpectFields};

constexpr Field kRedirectFields[] = {{"host"}, {"path"}, {"port"}, {"scheme"}, {"status"}};
constexpr FieldTable kRedirect{"ExpectedRedirect", kRedirectFields};

constexpr Field kSeenFields[] = {{"absent"}, {"headers"}, {"host"}, {"path"}};
constexpr FieldTable kSeen{"ExpectedRequest", kSeenFields};

constexpr Field kAnswerFields[] = {{"add"}, {"remove"}, {"set"}};
constexpr FieldTable kAnswer{"ExpectedHeaders", kAnswerFields};

std::string text_of(const FieldReader& reader, std::string_view field, std::string_view otherwise = {}) {
  const auto text = reader.string(field);
  return text ? text->value : std::string(otherwise);
}

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

void bad_number(const FieldReader& reader, ir::Span span, std::string_view what, std::string_view text) {
  reader.report(ir::Code::InvalidValue, span, show(text) + " is no " + std::string(what));
}

std::optional<double> share_of(const FieldReader& reader, const TestSetting& entry) {
  const auto share = number<double>(entry.value);
  if (share && *share >= 0 && *share <= 1) return share;
  bad_number(reader, entry.origin, "share between 0 and 1", entry.value);
  return std::nullopt;
}

std::optional<std::uint32_t> status_of(const FieldReader& reader, ir::Span span, std::string_view text) {
  const auto status = number<std::uint32_t>(text);
  if (status && *status >= 100 && *status <= 599) return status;
  bad_number(reader, span, "HTTP status", text);
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> pairs(const FieldReader& reader, std::string_view field) {
  std::vector<std::pair<std::string, std::string>> out;
  const Node* node = reader.get(field);
  if (node == nullptr) return out;
  for (auto& entry : read_scalars(*node, "`" + std::string(field) + "`", reader.diagnostics()))
    out.emplace_back(entry.key, entry.value);
  return out;
}

TestRequest read_request(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRequest, diagnostics);
  TestRequest out;
  if (const auto scheme = reader.one_of("scheme", {"http", "https", "grpc", "tls", "tcp", "udp"})) out.scheme = scheme->value;
  out.host = text_of(reader, "host");
  out.method = text_of(reader, "method", out.scheme == "grpc" ? "POST" : "GET");
  out.path = text_of(reader, "path", "/");
  if (const auto sni = reader.string("sni")) out.sni = sni->value;
  if (const auto port = reader.integer("port", 1, 65535)) out.port = static_cast<std::uint16_t>(port->value);
  out.headers = pairs(reader, "headers");
  out.query = pairs(reader, "query");
  return out;
}

/// One value, or a list of them.
std::vector<const Node*> values_of(const FieldReader& reader, std::string_view field) {
  const Node* node = reader.get(field);
  std::vector<const Node*> values;
  if (node == nullptr) return values;
  if (node->kind != NodeKind::Sequence) return {node};
  for (const Node& item : node->items) values.push_back(&item);
  return values;
}

std::vector<std::string> texts(const FieldReader& reader, std::string_view field) {
  std::vector<std::string> out;
  for (const Node* value : values_of(reader, field)) {
    if (value->kind == NodeKind::Mapping || value->kind == NodeKind::Sequence)
      reader.report(ir::Code::InvalidValue, value->span, "`" + std::string(field) + "` wants text");
    else
      out.push_back(value->text);
  }
  return out;
}

/// Acceptable statuses.
void read_status(const FieldReader& reader, RouteExpectation& out) {
  for (const Node* value : values_of(reader, "status"))
    if (const auto status = status_of(reader, value->span, value->text)) out.status.push_back(*status);
  for (const Node* value : values_of(reader, "grpcStatus")) {
    const auto status = number<std::uint32_t>(value->text);
    if (status && *status <= 16) out.grpc_status.push_back(*status);
    else bad_number(reader, value->span, "gRPC status, which is 0 to 16", value->text);
  }
}

ExpectedRedirect read_redirect(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRedirect, diagnostics);
  ExpectedRedirect out;
  if (const auto status = reader.integer("status", 300, 399)) out.status = static_cast<std::uint32_t>(status->value);
  if (const auto port = reader.integer("port", 1, 65535)) out.port = static_cast<std::uint16_t>(port->value);
  if (const auto scheme = reader.one_of("scheme", {"http", "https"})) out.scheme = scheme->value;
  if (const auto host = reader.string("host")) out.host = host->value;
  if (const auto path = reader.string("path")) out.path = path->value;
  return out;
}

ExpectedRequest read_seen(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kSeen, diagnostics);
  ExpectedRequest out;
  if (const auto host = reader.string("host")) out.host = host->value;
  if (const auto path = reader.string("path")) out.path = path->value;
  out.headers = pairs(reader, "headers");
  out.absent = texts(reader, "absent");
  return out;
}

ExpectedHeaders read_answer(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kAnswer, diagnostics);
  return {pairs(reader, "set"), pairs(reader, "add"), texts(reader, "remove")};
}

RouteExpectation read_expect(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kExpect, diagnostics);
  RouteExpectation out;
  if (const auto backend = reader.string("backend")) out.backend = backend->value;
  read_status(reader, out);
  if (const auto rejected = reader.boolean("rejected")) out.rejected = rejected->value;
  if (const auto policy = reader.one_of("policy", {"allowed", "denied"})) out.policy = policy->value;
  if (const Node* redirect = reader.get("redirect")) out.redirect = read_redirect(*redirect, diagnostics);
  if (const Node* seen = reader.get("request")) out.request = read_seen(*seen, diagnostics);
  if (const Node* answer = reader.get("responseHeaders")) out.response_headers = read_answer(*answer, diagnostics);
  if (reader.get("mirrors") != nullptr) out.mirrors = texts(reader, "mirrors");
  if (const Node* shares = reader.get("shares"))
    for (const TestSetting& entry : read_scalars(*shares, "`shares`", diagnostics))
      if (const auto share = share_of(reader, entry)) out.shares.emplace_back(entry.key, *share);
  if (const Node* statuses = reader.get("statuses"))
    for (const TestSetting& entry : read_scalars(*statuses, "`statuses`", diagnostics))
      if (const auto status = status_of(reader, entry.origin, entry.key))
        if (const auto share = share_of(reader, entry)) out.statuses.emplace_back(*status, *share);
  if (node.kind == NodeKind::Mapping && node.entries.empty())
    reader.report(ir::Code::MissingField, reader.span(), "`expect` names nothing that must hold");
  return out;
}

void read_gateway_name(const FieldReader& reader, RouteCheck& out) {
  if (!reader.require("gateway")) return;
  const std::string name = text_of(reader, "gateway");
  const std::size_t slash = name.find('/');
  out.gateway_namespace = slash == std::string::npos ? "default" : name.substr(0, slash);
  out.gateway = slash == std::string::npos ? name : name.substr(slash + 1);
}

}  // namespace

RouteCheck read_route_check(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRoute, diagnostics);
  RouteCheck out;
  out.origin = node.span;
  out.name = text_of(reader, "name");
  read_gateway_name(reader, out);
  if (const auto listener = reader.string("listener")) out.listener = listener->value;
  if (reader.require("request")) out.request = read_request(*reader.get("request"), diagnostics);
  if (const Node* from = reader.get("from")) out.from = read_party(*from, diagnostics);
  if (reader.require("expect")) out.expect = read_expect(*reader.get("expect"), diagnostics);
  return out;
}

std::vector<const FieldTable*> route_check_tables() {
  return {&kRoute, &kRequest, &kExpect, &kRedirect, &kSeen, &kAnswer};
}

}  // namespace weir::compiler
