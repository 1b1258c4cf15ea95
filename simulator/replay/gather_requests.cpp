// Tested by tests/unit/simulator/replay/requests_test.cpp.

#include "simulator/replay/gather_requests.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "simulator/replay/closing.h"

namespace weir::simulator {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// As DNS compares names: small letters, without the dot of the root.
std::string domain_of(std::string_view name) {
  std::string out = lower(name);
  if (out.size() > 1 && out.back() == '.') out.pop_back();
  return out;
}

/// "METHOD URL\nname: value\n...", headers in the order of the line.
std::string text_of(const HttpDetail& http) {
  std::string text = std::string(http.method) + " " + std::string(http.url);
  for (const auto& [name, value] : http.headers) {
    text += "\n";
    text.append(name).append(": ").append(value);
  }
  return text;
}

void add_fact(Gathered& sum, PartyId source, const std::optional<ir::IpAddress>& address, std::string_view name) {
  if (!address || name.empty() || source.index == 0) return;
  sum.names.insert({source, *address, sum.texts.id(domain_of(name)).index});
}

/// Hubble swaps the ends of an answer: its destination is who asked (flows.md 1.4, 2).
void gather_answer(const Record& record, const DnsDetail& dns, Gathered& sum) {
  if (dns.rcode != 0) return;
  for (const std::string_view ip : dns.ips) add_fact(sum, record.destination, ir::parse_address(ip), dns.query);
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t more) { return (hash ^ more) * 0x9e3779b97f4a7c15u + (hash >> 29); }

/// Of what the request says, not of the numbers that it has here.
std::uint64_t content_hash(const Gathered& sum, const RequestShape& shape) {
  const auto bytes = [](const ir::IpAddress& address) { return hash_bytes({reinterpret_cast<const char*>(address.bytes.data()), 16}); };
  const std::uint64_t numbers = std::uint64_t{shape.port} << 32 | std::uint64_t{shape.protocol} << 24 | static_cast<std::uint64_t>(shape.direction) << 16 |
                                static_cast<std::uint64_t>(shape.verdict) << 8 | static_cast<std::uint64_t>(shape.dns);
  std::uint64_t hash = hash_bytes(sum.texts.at({shape.text}));
  for (const std::uint64_t part : {sum.interned.parties.at(shape.source).hash, sum.interned.parties.at(shape.destination).hash, bytes(shape.client),
                                   bytes(shape.server), numbers})
    hash = mixed(hash, part);
  return hash;
}

}  // namespace

void add_request(Gathered& sum, const RequestShape& shape, const RequestCount& count) {
  if (const auto at = sum.requests.find(shape); at != sum.requests.end()) return at.value().add(count);
  const std::uint64_t hash = content_hash(sum, shape);
  auto& order = sum.request_order;
  if (order.size() >= Gathered::kRequests) {
    const auto last = std::prev(order.end());
    if (last->first <= hash) {
      sum.requests_left_out += count.requests;
      return;
    }
    const auto out = sum.requests.find(last->second);
    sum.requests_left_out += out->second.requests;
    sum.requests.erase(out);
    order.erase(last);
  }
  order.emplace(hash, shape);
  sum.requests.emplace(shape, count);
}

void gather_request(const Record& record, const AddressClasses* addresses, Gathered& sum) {
  if (record.detail == nullptr) return;
  const FlowDetail& detail = *record.detail;
  for (const std::string_view name : detail.destination_names)
    if (record.is_reply != Tristate::Yes && record.l7 != L7Type::Response) add_fact(sum, record.source, record.destination_address, name);
  if (record.l7 == L7Type::Response && detail.dns) return gather_answer(record, *detail.dns, sum);
  if (record.l7 != L7Type::Request || (!detail.http && !detail.dns)) return;
  if (!record.source_address || !record.destination_address || !record.has_ports || !record.protocol) return;
  RequestShape shape{record.source, record.destination, *record.source_address, *record.destination_address, record.destination_port,
                     static_cast<std::uint8_t>(*record.protocol), record.direction, record.verdict, detail.dns.has_value(), 0};
  generalise(addresses, sum.interned.parties, shape.source, shape.destination, shape.client, shape.server);
  // flows.md 1.4, 4: the protocol of these lines is not to be trusted.
  if (shape.dns) shape.protocol = static_cast<std::uint8_t>(ir::Protocol::Udp);
  shape.text = sum.texts.id(detail.dns ? domain_of(detail.dns->query) : text_of(*detail.http)).index;
  RequestCount count;
  count.requests = 1;
  count.timed = record.has_time;
  count.first = count.last = count.example_time = record.time;
  count.example = record.uuid;
  add_request(sum, shape, count);
}

}  // namespace weir::simulator
