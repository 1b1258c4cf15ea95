#include "simulator/flows/print.h"

#include "simulator/flows/enum_names.h"
#include "simulator/flows/times.h"

namespace weir::simulator {
namespace {

std::string name_of(const Party& party) {
  if (!party.pod.empty()) return party.namespace_name + "/" + party.pod;
  for (const std::string& label : party.labels)
    if (label.starts_with("reserved:")) return label;
  return party.namespace_name.empty() ? "-" : party.namespace_name;
}

std::string end_of(const Party& party, const std::optional<ir::IpAddress>& address, std::uint16_t port, bool has_port) {
  std::string text = name_of(party);
  if (!address) return text;
  const bool v6 = address->family == ir::IpFamily::V6;
  text += v6 && has_port ? " [" + to_text(*address) + "]" : " " + to_text(*address);
  return has_port ? text + ":" + std::to_string(port) : text;
}

std::string event_of(const Record& record) {
  switch (record.event_type) {
    case 0: return record.type == FlowType::L7 ? "l7" : "-";
    case kDrop: return "drop";
    case kTrace: return "trace/" + std::to_string(record.sub_type);
    case kPolicyVerdict: return "policy-verdict";
    case kSock: return "trace-sock";
    case kL7: return "l7";
    default: return "event/" + std::to_string(record.event_type);
  }
}

std::string_view direction_of(const Record& record) {
  switch (record.direction) {
    case FlowDirection::Ingress: return "INGRESS";
    case FlowDirection::Egress: return "EGRESS";
    default: return "-";
  }
}

/// " GET http://shop/cart" or " dns shop.example."; empty when the line holds no request.
std::string request_of(const Record& record) {
  if (record.detail == nullptr) return {};
  std::string text;
  if (const auto& http = record.detail->http) {
    text += http->method.empty() ? " http" : " " + std::string(http->method);
    if (!http->url.empty()) text += " " + std::string(http->url);
    if (http->status != 0) text += " " + std::to_string(http->status);
  }
  if (const auto& dns = record.detail->dns) text += " dns " + std::string(dns->query.empty() ? "-" : dns->query);
  return text;
}

}  // namespace

std::string to_text(const Record& record, const Interned& interned) {
  std::string text = record.has_time ? time_text(record.time) : "-";
  const std::string& node = interned.nodes.at(record.node);
  text += " " + (node.empty() ? "-" : node) + " ";
  if (record.kind != RecordKind::Flow) return text + (record.policy_changed ? "policy-changed" : "agent-event");
  const bool icmp = record.protocol == ir::Protocol::Icmp || record.protocol == ir::Protocol::Icmpv6;
  const bool ports = record.has_ports && !icmp;
  text += end_of(interned.parties.at(record.source), record.source_address, record.source_port, ports) + " -> ";
  text += end_of(interned.parties.at(record.destination), record.destination_address, record.destination_port, ports);
  text += " " + (record.protocol ? to_text(*record.protocol) : "-");
  if (icmp && record.has_ports) text += " type " + std::to_string(record.destination_port);
  text += " " + std::string(to_text(record.verdict)) + " " + event_of(record) + " " + std::string(direction_of(record));
  if (record.drop_reason != 0) text += " reason " + std::to_string(record.drop_reason);
  if (record.is_reply == Tristate::Yes) text += " reply";
  return text + request_of(record);
}

}  // namespace weir::simulator
