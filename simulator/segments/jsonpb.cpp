// Record -> JSON. What a reader took for a value of a later version is written as a number that no version has. Tested by
// tests/unit/simulator/segments/jsonpb_test.cpp.

#include "simulator/segments/jsonpb.h"

#include <array>

#include "simulator/flows/enum_names.h"
#include "simulator/flows/party_key.h"
#include "simulator/flows/times.h"

namespace weir::simulator {
namespace {

constexpr std::string_view kUnknownNumber = "99";

/// JSON text, member after member.
struct Json {
  std::string text;

  void comma() {
    if (!text.empty() && text.back() != '{' && text.back() != '[') text += ',';
  }
  Json& key(std::string_view name) {
    comma();
    text += '"';
    text += name;
    text += "\":";
    return *this;
  }
  void string(std::string_view value) {
    constexpr std::string_view kHex = "0123456789abcdef";
    text += '"';
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') (text += '\\') += c;
      else if (byte < 32) ((text += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
      else text += c;
    }
    text += '"';
  }
  void raw(std::string_view value) { text += value; }
  void number(std::uint64_t value) { text += std::to_string(value); }
  void number_unless_0(std::string_view name, std::uint64_t value) {
    if (value != 0) key(name).number(value);
  }
  void string_unless_empty(std::string_view name, std::string_view value) {
    if (!value.empty()) key(name).string(value);
  }
  void strings(std::string_view name, const std::vector<std::string_view>& list) {
    if (list.empty()) return;
    key(name).raw("[");
    for (const std::string_view value : list) {
      comma();
      string(value);
    }
    raw("]");
  }
  /// By its place in `names`; 0 is left out.
  template <std::size_t count>
  void name_of(std::string_view name, std::size_t value, const std::array<std::string_view, count>& names) {
    if (value == 0) return;
    key(name);
    if (value < count) string(names[value]);
    else raw(kUnknownNumber);
  }
};

constexpr std::array<std::string_view, 8> kVerdicts = {"", "FORWARDED", "DROPPED", "ERROR", "AUDIT", "REDIRECTED", "TRACED", "TRANSLATED"};
constexpr std::array<std::string_view, 4> kTypes = {"", "L3_L4", "L7", "SOCK"};
constexpr std::array<std::string_view, 3> kDirections = {"", "INGRESS", "EGRESS"};
constexpr std::array<std::string_view, 9> kPoints = {"",           "TO_ENDPOINT", "TO_PROXY",  "TO_HOST",      "TO_STACK",
                                                     "TO_OVERLAY", "TO_NETWORK",  "TO_CRYPTO", "FROM_ENDPOINT"};
constexpr std::array<std::string_view, 5> kReasons = {"", "NEW", "ESTABLISHED", "REPLY", "RELATED"};
constexpr std::array<std::string_view, 4> kL7Types = {"", "REQUEST", "RESPONSE", "SAMPLE"};

std::string uuid_of(const Uuid& uuid) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[uuid[i] >> 4];
    text += kHex[uuid[i] & 15];
  }
  return text;
}

void write_flags(Json& json, std::uint8_t flags) {
  constexpr std::array<std::string_view, 8> kNames = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
  if (flags == 0) return;
  json.key("flags").raw("{");
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if ((flags >> i & 1) != 0) json.key(kNames[i]).raw("true");
  json.raw("}");
}

void write_l4(Json& json, const Record& record) {
  if (!record.protocol && !record.not_policed) return;
  json.key("l4").raw("{");
  if (record.protocol == ir::Protocol::Icmp || record.protocol == ir::Protocol::Icmpv6) {
    json.key(record.protocol == ir::Protocol::Icmp ? "ICMPv4" : "ICMPv6").raw("{");
    if (!record.has_ports) json.key("type").raw("-1");
    else json.number_unless_0("type", record.destination_port);
    json.number_unless_0("code", record.icmp_code);
    json.raw("}");
  } else if (record.protocol) {
    json.key(record.protocol == ir::Protocol::Tcp ? "TCP" : record.protocol == ir::Protocol::Udp ? "UDP" : "SCTP").raw("{");
    json.number_unless_0("source_port", record.source_port);
    if (record.has_ports) json.key("destination_port").number(record.destination_port);
    if (record.detail != nullptr) write_flags(json, record.detail->tcp_flags);
    json.raw("}");
  }
  if (record.not_policed) json.key("VRRP").raw("{}");
  json.raw("}");
}

void write_ip(Json& json, const Record& record) {
  const bool translated = record.detail != nullptr && record.detail->source_translated;
  if (!record.source_address && !record.destination_address && !translated) return;
  json.key("IP").raw("{");
  if (record.source_address) json.key("source").string(ir::to_text(*record.source_address));
  if (translated) json.key("source_xlated").string(ir::to_text(*record.detail->source_translated));
  if (record.destination_address) json.key("destination").string(ir::to_text(*record.destination_address));
  const auto& either = record.source_address ? record.source_address : record.destination_address;
  if (either) json.key("ipVersion").string(either->family == ir::IpFamily::V4 ? "IPv4" : "IPv6");
  json.raw("}");
}

/// One party, its fields in the order in which they were read: their order is part of what it is interned by.
void write_party(Json& json, std::string_view name, const std::string& bytes, bool local) {
  if (bytes.empty() && !local) return;
  json.key(name).raw("{");
  // Which endpoint it was on its node is not kept, only that it was one.
  if (local) json.key("ID").raw("1");
  char open = 0;  // the list that is being written
  const auto close = [&](char next) {
    const bool same = open == next || (open == 'w' && next == 'k') || (open == 'k' && next == 'w');
    if (same || open == 0) return same;
    json.raw(open == 'l' ? "]" : "}]");
    open = 0;
    return false;
  };
  std::string_view key = bytes;
  for (PartyField field; take_field(key, field);) {
    const bool goes_on = close(field.tag);
    std::uint32_t identity = 0;
    switch (field.tag) {
      case 'i':
        for (std::size_t i = 0; i < std::min<std::size_t>(4, field.value.size()); ++i)
          identity |= static_cast<std::uint32_t>(static_cast<unsigned char>(field.value[i])) << (8 * i);
        json.key("identity").number(identity);
        break;
      case 'c': json.key("cluster_name").string(field.value); break;
      case 'n': json.key("namespace").string(field.value); break;
      case 'p': json.key("pod_name").string(field.value); break;
      case 'l':
        if (!goes_on) json.key("labels").raw("[");
        json.comma();
        json.string(field.value);
        open = 'l';
        break;
      default:
        if (!goes_on) json.key("workloads").raw("[{");
        json.key(field.tag == 'w' ? "name" : "kind").string(field.value);
        open = field.tag;
    }
  }
  (void)close(0);
  json.raw("}");
}

void write_http(Json& json, const HttpDetail& http) {
  json.key("http").raw("{");
  json.number_unless_0("code", http.status);
  json.string_unless_empty("method", http.method);
  json.string_unless_empty("url", http.url);
  json.string_unless_empty("protocol", http.protocol);
  if (!http.headers.empty()) {
    json.key("headers").raw("[");
    for (const auto& [name, value] : http.headers) {
      json.comma();
      json.raw("{");
      json.key("key").string(name);
      json.key("value").string(value);
      json.raw("}");
    }
    json.raw("]");
  }
  json.raw("}");
}

void write_dns(Json& json, const DnsDetail& dns) {
  json.string_unless_empty("query", dns.query);
  json.strings("ips", dns.ips);
  json.number_unless_0("ttl", dns.ttl);
  json.strings("cnames", dns.cnames);
  json.number_unless_0("rcode", dns.rcode);
  json.strings("qtypes", dns.query_types);
}

void write_l7(Json& json, const Record& record) {
  const FlowDetail* detail = record.detail;
  const bool http = detail != nullptr && detail->http;
  if (record.l7 == L7Type::None && !record.dns && !http) return;
  json.key("l7").raw("{");
  json.name_of("type", static_cast<std::size_t>(record.l7), kL7Types);
  if (http) write_http(json, *detail->http);
  if (record.dns) {
    json.key("dns").raw("{");
    if (detail != nullptr && detail->dns) write_dns(json, *detail->dns);
    json.raw("}");
  }
  json.raw("}");
}

void write_service(Json& json, std::string_view name, std::string_view service, std::string_view namespace_name, bool there) {
  if (!there && service.empty() && namespace_name.empty()) return;
  json.key(name).raw("{");
  json.string_unless_empty("name", service);
  json.string_unless_empty("namespace", namespace_name);
  json.raw("}");
}

void write_detail(Json& json, const Record& record) {
  static const FlowDetail kNothing;
  const FlowDetail& detail = record.detail != nullptr ? *record.detail : kNothing;
  json.strings("source_names", detail.source_names);
  json.strings("destination_names", detail.destination_names);
  write_service(json, "source_service", detail.source_service, detail.source_service_namespace, false);
  write_service(json, "destination_service", detail.destination_service, detail.destination_service_namespace, record.to_service);
  json.strings("node_labels", detail.node_labels);
}

void write_event(Json& json, const Record& record) {
  if (record.is_reply != Tristate::Unknown) json.key("is_reply").raw(record.is_reply == Tristate::Yes ? "true" : "false");
  if (record.event_type != 0 || record.sub_type != 0) {
    json.key("event_type").raw("{");
    json.number_unless_0("type", record.event_type);
    json.number_unless_0("sub_type", record.sub_type);
    json.raw("}");
  }
  json.name_of("traffic_direction", static_cast<std::size_t>(record.direction), kDirections);
  json.number_unless_0("policy_match_type", record.match_type);
  json.name_of("trace_observation_point", static_cast<std::size_t>(record.point), kPoints);
  json.name_of("trace_reason", static_cast<std::size_t>(record.reason), kReasons);
}

void write_flow(Json& json, const Record& record, const Interned& interned) {
  json.key("flow").raw("{");
  if (record.has_time) json.key("time").string(time_text(record.time));
  if (record.uuid != Uuid{}) json.key("uuid").string(uuid_of(record.uuid));
  json.name_of("verdict", static_cast<std::size_t>(record.verdict), kVerdicts);
  json.number_unless_0("drop_reason", record.drop_reason);
  write_ip(json, record);
  write_l4(json, record);
  write_party(json, "source", interned.parties.key(record.source), record.source_local);
  write_party(json, "destination", interned.parties.key(record.destination), record.destination_local);
  json.name_of("Type", static_cast<std::size_t>(record.type), kTypes);
  json.string_unless_empty("node_name", interned.nodes.at(record.node));
  write_l7(json, record);
  write_event(json, record);
  write_detail(json, record);
  json.raw("}");
}

}  // namespace

std::string to_jsonpb(const Record& record, const Interned& interned) {
  Json json{"{"};
  if (record.kind == RecordKind::AgentEvent) json.raw(R"("agent_event":{"type":"POLICY_UPDATED"})");
  else write_flow(json, record, interned);
  json.string_unless_empty("node_name", interned.nodes.at(record.node));
  if (record.has_time) json.key("time").string(time_text(record.time));
  json.raw("}\n");
  return std::move(json.text);
}

std::string to_jsonpb(const ReadStats& stats, const Interned& interned) {
  Json json;
  for (const auto& [node, lost] : stats.lost) {
    json.raw(R"({"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":")" + std::to_string(lost) + "\"}");
    json.string_unless_empty("node_name", interned.nodes.at({node}));
    json.raw("}\n");
  }
  for (const std::uint32_t node : stats.gone) {
    json.raw(R"({"node_status":{"state_change":"NODE_GONE","node_names":[)");
    json.string(interned.nodes.at({node}));
    json.raw("]}}\n");
  }
  return std::move(json.text);
}

}  // namespace weir::simulator
