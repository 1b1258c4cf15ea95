#include "compiler/api/gateway_rule.h"

#include <set>

#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_rules.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/names.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kTimeoutFields[] = {{"backendRequest"}, {"request"}};
constexpr FieldTable kTimeouts{"HTTPRouteTimeouts", kTimeoutFields};
constexpr Field kRetryFields[] = {{"attempts"}, {"backoff"}, {"codes"}};
constexpr FieldTable kRetry{"HTTPRouteRetry", kRetryFields};
constexpr Field kSessionFields[] = {{"absoluteTimeout"}, {"cookieConfig"}, {"idleTimeout"}, {"sessionName"}, {"type"}};
constexpr FieldTable kSession{"SessionPersistence", kSessionFields};
constexpr Field kCookieFields[] = {{"lifetimeType"}, {"path"}};
constexpr FieldTable kCookie{"CookieConfig", kCookieFields};

void read_code(const Node& node, ir::Diagnostics& diagnostics) {
  const auto code = as_integer(node, "an element of `codes`", diagnostics);
  if (code && (code->value < 400 || code->value > 599))
    diagnostics.report({.kind = ir::Code::InvalidValue, .primary = node.span, .detail = "a code to retry at is 400 to 599",
                        .labels = {}, .notes = {}, .fix = {}, .witness = {}});
}

void read_cookie(const FieldReader& session, bool header) {
  const Node* node = session.get("cookieConfig");
  if (node == nullptr) return;
  if (header) session.report(ir::Code::ExclusiveFields, node->span, "`cookieConfig` is for the type `Cookie`");
  const FieldReader cookie(*node, kCookie, session.diagnostics());
  static_cast<void>(cookie.string("path"));
  const auto lifetime = cookie.one_of("lifetimeType", {"Permanent", "Session"});
  if (lifetime && lifetime->value == "Permanent" && !session.has("absoluteTimeout"))
    session.report(ir::Code::MissingField, session.span(), "a permanent cookie needs `absoluteTimeout`");
}

}  // namespace

RouteRuleObject default_rule(ir::Span origin) {
  RouteRuleObject rule;
  rule.matches = {{.match = {}, .origin = origin}};
  rule.origin = origin;
  return rule;
}

void read_rule_name(const FieldReader& rule, RouteRuleObject& out) {
  out.name = text_of(rule, "name");
  if (rule.has("name") && !is_dns_subdomain(out.name))
    rule.report(ir::Code::InvalidValue, rule.span("name"), show(out.name) + " cannot be the name of a rule");
}

void check_rules(const FieldReader& spec, const std::vector<RouteRuleObject>& rules) {
  check_count(spec, "rules", rules.size(), 16);
  std::size_t matches = 0;
  std::set<std::string> names;
  for (const RouteRuleObject& rule : rules) {
    matches += rule.matches.size();
    if (!rule.name.empty() && !names.insert(rule.name).second)
      spec.report(ir::Code::InvalidValue, rule.origin, "two rules are called " + show(rule.name));
  }
  if (matches > 128)
    spec.report(ir::Code::InvalidValue, spec.span("rules"), "at most 128 matches are accepted in one route");
}

void read_hostnames(const FieldReader& spec, std::size_t most, RouteObject& out) {
  out.hostnames = spec.strings("hostnames").value_or(std::vector<Located<std::string>>{});
  check_count(spec, "hostnames", out.hostnames.size(), most);
  for (const auto& hostname : out.hostnames)
    if (!is_gateway_hostname(hostname.value))
      spec.report(ir::Code::InvalidValue, hostname.span, show(hostname.value) + " is no host name of a route",
                  "write a lower case name, with `*.` in front of it for every name below");
}

void read_timeouts(const Node& node, RouteRuleObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kTimeouts, diagnostics);
  out.request_timeout = duration_of(reader, "request");
  out.backend_timeout = duration_of(reader, "backendRequest");
  if (out.request_timeout.value_or(0) > 0 && out.backend_timeout.value_or(0) > *out.request_timeout)
    reader.report(ir::Code::InvalidValue, reader.span("backendRequest"), "`backendRequest` is longer than `request`");
}

void read_retry(const FieldReader& rule) {
  const Node* node = rule.get("retry");
  if (node == nullptr) return;
  const FieldReader reader(*node, kRetry, rule.diagnostics());
  static_cast<void>(reader.integer("attempts", 0, 2147483647));
  static_cast<void>(duration_of(reader, "backoff"));
  static_cast<void>(reader.list<bool>("codes", [&](const Node& item) { return read_code(item, rule.diagnostics()), true; }));
  not_simulated(rule, "retry", "a request is answered from its first try");
}

void read_session(const FieldReader& rule) {
  const Node* node = rule.get("sessionPersistence");
  if (node == nullptr) return;
  const FieldReader reader(*node, kSession, rule.diagnostics());
  const auto name = reader.string("sessionName");
  if (name && name->value.size() > 128)
    reader.report(ir::Code::InvalidValue, name->span, "`sessionName` is longer than 128 characters");
  for (const std::string_view field : {"absoluteTimeout", "idleTimeout"}) static_cast<void>(duration_of(reader, field));
  const auto type = reader.one_of("type", {"Cookie", "Header"});
  read_cookie(reader, type && type->value == "Header");
  not_simulated(rule, "sessionPersistence", "a request of a known session goes to the backend of that session, whatever the weights");
}

std::vector<const FieldTable*> rule_tables() { return {&kTimeouts, &kRetry, &kSession, &kCookie}; }

}  // namespace weir::compiler
