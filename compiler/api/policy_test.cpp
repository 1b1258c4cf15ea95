// PolicyTest, weir's own kind (cli.md "Policy tests"): its checks. Its routes are in policy_test_route.cpp, what travels inside a connection in
// policy_test_request.cpp.
#include "compiler/api/policy_test.h"

#include <algorithm>

#include "compiler/api/policy_test_parts.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/readers.h"
#include "ir/base/code.h"
#include "ir/cluster/settings.h"

namespace weir::compiler {
namespace {

constexpr Field kTopFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}};
constexpr FieldTable kPolicyTest{"PolicyTest", kTopFields};

constexpr Field kSpecFields[] = {
    {"checks"}, {"config"}, {"dialect"}, {"names"}, {"resources"}, {"routes"},
};
constexpr FieldTable kSpec{"PolicyTestSpec", kSpecFields};

constexpr Field kCheckFields[] = {
    {"by"},
    {"dns"},
    {"expect"},
    {"from"},
    {"http"},
    {"icmp"},
    {"name"},
    {"port"},
    {"protocol"},
    {"reason"},
    {"side"},
    {"tls"},
    {"to"},
};
constexpr FieldTable kCheck{"PolicyCheck", kCheckFields};

constexpr Field kIcmpFields[] = {{"code"}, {"type"}};
constexpr FieldTable kIcmp{"IcmpCheck", kIcmpFields};

constexpr Field kPartyFields[] = {
    {"cluster"}, {"entity"}, {"fqdn"}, {"ip"}, {"labels"}, {"namespace"}, {"pod"}, {"workload"},
};
constexpr FieldTable kParty{"Party", kPartyFields};

std::string text_of(const FieldReader& reader, std::string_view field, std::string_view otherwise = {}) {
  const auto text = reader.string(field);
  return text ? text->value : std::string(otherwise);
}

void bad_party(const FieldReader& reader, std::string detail) {
  reader.report(ir::Code::TestParty, reader.span(), std::move(detail),
                "write one of `{pod: NS/NAME}`, `{workload: NS/NAME}`, `{namespace: NS, labels: {k: v}}`, `{ip: A}`, "
                "`{entity: E}`, `{fqdn: N}`");
}

/// `{namespace: NS, labels: {k: v}}`: a pod that need not exist.
ir::Party read_labels_party(const FieldReader& reader) {
  ir::Party party{.kind = ir::PartyKind::Labels, .namespace_name = text_of(reader, "namespace", "default"), .name = {},
                  .labels = {}, .address = {}};
  party.labels = reader.string_map("labels").value_or(StringMap{});
  return party;
}

/// A check must say what it asks about: a port, or the type of an ICMP message.
void check_complete(const FieldReader& reader, const PolicyCheck& out) {
  const auto protocol = ir::parse_protocol(out.protocol);
  if (!protocol) return;
  switch (*protocol) {
    case ir::Protocol::Icmp:
    case ir::Protocol::Icmpv6: reader.require("icmp"); break;
    case ir::Protocol::Tcp:
    case ir::Protocol::Udp:
    case ir::Protocol::Sctp: reader.require("port"); break;
    default: break;
  }
}

void read_check_head(const FieldReader& reader, PolicyCheck& out) {
  out.name = text_of(reader, "name");
  for (const std::string_view end : {"from", "to"})
    if (reader.require(end)) (end == "from" ? out.from : out.to) = read_party(*reader.get(end), reader.diagnostics());
  out.protocol = text_of(reader, "protocol", reader.has("icmp") ? "ICMP" : "TCP");
  const auto protocol = ir::parse_protocol(out.protocol);
  if (!protocol)
    reader.report(ir::Code::InvalidValue, reader.span("protocol"), show(out.protocol) + " is no protocol");
}

void read_check_port(const FieldReader& reader, PolicyCheck& out) {
  if (const auto port = reader.int_or_string("port")) {
    const bool number = port->value.number.has_value();
    out.port = number ? std::to_string(*port->value.number) : port->value.text;
    if (number && (*port->value.number < 0 || *port->value.number > 65535))
      reader.report(ir::Code::InvalidValue, port->span, "`port` must be 0 to 65535");
  }
  if (const Node* icmp = reader.get("icmp")) {
    const FieldReader fields(*icmp, kIcmp, reader.diagnostics());
    fields.require("type");
    if (const auto type = fields.integer("type", 0, 255)) out.icmp_type = static_cast<std::uint8_t>(type->value);
    if (const auto code = fields.integer("code", 0, 255)) out.icmp_code = static_cast<std::uint8_t>(code->value);
  }
}

void read_check_expect(const FieldReader& reader, PolicyCheck& out) {
  reader.require("expect");
  if (const auto expect = reader.one_of("expect", {"allowed", "denied", "unknown"})) out.expect = expect->value;
  if (const auto side = reader.one_of("side", {"ingress", "egress"})) out.side = side->value;
  if (const auto reason = reader.one_of("reason", {"policy-denied", "policy-deny", "auth-required", "l7-denied"}))
    out.reason = reason->value;
  for (auto& by : reader.strings("by").value_or(std::vector<Located<std::string>>{})) out.by.push_back(by.value);
}

PolicyCheck read_check(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kCheck, diagnostics);
  PolicyCheck out;
  out.origin = node.span;
  read_check_head(reader, out);
  read_check_port(reader, out);
  check_complete(reader, out);
  out.request = read_check_request(reader);
  read_check_expect(reader, out);
  return out;
}

void read_spec(const Node& node, PolicyTest& out, ir::Diagnostics& diagnostics) {
  const FieldReader spec(node, kSpec, diagnostics);
  if (const auto dialect = spec.string("dialect")) {
    out.dialect = TestSetting{"dialect", dialect->value, dialect->span};
    if (const auto known = ir::parse_dialect(dialect->value); !known)
      spec.report(ir::Code::InvalidValue, dialect->span, known.error().message);
  }
  if (const Node* config = spec.get("config")) out.config = read_scalars(*config, "`config`", diagnostics);
  for (auto& path : spec.strings("resources").value_or(std::vector<Located<std::string>>{}))
    out.resources.push_back({path.value, path.span});
  if (const Node* names = spec.get("names")) out.names = read_names(*names, diagnostics);
  out.checks = spec.list<PolicyCheck>("checks", [&](const Node& item) { return read_check(item, diagnostics); })
                   .value_or(std::vector<PolicyCheck>{});
  out.routes = spec.list<RouteCheck>("routes", [&](const Node& item) { return read_route_check(item, diagnostics); })
                   .value_or(std::vector<RouteCheck>{});
}

}  // namespace

TestParty read_party(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kParty, diagnostics);
  TestParty out{.party = {}, .origin = node.span};
  if (node.kind != NodeKind::Mapping) return out;
  int named = 0;
  for (const std::string_view kind : {"pod", "workload", "ip", "entity", "fqdn"}) {
    const auto text = reader.string(kind);
    if (!text) continue;
    ++named;
    const auto party = ir::parse_party(std::string(kind) + ":" + text->value, "default");
    if (party)
      out.party = *party;
    else
      bad_party(reader, party.error().message);
  }
  const bool by_labels = reader.has("labels") || reader.has("namespace");
  if (by_labels) out.party = read_labels_party(reader);
  if (named + (by_labels ? 1 : 0) != 1) bad_party(reader, "a party is named in exactly one way");
  out.party.cluster = text_of(reader, "cluster");
  const bool of_pods = out.party.kind == ir::PartyKind::Pod || out.party.kind == ir::PartyKind::Workload ||
                       out.party.kind == ir::PartyKind::Labels;
  if (!out.party.cluster.empty() && !of_pods) bad_party(reader, "only a pod, a workload or labels are of a cluster");
  return out;
}

std::vector<TestSetting> read_scalars(const Node& node, std::string_view what, ir::Diagnostics& diagnostics) {
  std::vector<TestSetting> out;
  if (!is_mapping(node, what, diagnostics)) return out;
  for (const auto& [key, value] : node.entries) {
    if (value.kind == NodeKind::Scalar)
      out.push_back({key.text, value.text, value.span});
    else
      diagnostics.report({.kind = ir::Code::WrongType, .primary = value.span.known() ? value.span : key.span,
                          .detail = show(key.text) + " in " + std::string(what) + " must be one value, not " +
                                    std::string(describe(value)),
                          .labels = {}, .notes = {}, .fix = {}, .witness = {}});
  }
  return out;
}

void read_policy_test(const Document& document, std::vector<PolicyTest>& tests, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kPolicyTest, diagnostics);
  const ObjectMeta meta = read_meta(top, document, Scope::Namespaced);
  PolicyTest out;
  out.name = meta.name;
  out.origin = meta.origin;
  if (!top.require("spec")) return;
  read_spec(*top.get("spec"), out, diagnostics);
  tests.push_back(std::move(out));
}

std::vector<const FieldTable*> policy_test_tables() {
  std::vector<const FieldTable*> tables{&kPolicyTest, &kSpec, &kCheck, &kIcmp, &kParty};
  for (const FieldTable* table : test_request_tables()) tables.push_back(table);
  return tables;
}

}  // namespace weir::compiler
