#include "runtime-agent/observe/hubble.h"

#include <ctime>

#include "runtime-agent/observe/json_text.h"

// Field names, their order and which of them are absent: flows.md 1.2 and 1.3, and the real lines quoted there.
namespace weir::agent {
namespace {

constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kIcmpv6 = 58, kSctp = 132;

bool by_policy(const weir_event& e) {
  return e.type == WEIR_EVENT_VERDICT || e.reason == WEIR_REASON_POLICY_DENIED ||
         e.reason == WEIR_REASON_POLICY_DENY || e.reason == 189;
}

bool denied(const weir_event& e) { return e.verdict == WEIR_DENIED; }

std::string_view verdict_name(const weir_event& e) {
  if (denied(e)) return "DROPPED";
  return e.verdict == WEIR_AUDITED ? "AUDIT" : "FORWARDED";
}

/// flow.proto of Cilium, enum DropReason.
std::string_view reason_name(std::uint8_t reason) {
  switch (reason) {
    case WEIR_REASON_POLICY_DENIED: return "POLICY_DENIED";
    case WEIR_REASON_POLICY_DENY: return "POLICY_DENY";
    case WEIR_REASON_INVALID: return "INVALID_PACKET_DROPPED";
    case WEIR_REASON_UNKNOWN_L3: return "UNSUPPORTED_L3_PROTOCOL";
    case WEIR_REASON_INVALID_EXTHDR: return "INVALID_IPV6_EXTENSION_HEADER";
    case WEIR_REASON_FRAGMENT: return "IP_FRAGMENTATION_NOT_SUPPORTED";
    case WEIR_REASON_NO_BACKEND: return "SERVICE_BACKEND_NOT_FOUND";
    case WEIR_REASON_ENDPOINT_NOT_READY: return "DROP_EP_NOT_READY";
    case 189: return "AUTH_REQUIRED";
  }
  return "DROP_REASON_UNKNOWN";
}

ir::IpAddress address_of(const weir_event& e, const std::uint8_t (&bytes)[16]) {
  ir::IpAddress address;
  address.family = e.family == 6 ? ir::IpFamily::V6 : ir::IpFamily::V4;
  for (std::size_t i = 0; i < address.bits() / 8; ++i) address.bytes[i] = bytes[i];
  return address;
}

struct Flag {
  std::uint8_t bit;
  std::string_view name;
};
constexpr Flag kFlags[] = {{0x01, "FIN"}, {0x02, "SYN"}, {0x04, "RST"}, {0x08, "PSH"},
                           {0x10, "ACK"}, {0x20, "URG"}, {0x40, "ECE"}, {0x80, "CWR"}};

void append_flags(std::string& out, const weir_event& e) {
  append_key(out, "flags");
  out += '{';
  for (const Flag& flag : kFlags)
    if ((e.tcp_flags & flag.bit) != 0) {
      append_key(out, flag.name);
      out += "true";
    }
  out += '}';
}

void append_ports(std::string& out, const weir_event& e, std::string_view protocol) {
  append_key(out, protocol);
  out += '{';
  append_field(out, "source_port", std::uint64_t{e.source_port});
  append_field(out, "destination_port", std::uint64_t{e.destination_port});
  if (e.protocol == kTcp && e.tcp_flags != 0) append_flags(out, e);
  out += '}';
}

/// Zero values are absent in protojson.
void append_icmp(std::string& out, const weir_event& e, std::string_view protocol) {
  append_key(out, protocol);
  out += '{';
  if (e.icmp_type != 0) append_field(out, "type", std::uint64_t{e.icmp_type});
  if (e.icmp_code != 0) append_field(out, "code", std::uint64_t{e.icmp_code});
  out += '}';
}

void append_l4(std::string& out, const weir_event& e) {
  if ((e.flags & WEIR_EVENT_FRAGMENT) != 0) return;
  const bool known = e.protocol == kTcp || e.protocol == kUdp || e.protocol == kSctp || e.protocol == kIcmp ||
                     e.protocol == kIcmpv6;
  if (!known) return;
  append_key(out, "l4");
  out += '{';
  if (e.protocol == kTcp) append_ports(out, e, "TCP");
  if (e.protocol == kUdp) append_ports(out, e, "UDP");
  if (e.protocol == kSctp) append_ports(out, e, "SCTP");
  if (e.protocol == kIcmp) append_icmp(out, e, "ICMPv4");
  if (e.protocol == kIcmpv6) append_icmp(out, e, "ICMPv6");
  out += '}';
}

void append_ip(std::string& out, const weir_event& e, Names& names) {
  if (e.family == 0) return;
  const ir::IpAddress source = address_of(e, e.source), destination = address_of(e, e.destination);
  append_key(out, "IP");
  out += '{';
  append_field(out, "source", ir::to_text(source));
  append_field(out, "destination", ir::to_text(destination));
  append_field(out, "ipVersion", e.family == 6 ? "IPv6" : "IPv4");
  out += '}';
  append_l4(out, e);
  append_key(out, "source");
  out += names.endpoint(source, e.source_identity);
  append_key(out, "destination");
  out += names.endpoint(destination, e.destination_identity);
}

void append_event_type(std::string& out, const weir_event& e) {
  append_key(out, "event_type");
  out += '{';
  append_field(out, "type", std::uint64_t{by_policy(e) ? 5u : 1u});
  if (!by_policy(e)) append_field(out, "sub_type", std::uint64_t{e.reason});
  out += '}';
  append_field(out, "traffic_direction", e.direction == WEIR_EGRESS ? "EGRESS" : "INGRESS");
  if (by_policy(e) && e.match != 0) append_field(out, "policy_match_type", std::uint64_t{e.match});
}

/// Forwarded verdicts are of a connection's first packet; of a dropped packet nobody knows.
void append_is_reply(std::string& out, const weir_event& e) {
  const bool reply = e.ct_state == WEIR_CT_STATE_REPLY || e.ct_state == WEIR_CT_STATE_RELATED;
  if (!reply && denied(e)) return;
  append_key(out, "is_reply");
  out += reply ? "true" : "false";
}

void append_summary(std::string& out, const weir_event& e) {
  if (e.protocol != kTcp || e.tcp_flags == 0 || (e.flags & WEIR_EVENT_FRAGMENT) != 0) return;
  std::string text = "TCP Flags: ";
  for (const Flag& flag : kFlags)
    if ((e.tcp_flags & flag.bit) != 0) (text += flag.name) += ", ";
  text.resize(text.size() - 2);
  append_field(out, "Summary", text);
}

/// Only an explicit rule is named; a default deny never names a policy (flows.md 1.3).
void append_policies(std::string& out, const weir_event& e, Names& names) {
  if (!by_policy(e) || (denied(e) && e.reason != WEIR_REASON_POLICY_DENY) || e.verdict == WEIR_AUDITED) return;
  const std::string& policy = names.policy(e.rule);
  if (policy.empty()) return;
  append_key(out, std::string(e.direction == WEIR_EGRESS ? "egress_" : "ingress_") +
                      (denied(e) ? "denied_by" : "allowed_by"));
  ((out += '[') += policy) += ']';
}

void append_weir(std::string& out, const weir_event& e, Names& names) {
  append_key(out, "weir");
  out += '{';
  append_field(out, "generation", names.bundle().generation);
  append_field(out, "epoch", std::uint64_t{e.epoch});
  const bool default_deny = e.verdict != WEIR_ALLOWED && e.reason == WEIR_REASON_POLICY_DENIED;
  if (const std::string& rule = names.rule(e.rule, default_deny); !rule.empty()) {
    append_key(out, "decidedBy");
    ((out += '[') += rule) += ']';
  }
  if (e.ct_state == WEIR_CT_STATE_ESTABLISHED) append_field(out, "connection", "established");
  out += '}';
}

}  // namespace

std::string time_text(std::uint64_t time_ns) {
  const auto seconds = static_cast<std::time_t>(time_ns / 1000000000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::string out(text, size);
  const std::string fraction = std::to_string(1000000000 + time_ns % 1000000000);
  return out + "." + fraction.substr(1) + "Z";
}

void append_event(std::string& out, const weir_event& e, Names& names, const std::string& node,
                  std::uint64_t time_ns) {
  const std::string time = time_text(time_ns);
  out += "{\"flow\":{";
  append_field(out, "time", time);
  append_field(out, "verdict", verdict_name(e));
  if (denied(e)) append_field(out, "drop_reason", std::uint64_t{e.reason});
  append_ip(out, e, names);
  append_field(out, "Type", "L3_L4");
  append_field(out, "node_name", node);
  append_event_type(out, e);
  if (denied(e)) append_field(out, "drop_reason_desc", reason_name(e.reason));
  append_is_reply(out, e);
  append_summary(out, e);
  append_policies(out, e, names);
  append_weir(out, e, names);
  out += '}';
  append_field(out, "node_name", node);
  append_field(out, "time", time);
  out += "}\n";
}

void append_lost(std::string& out, std::uint64_t lost, const std::string& node, std::uint64_t time_ns) {
  out += "{\"lost_events\":{";
  append_field(out, "source", "PERF_EVENT_RING_BUFFER");
  append_field(out, "num_events_lost", std::to_string(lost));
  out += '}';
  append_field(out, "node_name", node);
  append_field(out, "time", time_text(time_ns));
  out += "}\n";
}

}  // namespace weir::agent
