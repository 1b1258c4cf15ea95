// What a port rule asks of requests (policy.md 3.12 and section 5): HTTP, DNS, SNI, TLS contexts, listeners, and the parsers
// that older dialects have.

#include "compiler/api/cilium_l7.h"

#include <algorithm>

#include "compiler/api/cilium_tables.h"
#include "ir/base/code.h"
#include "ir/eval/route.h"

namespace weir::compiler {
namespace {

constexpr Field kL7Fields[] = {{"dns"}, {"http"}, {"kafka", Support::Partly, "its requests are not simulated; removed in Cilium 1.20"},
                               {"l7", Support::Partly, "its requests are not simulated; removed in Cilium 1.20"},
                               {"l7proto", Support::Partly, "its requests are not simulated; removed in Cilium 1.20"}};
constexpr Field kHttpFields[] = {{"headerMatches"}, {"headers"}, {"host"}, {"method"}, {"path"}};
constexpr Field kHeaderFields[] = {{"mismatch"}, {"name"}, {"secret"}, {"value"}};
constexpr Field kSecretFields[] = {{"name"}, {"namespace"}};
constexpr Field kNameFields[] = {{"matchName"}, {"matchPattern"}};
constexpr Field kTlsFields[] = {{"certificate", Support::Irrelevant, "the name of a file in the Secret"},
                                {"privateKey", Support::Irrelevant, "the name of a file in the Secret"}, {"secret"},
                                {"trustedCA", Support::Irrelevant, "the name of a file in the Secret"}};
constexpr Field kListenerFields[] = {{"envoyConfig"}, {"name"}, {"priority"}};
constexpr Field kEnvoyConfigFields[] = {{"kind"}, {"name"}};
constexpr FieldTable kL7Table{"L7Rules", kL7Fields}, kHttpTable{"PortRuleHTTP", kHttpFields}, kHeaderTable{"HeaderMatch", kHeaderFields},
    kSecretTable{"Secret", kSecretFields}, kTlsTable{"TLSContext", kTlsFields}, kListenerTable{"Listener", kListenerFields},
    kEnvoyConfigTable{"EnvoyConfig", kEnvoyConfigFields};

std::string expression(const FieldReader& reader, std::string_view field) {
  const auto text = reader.string(field);
  if (!text) return "";
  if (const std::string error = ir::regex_error(text->value); !error.empty())
    reader.report(ir::Code::InvalidValue, text->span, show(text->value) + " is no regular expression: " + error);
  return text->value;
}

std::optional<ir::SecretName> read_secret(const FieldReader& reader, std::string_view space) {
  const Node* node = reader.get("secret");
  if (node == nullptr) return std::nullopt;
  const FieldReader secret(*node, kSecretTable, reader.diagnostics());
  secret.require("name");
  const auto name = secret.string("name"), namespace_name = secret.string("namespace");
  return ir::SecretName{namespace_name ? namespace_name->value : std::string(space), name ? name->value : ""};
}

ir::HeaderMatch read_header_match(const Node& node, const PortContext& context, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kHeaderTable, diagnostics);
  ir::HeaderMatch out;
  reader.require("name");
  if (const auto name = reader.string("name")) {
    out.name = name->value;
    if (out.name.empty()) reader.report(ir::Code::InvalidValue, name->span, "a header needs a name");
  }
  // policy.md 5.1: an empty value is no value, and then the header must be there.
  if (const auto value = reader.string("value"); value && !value->value.empty()) out.value = value->value;
  out.secret = read_secret(reader, context.namespace_name);
  const auto mismatch = reader.one_of("mismatch", {"LOG", "ADD", "DELETE", "REPLACE"});
  if (mismatch)
    out.mismatch = mismatch->value == "LOG"      ? ir::Mismatch::Log
                   : mismatch->value == "ADD"    ? ir::Mismatch::Add
                   : mismatch->value == "DELETE" ? ir::Mismatch::Delete
                                                 : ir::Mismatch::Replace;
  return out;
}

// policy.md 5.1: "X-A: v" is split at the first space and loses the colon; without a space it asks for presence.
ir::HeaderMatch header_of(const std::string& text) {
  const std::size_t space = text.find(' ');
  ir::HeaderMatch out;
  out.name = text.substr(0, space);
  if (out.name.ends_with(':')) out.name.pop_back();
  if (space != std::string::npos) out.value = text.substr(space + 1);
  return out;
}

ir::HttpMatch read_http(const Node& node, const PortContext& context, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kHttpTable, diagnostics);
  ir::HttpMatch out{expression(reader, "path"), expression(reader, "method"), expression(reader, "host"), {}};
  if (const auto headers = reader.strings("headers"))
    for (const auto& header : *headers) out.headers.push_back(header_of(header.value));
  const auto matches = reader.list<ir::HeaderMatch>(
      "headerMatches", [&](const Node& item) { return read_header_match(item, context, diagnostics); });
  if (matches) out.headers.insert(out.headers.end(), matches->begin(), matches->end());
  return out;
}

// policy.md 5.3
void check_server_name(const FieldReader& reader, const Located<std::string>& name) {
  const std::string& text = name.value;
  const auto legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '*';
  };
  std::string problem;
  if (text.empty()) problem = "an empty server name";
  if (!std::all_of(text.begin(), text.end(), legal)) problem = "a character that no server name has";
  if (text.ends_with('.')) problem = "a dot at the end";
  if (text.find("..") != std::string::npos) problem = "two dots in a row";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t dot = std::min(text.find('.', at), text.size());
    const std::string_view label = std::string_view(text).substr(at, dot - at);
    if (label.find("***") != std::string_view::npos || (label.find("**") != std::string_view::npos && label != "**"))
      problem = "`**` that is not a whole label";
    at = dot + 1;
  }
  if (!problem.empty())
    reader.report(ir::Code::InvalidValue, name.span, show(text) + " is no server name: " + problem);
}

/// The namespaced CiliumEnvoyConfig or the cluster-wide one, and the listener in it.
std::string read_listener(const FieldReader& port_rule, const PortContext& context, ir::L7Rules& out) {
  const Node* node = port_rule.get("listener");
  if (node == nullptr) return "";
  const FieldReader reader(*node, kListenerTable, port_rule.diagnostics());
  if (!context.egress) reader.report(ir::Code::InvalidValue, node->span, "`listener` is for egress only");
  if (const auto priority = reader.integer("priority", 0, 100)) out.listener_priority = static_cast<std::uint8_t>(priority->value);
  reader.require("name");
  const auto name = reader.string("name");
  std::string kind = context.cluster_wide ? "CiliumClusterwideEnvoyConfig" : "CiliumEnvoyConfig", config;
  if (reader.require("envoyConfig")) {
    const FieldReader envoy(*reader.get("envoyConfig"), kEnvoyConfigTable, reader.diagnostics());
    envoy.require("name");
    if (const auto text = envoy.string("name")) config = text->value;
    if (const auto text = envoy.one_of("kind", {"CiliumEnvoyConfig", "CiliumClusterwideEnvoyConfig"})) kind = text->value;
    if (context.cluster_wide && kind == "CiliumEnvoyConfig")
      envoy.report(ir::Code::InvalidValue, envoy.span(), "a cluster-wide policy cannot use a CiliumEnvoyConfig of a namespace",
                   "write `kind: CiliumClusterwideEnvoyConfig`");
  }
  return kind + " " + config + "/" + (name ? name->value : "");
}

bool read_tls(const FieldReader& port_rule, std::string_view field, std::string& name) {
  const Node* node = port_rule.get(field);
  if (node == nullptr) return false;
  const FieldReader reader(*node, kTlsTable, port_rule.diagnostics());
  if (reader.require("secret"))
    if (const auto secret = read_secret(reader, "")) name = secret->first + "/" + secret->second;
  return true;
}

bool in_use(const FieldReader& reader, std::string_view field) {
  const Node* node = reader.get(field);
  return node != nullptr && !(node->kind == NodeKind::Sequence && node->items.empty());
}

void read_rules(const Node& node, const PortContext& context, ir::L7Rules& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kL7Table, diagnostics);
  if (const auto http = reader.list<ir::HttpMatch>("http", [&](const Node& item) { return read_http(item, context, diagnostics); }))
    out.http = *http;
  const auto dns = reader.list<std::vector<Located<ir::NamePattern>>>(
      "dns", [&](const Node& item) { return read_name_patterns(item, kPortRuleDnsTable, diagnostics); });
  if (dns)
    for (const auto& rule : *dns) {
      for (const auto& name : rule) out.dns.push_back(name.value);
      // A rule without a name matches the root alone.
      if (rule.empty()) out.dns.push_back({"", true});
    }
  const auto proto = reader.string("l7proto");
  if (in_use(reader, "kafka")) out.parser = "kafka";
  if (proto && !proto->value.empty()) out.parser = proto->value;
  if (in_use(reader, "l7") && out.parser.empty())
    reader.report(ir::Code::InvalidValue, reader.span("l7"), "`l7` needs `l7proto`");
  const int kinds = !out.http.empty() + !out.dns.empty() + !out.parser.empty();
  if (kinds > 1) reader.report(ir::Code::ExclusiveFields, node.span, "one port rule can hold one kind of request rules", "write two port rules");
  if (!out.dns.empty() && !context.egress) reader.report(ir::Code::InvalidValue, reader.span("dns"), "`dns` rules are for egress only");
  if (context.on_nodes && !out.http.empty())
    reader.report(ir::Code::InvalidValue, reader.span("http"), "rules on nodes can hold `dns` rules only");
}

void check_together(const FieldReader& reader, const ir::L7Rules& l7) {
  const bool rules = !l7.http.empty() || !l7.dns.empty() || !l7.parser.empty();
  if (rules && !l7.listener.empty())
    reader.report(ir::Code::ExclusiveFields, reader.span("listener"), "`listener` excludes rules about requests");
  if (rules && !l7.server_names.empty() && !l7.terminates_tls)
    reader.report(ir::Code::InvalidValue, reader.span("serverNames"),
                  "`serverNames` beside rules about requests needs `terminatingTLS`: nobody else can read what TLS hides");
}

}  // namespace

const FieldTable kFqdnSelectorTable{"FQDNSelector", kNameFields};
const FieldTable kPortRuleDnsTable{"PortRuleDNS", kNameFields};

std::vector<Located<ir::NamePattern>> read_name_patterns(const Node& node, const FieldTable& table, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, table, diagnostics);
  std::vector<Located<ir::NamePattern>> out;
  for (const std::string_view field : {"matchName", "matchPattern"}) {
    const auto text = reader.string(field);
    if (!text || text->value.empty()) continue;
    const bool literal = field == "matchName";
    const auto legal = [&](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || (c == '*' && !literal);
    };
    // policy.md 5.5; the importer trims a pattern.
    std::string name = text->value;
    if (!literal) {
      name.erase(0, std::min(name.find_first_not_of(" \t"), name.size()));
      name.erase(name.find_last_not_of(" \t") + 1);
    }
    if (name.size() > 255)
      reader.report(ir::Code::InvalidValue, text->span, "a DNS name has at most 255 characters");
    else if (!std::all_of(name.begin(), name.end(), legal))
      reader.report(ir::Code::InvalidValue, text->span, show(name) + " holds a character that no DNS name has",
                    literal && name.find('*') != std::string::npos ? "write `matchPattern`" : "");
    out.push_back({{name, literal}, text->span});
  }
  return out;
}

std::optional<ir::L7Rules> read_cilium_l7(const FieldReader& port_rule, const PortContext& context) {
  ir::L7Rules out;
  if (const Node* rules = port_rule.get("rules")) read_rules(*rules, context, out, port_rule.diagnostics());
  if (const auto names = port_rule.strings("serverNames"))
    for (const auto& name : *names) {
      check_server_name(port_rule, name);
      out.server_names.push_back(name.value);
    }
  out.listener = read_listener(port_rule, context, out);
  out.terminates_tls = read_tls(port_rule, "terminatingTLS", out.terminating_secret);
  out.originates_tls = read_tls(port_rule, "originatingTLS", out.originating_secret);
  check_together(port_rule, out);
  return out == ir::L7Rules{} ? std::nullopt : std::optional(std::move(out));
}

std::vector<const FieldTable*> cilium_l7_tables() {
  return {&kL7Table, &kHttpTable, &kHeaderTable, &kSecretTable, &kPortRuleDnsTable, &kTlsTable, &kListenerTable, &kEnvoyConfigTable};
}

}  // namespace weir::compiler
