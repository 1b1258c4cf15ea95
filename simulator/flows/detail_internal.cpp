// The rarer fields of a flow (flows.md 1.3). Tested by tests/unit/simulator/flows/decode_test.cpp.

#include "simulator/flows/detail_internal.h"

#include <array>

#include "simulator/flows/json_internal.h"

namespace weir::simulator {
namespace {

using simdjson::dom::element;

std::vector<std::string_view> texts_of(element value) {
  std::vector<std::string_view> texts;
  each_item(value, [&](element item) { texts.push_back(text_of(item)); });
  return texts;
}

template <class T>
T bounded(element value, std::int64_t most) {
  const std::int64_t number = number_of(value, 0);
  return static_cast<T>(number < 0 || number > most ? 0 : number);
}

void read_service(element value, std::string_view& name_space, std::string_view& name) {
  each_member(value, [&](Key key, element member) {
    if (key == Key::Namespace) name_space = text_of(member);
    if (key == Key::Name) name = text_of(member);
  });
}

/// The value of a hexadecimal digit; 0x80 for what is none.
constexpr std::array<std::uint8_t, 256> kHex = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(0x80);
  for (std::uint8_t i = 0; i < 10; ++i) table['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) table['a' + i] = table['A' + i] = static_cast<std::uint8_t>(10 + i);
  return table;
}();

constexpr std::array<std::string_view, 8> kFlags = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};

}  // namespace

Uuid parse_uuid(std::string_view text) {
  Uuid uuid{};
  if (text.size() != 36) return uuid;
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  unsigned bad = at[8] ^ '-';
  bad |= (at[13] ^ '-') | (at[18] ^ '-') | (at[23] ^ '-');
  bad = bad != 0 ? 0x80 : 0;
  for (std::size_t byte = 0; byte < uuid.size(); ++byte) {
    at += byte == 4 || byte == 6 || byte == 8 || byte == 10;
    const unsigned high = kHex[at[0]], low = kHex[at[1]];
    bad |= high | low;
    uuid[byte] = static_cast<std::uint8_t>(high << 4 | low);
    at += 2;
  }
  return (bad & 0x80) != 0 ? Uuid{} : uuid;
}

FlowDetail& DetailReader::touch() {
  if (!any_) detail_ = FlowDetail{};
  any_ = true;
  return detail_;
}

bool DetailReader::read_flow_field(Key key, element value, bool all) {
  if (key == Key::DestinationNames) return touch().destination_names = texts_of(value), true;
  if (key == Key::SourceNames) return touch().source_names = texts_of(value), true;
  if (!all) return false;
  if (key == Key::NodeLabels) return touch().node_labels = texts_of(value), true;
  if (key == Key::SourceService) return read_service(value, touch().source_service_namespace, touch().source_service), true;
  if (key == Key::DestinationService)
    return read_service(value, touch().destination_service_namespace, touch().destination_service), true;
  return false;
}

void DetailReader::read_http(element value) {
  HttpDetail http;
  each_member(value, [&](Key key, element member) {
    if (key == Key::Method) http.method = text_of(member);
    if (key == Key::Url) http.url = text_of(member);
    if (key == Key::Protocol) http.protocol = text_of(member);
    if (key == Key::Code) http.status = bounded<std::uint16_t>(member, 999);
    if (key != Key::Headers) return;
    each_item(member, [&](element header) {
      auto& [name, text] = http.headers.emplace_back();
      each_member(header, [&](Key part, element content) {
        if (part == Key::HeaderKey) name = text_of(content);
        if (part == Key::HeaderValue) text = text_of(content);
      });
    });
  });
  touch().http = std::move(http);
}

void DetailReader::read_dns(element value) {
  DnsDetail dns;
  each_member(value, [&](Key key, element member) {
    if (key == Key::Query) dns.query = text_of(member);
    if (key == Key::Ips) dns.ips = texts_of(member);
    if (key == Key::Cnames) dns.cnames = texts_of(member);
    if (key == Key::QueryTypes) dns.query_types = texts_of(member);
    if (key == Key::Rcode) dns.rcode = bounded<std::uint32_t>(member, UINT32_MAX);
    if (key == Key::Ttl) dns.ttl = bounded<std::uint32_t>(member, UINT32_MAX);
  });
  touch().dns = std::move(dns);
}

void DetailReader::forget_l7() {
  detail_.http.reset();
  detail_.dns.reset();
}

void DetailReader::read_l7_field(Key key, element value) {
  if (key == Key::Http && value.is_object()) read_http(value);
  if (key == Key::Dns && value.is_object()) read_dns(value);
}

void DetailReader::read_tcp_flags(element value) {
  simdjson::dom::object members;
  if (value.get_object().get(members) != simdjson::SUCCESS) return;
  for (const auto& [name, member] : members)
    for (std::size_t i = 0; i < kFlags.size(); ++i) {
      bool set = false;
      if (name == kFlags[i] && member.get_bool().get(set) == simdjson::SUCCESS && set)
        touch().tcp_flags = static_cast<std::uint8_t>(touch().tcp_flags | 1u << i);
    }
}

void DetailReader::read_translated(element value) {
  if (const auto address = ir::parse_address(text_of(value))) touch().source_translated = address;
}

}  // namespace weir::simulator
