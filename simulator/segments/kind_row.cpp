// Tested by tests/unit/simulator/segments/segment_test.cpp.

#include "simulator/segments/kind_row.h"

#include <algorithm>

namespace weir::simulator {
namespace {

template <class T>
std::uint8_t number(T value) {
  return static_cast<std::uint8_t>(value);
}

void write_texts(ByteWriter& out, const std::vector<std::string_view>& list, Dictionary& texts) {
  out.varint(list.size());
  for (const std::string_view text : list) out.varint(texts.id(text));
}

using Texts = std::vector<std::string_view>;

std::string_view read_text(ByteReader& in, const Texts& texts) {
  const std::uint32_t id = in.below(texts.size());
  return in.bad() ? std::string_view() : texts[id];
}

void read_texts(ByteReader& in, const Texts& texts, Texts& list) {
  const std::uint32_t count = in.below(in.left() + 1);
  for (std::uint32_t i = 0; i < count; ++i) list.push_back(read_text(in, texts));
}

}  // namespace

Kind kind_of(const Record& record) {
  Kind kind{number(record.verdict), number(record.type), number(record.direction), number(record.point), number(record.reason),
            number(record.l7), number(record.is_reply), record.event_type, record.sub_type, record.match_type, record.drop_reason,
            record.icmp_code, record.protocol ? number(*record.protocol) : std::uint8_t{0}, 0, 0, record.source.index,
            record.destination.index, record.node.index, 0};
  if (is_icmp(kind.protocol)) kind.icmp_type = number(record.destination_port);
  const auto flag = [&](bool set, KindFlag bit) { kind.flags |= set ? bit : 0; };
  flag(record.source_local, kSourceLocal);
  flag(record.destination_local, kDestinationLocal);
  flag(record.to_service, kToService);
  flag(record.dns, kDns);
  flag(record.not_policed, kNotPoliced);
  flag(record.has_ports, kHasPorts);
  flag(record.has_time, kHasTime);
  flag(record.source_address.has_value(), kHasSource);
  flag(record.destination_address.has_value(), kHasDestination);
  flag(record.detail != nullptr && (record.detail->http || record.detail->dns), kHasRequest);
  return kind;
}

void apply(const Kind& kind, Record& record) {
  record.verdict = static_cast<FlowVerdict>(kind.verdict);
  record.type = static_cast<FlowType>(kind.type);
  record.direction = static_cast<FlowDirection>(kind.direction);
  record.point = static_cast<TracePoint>(kind.point);
  record.reason = static_cast<TraceReason>(kind.reason);
  record.l7 = static_cast<L7Type>(kind.l7);
  record.is_reply = static_cast<Tristate>(kind.is_reply);
  record.event_type = kind.event_type;
  record.sub_type = kind.sub_type;
  record.match_type = kind.match_type;
  record.drop_reason = kind.drop_reason;
  record.icmp_code = kind.icmp_code;
  if (kind.protocol != 0) record.protocol = static_cast<ir::Protocol>(kind.protocol);
  if (is_icmp(kind.protocol)) record.source_port = record.destination_port = kind.icmp_type;
  record.source_local = (kind.flags & kSourceLocal) != 0;
  record.destination_local = (kind.flags & kDestinationLocal) != 0;
  record.to_service = (kind.flags & kToService) != 0;
  record.dns = (kind.flags & kDns) != 0;
  record.not_policed = (kind.flags & kNotPoliced) != 0;
  record.has_ports = (kind.flags & kHasPorts) != 0;
  record.has_time = (kind.flags & kHasTime) != 0;
  record.source = {kind.source};
  record.destination = {kind.destination};
  record.node = {kind.node};
}

std::size_t KindHash::operator()(const Kind& kind) const noexcept {
  static_assert(sizeof(Kind) == 32, "no padding");
  return hash_bytes({reinterpret_cast<const char*>(&kind), sizeof kind});
}

std::string detail_bytes(const FlowDetail& detail, Dictionary& texts) {
  ByteWriter out;
  write_texts(out, detail.source_names, texts);
  write_texts(out, detail.destination_names, texts);
  for (const std::string_view text : {detail.source_service_namespace, detail.source_service, detail.destination_service_namespace,
                                      detail.destination_service})
    out.varint(texts.id(text));
  out.byte(detail.tcp_flags);
  if (detail.source_translated) write_address(out, *detail.source_translated);
  else out.byte(0);
  write_texts(out, detail.node_labels, texts);
  return std::move(out.bytes);
}

bool read_detail(std::string_view bytes, const Texts& texts, FlowDetail& detail) {
  ByteReader in(bytes);
  read_texts(in, texts, detail.source_names);
  read_texts(in, texts, detail.destination_names);
  for (std::string_view* text : {&detail.source_service_namespace, &detail.source_service, &detail.destination_service_namespace,
                                 &detail.destination_service})
    *text = read_text(in, texts);
  detail.tcp_flags = in.byte();
  ByteReader probe = in;
  if (probe.byte() != 0) detail.source_translated = read_address(in);
  else (void)in.byte();
  read_texts(in, texts, detail.node_labels);
  return in.done();
}

std::string request_bytes(const FlowDetail& detail, Dictionary& texts) {
  ByteWriter out;
  out.byte(static_cast<std::uint8_t>((detail.http ? 1 : 0) | (detail.dns ? 2 : 0)));
  if (detail.http) {
    for (const std::string_view text : {detail.http->method, detail.http->url, detail.http->protocol}) out.varint(texts.id(text));
    out.varint(detail.http->status);
    out.varint(detail.http->headers.size());
    for (const auto& [name, value] : detail.http->headers) {
      out.varint(texts.id(name));
      out.varint(texts.id(value));
    }
  }
  if (detail.dns) {
    out.varint(texts.id(detail.dns->query));
    for (const auto* list : {&detail.dns->ips, &detail.dns->cnames, &detail.dns->query_types}) write_texts(out, *list, texts);
    out.varint(detail.dns->rcode);
    out.varint(detail.dns->ttl);
  }
  return std::move(out.bytes);
}

bool read_request(std::string_view bytes, const Texts& texts, FlowDetail& detail) {
  ByteReader in(bytes);
  const std::uint8_t what = in.byte();
  if ((what & 1) != 0) {
    HttpDetail& http = detail.http.emplace();
    for (std::string_view* text : {&http.method, &http.url, &http.protocol}) *text = read_text(in, texts);
    http.status = static_cast<std::uint16_t>(in.below(65536));
    const std::uint32_t headers = in.below(in.left() + 1);
    for (std::uint32_t i = 0; i < headers; ++i) {
      const std::string_view name = read_text(in, texts);
      http.headers.emplace_back(name, read_text(in, texts));
    }
  }
  if ((what & 2) != 0) {
    DnsDetail& dns = detail.dns.emplace();
    dns.query = read_text(in, texts);
    for (Texts* list : {&dns.ips, &dns.cnames, &dns.query_types}) read_texts(in, texts, *list);
    dns.rcode = in.below(std::uint64_t{1} << 32);
    dns.ttl = in.below(std::uint64_t{1} << 32);
  }
  return in.done();
}

void write_address(ByteWriter& out, const ir::IpAddress& address) {
  const bool four = address.family == ir::IpFamily::V4;
  out.byte(four ? 4 : 6);
  for (std::size_t i = 0; i < (four ? 4 : 16); ++i) out.byte(address.bytes[i]);
}

ir::IpAddress read_address(ByteReader& in) {
  ir::IpAddress address;
  address.family = in.byte() == 4 ? ir::IpFamily::V4 : ir::IpFamily::V6;
  const std::string_view bytes = in.text(address.family == ir::IpFamily::V4 ? 4 : 16);
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  return address;
}

}  // namespace weir::simulator
