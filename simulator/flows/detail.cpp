#include "simulator/flows/detail.h"

#include <utility>

namespace weir::simulator {
namespace {

/// 0 to 15, or 255.
std::uint8_t digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? static_cast<std::uint8_t>(low - 'a' + 10) : 255;
}

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
  constexpr std::size_t kLength = 36;
  if (text.size() != kLength) return {};
  Uuid uuid{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      if (text[at++] != '-') return {};
    const std::uint8_t high = digit_of(text[at]), low = digit_of(text[at + 1]);
    if (high > 15 || low > 15) return {};
    uuid[i] = static_cast<std::uint8_t>(high << 4 | low);
    at += 2;
  }
  return uuid;
}

}  // namespace weir::simulator
