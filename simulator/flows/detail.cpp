#include "simulator/flows/detail.h"

#include <array>
#include <cstring>
#include <utility>

namespace weir::simulator {
namespace {

/// The value of a hexadecimal digit; 255 for anything else.
constexpr std::array<std::uint8_t, 256> kDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(255);
  for (unsigned i = 0; i < 10; ++i) digits['0' + i] = static_cast<std::uint8_t>(i);
  for (unsigned i = 10; i < 16; ++i) digits['a' + i - 10] = digits['A' + i - 10] = static_cast<std::uint8_t>(i);
  return digits;
}();

}  // namespace

void DetailStore::clear() {
  if (result() == nullptr) return;
  drop_http();
  drop_dns();
  detail.source_names.clear();
  detail.destination_names.clear();
  detail.node_labels.clear();
  detail.source_service_namespace = detail.source_service = detail.destination_service_namespace = detail.destination_service = {};
  detail.tcp_flags = 0;
  detail.source_translated.reset();
}

void DetailStore::drop_http() {
  if (!detail.http) return;
  spare_http_.headers = std::move(detail.http->headers);
  spare_http_.headers.clear();
  detail.http.reset();
}

HttpDetail& DetailStore::new_http() { return detail.http.emplace(std::move(spare_http_)); }

void DetailStore::drop_dns() {
  if (!detail.dns) return;
  spare_dns_ = std::move(*detail.dns);
  spare_dns_.query = {};
  spare_dns_.ips.clear();
  spare_dns_.cnames.clear();
  spare_dns_.query_types.clear();
  spare_dns_.rcode = spare_dns_.ttl = 0;
  detail.dns.reset();
}

DnsDetail& DetailStore::new_dns() { return detail.dns.emplace(std::move(spare_dns_)); }

const FlowDetail* DetailStore::result() const {
  const bool service = !detail.source_service_namespace.empty() || !detail.source_service.empty() ||
                       !detail.destination_service_namespace.empty() || !detail.destination_service.empty();
  const bool filled = detail.http || detail.dns || !detail.destination_names.empty() || !detail.source_names.empty() || service ||
                      detail.tcp_flags != 0 || detail.source_translated || !detail.node_labels.empty();
  return filled ? &detail : nullptr;
}

Uuid parse_uuid(std::string_view text) {
  constexpr std::size_t kLength = 36, kGroups[] = {8, 4, 4, 4, 12};
  if (text.size() != kLength || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return {};
  std::array<char, 32> digits;
  const char* from = text.data();
  char* to = digits.data();
  for (const std::size_t group : kGroups) {
    std::memcpy(to, from, group);
    to += group;
    from += group + 1;
  }
  Uuid uuid{};
  std::uint8_t seen = 0;  // of the digits' values: 255 has bits that no digit has
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    const std::uint8_t high = kDigits[static_cast<unsigned char>(digits[2 * i])], low = kDigits[static_cast<unsigned char>(digits[2 * i + 1])];
    seen |= high | low;
    uuid[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return seen > 15 ? Uuid{} : uuid;
}

}  // namespace weir::simulator
