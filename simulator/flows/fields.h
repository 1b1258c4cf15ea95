#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "simulator/flows/enum_names.h"
#include "simulator/flows/detail.h"
#include "simulator/flows/keys.h"
#include "simulator/flows/record.h"
#include "simulator/flows/times.h"

namespace weir::simulator {

// What the fields of a flow mean (flows.md 1.2, 1.3), written once for both readers of JSON. `Value` is one JSON value:
//   text()            its text; empty when it is no string
//   number(otherwise) a number, or a number in a string
//   is_string(), is_integer(), is_object(), truth(bool&) (false: neither true nor false)
//   each(act(Key, Value&)), each_item(act(Value&)): false when it is no object or array
// protojson leaves zero values out, writes 64-bit numbers as strings and unknown enum values as numbers; shippers cut
// fields. So a field of the wrong shape counts as absent. The last of two equal keys wins.

template <class Named, class Value>
Named enum_of(const Value& value, Named (*named)(std::string_view), Named (*numbered)(std::int64_t), Named otherwise) {
  if (value.is_string()) return named(value.text());
  return value.is_integer() ? numbered(value.number(-1)) : otherwise;
}

/// A number of at most `limit`; 0 for anything else.
template <class Value>
std::uint32_t count_of(const Value& value, std::int64_t limit) {
  const std::int64_t number = value.number(0);
  return static_cast<std::uint32_t>(number < 0 || number > limit ? 0 : number);
}

template <class Value>
void read_texts(Value& value, std::vector<std::string_view>& texts) {
  texts.clear();
  value.each_item([&](Value& item) {
    if (!item.text().empty()) texts.push_back(item.text());
  });
}

template <class Value>
void read_flags(Value& value, FlowDetail& detail) {
  detail.tcp_flags = 0;
  value.each([&](Key key, Value& member) {
    bool set = false;
    if (key >= Key::Fin && key <= Key::Cwr && member.truth(set) && set)
      detail.tcp_flags |= static_cast<std::uint8_t>(1u << (static_cast<unsigned>(key) - static_cast<unsigned>(Key::Fin)));
  });
}

template <class Value>
void read_ports(Value& value, ir::Protocol protocol, Record& record, DetailStore& store) {
  record.protocol = protocol;
  std::int64_t source = 0, destination = -1;
  value.each([&](Key key, Value& member) {
    if (key == Key::SourcePort) source = member.number(-1);
    if (key == Key::DestinationPort) destination = member.number(-1);
    if (key == Key::Flags && store.filters) store.used = true, read_flags(member, store.detail);
  });
  // Port 0 is legal on the wire but protojson leaves it out, as a masked field is; SOCK lines lack one of the ports.
  record.has_ports = destination > 0 && destination <= 65535 && source >= 0 && source <= 65535;
  record.source_port = static_cast<std::uint16_t>(source < 0 || source > 65535 ? 0 : source);
  record.destination_port = static_cast<std::uint16_t>(record.has_ports ? destination : 0);
}

template <class Value>
void read_icmp(Value& value, ir::Protocol protocol, Record& record) {
  record.protocol = protocol;
  std::int64_t type = 0, code = 0;  // zero values are absent: echo reply is `{}`
  const bool good = value.each([&](Key key, Value& member) {
    if (key == Key::LowerType) type = member.number(-1);
    if (key == Key::Code) code = member.number(-1);
  });
  record.has_ports = good && type >= 0 && type <= 255 && code >= 0 && code <= 255;
  record.source_port = record.destination_port = static_cast<std::uint16_t>(record.has_ports ? type : 0);
  record.icmp_code = static_cast<std::uint8_t>(record.has_ports ? code : 0);
}

template <class Value>
void read_l4(Value& value, Record& record, DetailStore& store) {
  value.each([&](Key key, Value& member) {
    switch (key) {
      case Key::Tcp: return read_ports(member, ir::Protocol::Tcp, record, store);
      case Key::Udp: return read_ports(member, ir::Protocol::Udp, record, store);
      case Key::Sctp: return read_ports(member, ir::Protocol::Sctp, record, store);
      case Key::Icmpv4: return read_icmp(member, ir::Protocol::Icmp, record);
      case Key::Icmpv6: return read_icmp(member, ir::Protocol::Icmpv6, record);
      case Key::Vrrp:
      case Key::Igmp: record.not_policed = true; return;
      default: return;
    }
  });
}

template <class Value>
void read_event_type(Value& value, Record& record) {
  value.each([&](Key key, Value& member) {
    const std::int64_t number = member.number(255);
    const auto byte = static_cast<std::uint8_t>(number < 0 || number > 255 ? 255 : number);
    if (key == Key::LowerType) record.event_type = byte;
    if (key == Key::SubType) record.sub_type = byte;
  });
}

template <class Value>
std::uint8_t drop_number(const Value& value) {
  const std::int64_t number = value.number(kOtherDrop);
  return static_cast<std::uint8_t>(number < 0 || number > kOtherDrop ? kOtherDrop : number);
}

template <class Value>
void read_reply(Key key, const Value& value, Record& record) {
  bool reply = false;
  if (!value.truth(reply)) return;
  if (key == Key::IsReply) record.is_reply = reply ? Tristate::Yes : Tristate::No;
  // The deprecated field is written only when true.
  if (key == Key::Reply && reply && record.is_reply == Tristate::Unknown) record.is_reply = Tristate::Yes;
}

template <class Value>
void read_addresses(Value& value, Record& record, DetailStore& store) {
  value.each([&](Key key, Value& member) {
    if (key == Key::Source) record.source_address = member.address();
    if (key == Key::Destination) record.destination_address = member.address();
    if (key == Key::SourceXlated && store.filters) store.used = true, store.detail.source_translated = member.address();
  });
}

template <class Value>
void read_header(Value& value, HttpDetail& http) {
  std::pair<std::string_view, std::string_view> header;
  const bool object = value.each([&](Key key, Value& member) {
    if (key == Key::HeaderKey) header.first = member.text();
    if (key == Key::HeaderValue) header.second = member.text();
  });
  if (object && !header.first.empty()) http.headers.push_back(header);
}

template <class Value>
void read_http(Value& value, DetailStore& store) {
  store.drop_http();
  if (!value.is_object()) return;
  HttpDetail& http = store.new_http();
  value.each([&](Key key, Value& member) {
    switch (key) {
      case Key::Method: http.method = member.text(); return;
      case Key::Url: http.url = member.text(); return;
      case Key::Protocol: http.protocol = member.text(); return;
      case Key::Code: http.status = static_cast<std::uint16_t>(count_of(member, 65535)); return;
      case Key::Headers:
        http.headers.clear();
        member.each_item([&](Value& header) { read_header(header, http); });
        return;
      default: return;
    }
  });
}

template <class Value>
void read_dns(Value& value, DetailStore& store) {
  store.drop_dns();
  if (!value.is_object()) return;
  DnsDetail& dns = store.new_dns();
  value.each([&](Key key, Value& member) {
    switch (key) {
      case Key::Query: dns.query = member.text(); return;
      case Key::Ips: return read_texts(member, dns.ips);
      case Key::Cnames: return read_texts(member, dns.cnames);
      case Key::Qtypes: return read_texts(member, dns.query_types);
      case Key::Rcode: dns.rcode = count_of(member, UINT32_MAX); return;
      case Key::Ttl: dns.ttl = count_of(member, UINT32_MAX); return;
      default: return;
    }
  });
}

template <class Value>
void read_l7(Value& value, Record& record, DetailStore& store) {
  value.each([&](Key key, Value& member) {
    if (key == Key::LowerType) record.l7 = enum_of(member, l7_named, l7_numbered, L7Type::None);
    if (key == Key::Dns) record.dns = member.is_object(), read_dns(member, store);
    if (key == Key::Http) read_http(member, store);
  });
}

template <class Value>
void read_service(Value& value, std::string_view& namespace_name, std::string_view& name) {
  namespace_name = name = {};
  value.each([&](Key key, Value& member) {
    if (key == Key::Namespace) namespace_name = member.text();
    if (key == Key::Name) name = member.text();
  });
}

template <class Value>
void read_time(const Value& value, Record& record) {
  if (const std::optional<std::int64_t> time = value.time()) {
    record.time = *time;
    record.has_time = true;
  }
}

/// What only filters ask for, beside what a flow's own fields are.
template <class Value>
void read_filter_field(Key key, Value& value, DetailStore& store) {
  FlowDetail& detail = store.detail;
  store.used = true;
  if (key == Key::SourceService) read_service(value, detail.source_service_namespace, detail.source_service);
  if (key == Key::DestinationService)
    read_service(value, detail.destination_service_namespace, detail.destination_service);
  if (key == Key::NodeLabels) read_texts(value, detail.node_labels);
}

/// One field of a flow, except its parties and its node's name. True: only a flow has such a field.
template <class Value>
bool read_flow_field(Key key, Value& value, Record& record, DetailStore& store) {
  switch (key) {
    case Key::Time: read_time(value, record); return false;
    case Key::Uuid: record.uuid = parse_uuid(value.text()); return false;
    case Key::Verdict:
      record.verdict = enum_of(value, verdict_named, verdict_numbered, FlowVerdict::Unknown);
      return true;
    case Key::DropReason: record.drop_reason = drop_number(value); return false;
    case Key::DropReasonDesc:
      if (record.drop_reason == 0)
        record.drop_reason = value.is_string() ? drop_named(value.text()) : drop_number(value);
      return false;
    case Key::Ip: read_addresses(value, record, store); return true;
    case Key::L4: read_l4(value, record, store); return true;
    case Key::Type: record.type = enum_of(value, type_named, type_numbered, FlowType::Unknown); return false;
    case Key::EventType: read_event_type(value, record); return true;
    case Key::TrafficDirection:
      record.direction = enum_of(value, direction_named, direction_numbered, FlowDirection::Unknown);
      return false;
    case Key::PolicyMatchType: record.match_type = static_cast<std::uint8_t>(value.number(0)); return false;
    case Key::TraceObservationPoint: record.point = enum_of(value, point_named, point_numbered, TracePoint::Unknown); return false;
    case Key::TraceReason: record.reason = enum_of(value, reason_named, reason_numbered, TraceReason::Unknown); return false;
    case Key::IsReply:
    case Key::Reply: read_reply(key, value, record); return false;
    case Key::SourceNames: store.used = true; read_texts(value, store.detail.source_names); return false;
    case Key::DestinationNames: store.used = true; read_texts(value, store.detail.destination_names); return false;
    case Key::L7: store.used = true; read_l7(value, record, store); return false;
    case Key::DestinationService:
      record.to_service = value.is_object();
      [[fallthrough]];
    case Key::SourceService:
    case Key::NodeLabels:
      if (store.filters) read_filter_field(key, value, store);
      return false;
    default: return false;
  }
}

}  // namespace weir::simulator
