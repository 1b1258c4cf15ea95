#include "tests/perf/hubble_line.h"

#include <fmt/format.h>

#include <ctime>

namespace weir::perf {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

void add(std::string& out, std::string_view text) { out.append(text); }
void number(std::string& out, std::uint64_t value) {
  const fmt::format_int digits(value);
  out.append(digits.data(), digits.size());
}

void padded(std::string& out, std::uint64_t value, int width) {
  char digits[20];
  for (int i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, static_cast<std::size_t>(width));
}

void hex(std::string& out, std::uint64_t value, int width) {
  char digits[16];
  for (int i = width; i-- > 0; value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
  out.append(digits, static_cast<std::size_t>(width));
}

/// RFC 3339 with 0, 3, 6 or 9 digits of a second, as protojson prints it.
void time_stamp(std::string& out, std::int64_t time) {
  const std::time_t seconds = time / kSecond;
  const auto rest = static_cast<std::uint64_t>(time % kSecond);
  std::tm date{};
  gmtime_r(&seconds, &date);
  padded(out, static_cast<std::uint64_t>(date.tm_year) + 1900, 4);
  const int parts[] = {date.tm_mon + 1, date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec};
  for (int i = 0; i < 5; ++i) {
    out.push_back("--T::"[i]);
    padded(out, static_cast<std::uint64_t>(parts[i]), 2);
  }
  if (rest != 0) {
    out.push_back('.');
    if (rest % 1'000'000 == 0) padded(out, rest / 1'000'000, 3);
    else if (rest % 1'000 == 0) padded(out, rest / 1'000, 6);
    else padded(out, rest, 9);
  }
  out.push_back('Z');
}

void uuid(std::string& out, std::uint64_t high, std::uint64_t low) {
  hex(out, high >> 32, 8);
  out.push_back('-');
  hex(out, high >> 16, 4);
  add(out, "-4");
  hex(out, high, 3);
  out.push_back('-');
  hex(out, 8 | (low >> 60 & 3), 1);
  hex(out, low >> 48, 3);
  out.push_back('-');
  hex(out, low, 12);
}

/// As the fields of TCPFlags are declared.
void flags_object(std::string& out, std::uint8_t flags) {
  constexpr std::pair<std::uint8_t, std::string_view> kFlags[] = {
      {kFin, "\"FIN\":true,"}, {kSyn, "\"SYN\":true,"}, {kRst, "\"RST\":true,"}, {kPsh, "\"PSH\":true,"}, {kAck, "\"ACK\":true,"}};
  for (const auto& [flag, text] : kFlags)
    if (flags & flag) add(out, text);
  if (flags != 0) out.pop_back();
}

/// As Hubble's summary orders them.
void flags_summary(std::string& out, std::uint8_t flags) {
  constexpr std::pair<std::uint8_t, std::string_view> kFlags[] = {
      {kSyn, "SYN, "}, {kAck, "ACK, "}, {kRst, "RST, "}, {kFin, "FIN, "}, {kPsh, "PSH, "}};
  for (const auto& [flag, text] : kFlags)
    if (flags & flag) add(out, text);
  if (flags != 0) out.resize(out.size() - 2);
}

void ports(std::string& out, const FlowLine& line) {
  add(out, "\"source_port\":");
  number(out, line.source_port);
  add(out, ",\"destination_port\":");
  number(out, line.destination_port);
}

void layer4(std::string& out, const FlowLine& line) {
  add(out, ",\"l4\":{");
  switch (line.wire) {
    case Wire::Tcp:
      add(out, "\"TCP\":{");
      ports(out, line);
      add(out, ",\"flags\":{");
      flags_object(out, line.flags);
      add(out, "}}}");
      return;
    case Wire::Udp: add(out, "\"UDP\":{"); break;
    case Wire::Sctp: add(out, "\"SCTP\":{"); break;
    case Wire::Icmp:
      add(out, line.v6 ? "\"ICMPv6\":{" : "\"ICMPv4\":{");
      if (line.icmp_type != 0) {
        add(out, "\"type\":");
        number(out, line.icmp_type);
      }
      add(out, "}}");
      return;
  }
  ports(out, line);
  add(out, "}}");
}

void summary(std::string& out, const FlowLine& line) {
  add(out, ",\"Summary\":\"");
  switch (line.wire) {
    case Wire::Tcp:
      add(out, "TCP Flags: ");
      flags_summary(out, line.flags);
      break;
    case Wire::Udp: add(out, "UDP"); break;
    case Wire::Sctp: add(out, "SCTP"); break;
    case Wire::Icmp: {
      const bool request = line.icmp_type == 8 || line.icmp_type == 128;
      add(out, line.v6 ? "ICMPv6 " : "ICMPv4 ");
      add(out, request ? "EchoRequest" : "EchoReply");
    }
  }
  out.push_back('"');
}

void text_field(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  add(out, key);
  add(out, value);
  out.push_back('"');
}

void object_field(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  add(out, key);
  add(out, value);
}

void number_field(std::string& out, std::string_view key, std::uint64_t value) {
  if (value == 0) return;
  add(out, key);
  number(out, value);
}

void head(std::string& out, const FlowLine& line) {
  add(out, "{\"flow\":{\"time\":\"");
  time_stamp(out, line.time);
  add(out, "\",\"uuid\":\"");
  uuid(out, line.uuid_high, line.uuid_low);
  add(out, "\",\"verdict\":\"");
  add(out, line.verdict);
  out.push_back('"');
  number_field(out, ",\"drop_reason\":", line.drop_reason);
  if (!line.sock) {
    text_field(out, ",\"ethernet\":{\"source\":\"", line.from->mac);
    text_field(out, ",\"destination\":\"", line.to->mac);
    out.push_back('}');
  }
  add(out, ",\"IP\":{\"source\":\"");
  add(out, line.v6 ? line.from->address6 : line.from->address);
  add(out, "\",\"destination\":\"");
  add(out, line.v6 ? line.to->address6 : line.to->address);
  add(out, line.v6 ? "\",\"ipVersion\":\"IPv6\"}" : "\",\"ipVersion\":\"IPv4\"}");
}

void event(std::string& out, const FlowLine& line) {
  if (line.replied == Replied::Yes) add(out, ",\"reply\":true");
  add(out, ",\"event_type\":{\"type\":");
  number(out, line.event_type);
  number_field(out, ",\"sub_type\":", line.sub_type);
  out.push_back('}');
  object_field(out, ",\"destination_service\":", line.service);
  text_field(out, ",\"traffic_direction\":\"", line.direction);
  number_field(out, ",\"policy_match_type\":", line.match_type);
  text_field(out, ",\"trace_observation_point\":\"", line.point);
  text_field(out, ",\"trace_reason\":\"", line.reason);
  text_field(out, ",\"drop_reason_desc\":\"", line.drop_text);
  if (line.replied != Replied::Absent) add(out, line.replied == Replied::Yes ? ",\"is_reply\":true" : ",\"is_reply\":false");
  object_field(out, ",\"interface\":", line.interface);
  if (line.sock) {
    add(out, ",\"sock_xlate_point\":\"SOCK_XLATE_POINT_POST_DIRECTION_FWD\",\"socket_cookie\":\"");
    number(out, line.uuid_low % 100'000);
    add(out, "\",\"cgroup_id\":\"9339\"");
  }
}

}  // namespace

End end_of(const PodEnd& pod) {
  const std::string head = pod.endpoint == 0 ? "{" : fmt::format("{{\"ID\":{},", pod.endpoint);
  const std::string body = fmt::format(
      R"("identity":{0},"cluster_name":"{1}","namespace":"{2}","labels":["k8s:app={3}","k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name={2}","k8s:io.cilium.k8s.policy.cluster={1}","k8s:io.cilium.k8s.policy.serviceaccount=default","k8s:io.kubernetes.pod.namespace={2}"{5}],"pod_name":"{4}")",
      pod.identity, pod.cluster, pod.namespace_name, pod.workload, pod.pod, pod.tier.empty() ? "" : ",\"k8s:tier=" + pod.tier + "\"");
  const std::uint64_t mixed = (pod.endpoint + 1) * 0x9e3779b97f4a7c15;
  End end{pod.node, {}, {}, pod.address, pod.address6, {}, {}};
  end.local = head + body + fmt::format(R"(,"workloads":[{{"name":"{}","kind":"Deployment"}}]}})", pod.workload);
  end.remote = "{" + body + "}";
  end.mac = fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", (mixed >> 8 & 0xfc) | 2, mixed >> 16 & 255, mixed >> 24 & 255,
                        mixed >> 32 & 255, mixed >> 40 & 255, mixed >> 48 & 255);
  end.interface = fmt::format(R"({{"index":{},"name":"lxc{:012x}"}})", 10 + pod.endpoint % 110 * 2, mixed >> 16);
  return end;
}

End world_end(std::string address) {
  const std::string object = R"({"identity":2,"labels":["reserved:world"]})";
  return {"", object, object, std::move(address), "", "16:5f:40:1b:9c:d3", ""};
}

void append(std::string& out, const FlowLine& line) {
  head(out, line);
  layer4(out, line);
  add(out, ",\"source\":");
  add(out, line.from->node == line.node ? line.from->local : line.from->remote);
  add(out, ",\"destination\":");
  add(out, line.to->node == line.node ? line.to->local : line.to->remote);
  add(out, line.sock ? ",\"Type\":\"SOCK\"" : ",\"Type\":\"L3_L4\"");
  text_field(out, ",\"node_name\":\"", line.node);
  object_field(out, ",\"node_labels\":", line.node_labels);
  event(out, line);
  summary(out, line);
  object_field(out, ",", line.decided_by);
  text_field(out, "},\"node_name\":\"", line.node);
  add(out, ",\"time\":\"");
  time_stamp(out, line.time);
  add(out, "\"}\n");
}

void append_lost_events(std::string& out, std::string_view node, std::int64_t time, std::uint64_t count) {
  out += fmt::format(R"({{"lost_events":{{"source":"HUBBLE_RING_BUFFER","num_events_lost":"{}"}},"node_name":"{}","time":")", count, node);
  time_stamp(out, time);
  out += "\"}\n";
}

std::string node_labels(std::string_view node) {
  return fmt::format(
      R"(["beta.kubernetes.io/arch=amd64","beta.kubernetes.io/instance-type=m6i.xlarge","beta.kubernetes.io/os=linux","eks.amazonaws.com/capacityType=ON_DEMAND","eks.amazonaws.com/nodegroup-image=ami-0123456789abcdef0","eks.amazonaws.com/nodegroup=workers-20260101000000000000000001","eks.amazonaws.com/sourceLaunchTemplateId=lt-0fedcba9876543210","eks.amazonaws.com/sourceLaunchTemplateVersion=3","failure-domain.beta.kubernetes.io/region=eu-west-1","failure-domain.beta.kubernetes.io/zone=eu-west-1b","k8s.io/cloud-provider-aws=00112233445566778899aabbccddeeff","kubernetes.io/arch=amd64","kubernetes.io/hostname={}","kubernetes.io/os=linux","node.kubernetes.io/instance-type=m6i.xlarge","role=general","topology.k8s.aws/zone-id=euw1-az2","topology.kubernetes.io/region=eu-west-1","topology.kubernetes.io/zone=eu-west-1b"])",
      node);
}

}  // namespace weir::perf
