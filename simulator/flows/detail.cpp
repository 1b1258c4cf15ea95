#include "simulator/flows/detail.h"

#include <array>
#include <cstring>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace weir::simulator {
namespace {

#if defined(__SSE2__)

/// Sixteen hexadecimal digits -> eight numbers below 256; `good` falls when one is none.
__m128i bytes_of(const char* digits, bool& good) {
  const auto fill = [](char c) { return _mm_set1_epi8(c); };
  const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(digits));
  const __m128i low = _mm_or_si128(text, fill(0x20));
  const __m128i is_digit = _mm_and_si128(_mm_cmpgt_epi8(text, fill('0' - 1)), _mm_cmplt_epi8(text, fill('9' + 1)));
  const __m128i is_letter = _mm_and_si128(_mm_cmpgt_epi8(low, fill('a' - 1)), _mm_cmplt_epi8(low, fill('f' + 1)));
  good = good && _mm_movemask_epi8(_mm_or_si128(is_digit, is_letter)) == 0xffff;
  const __m128i values = _mm_or_si128(_mm_and_si128(is_digit, _mm_sub_epi8(text, fill('0'))),
                                      _mm_and_si128(is_letter, _mm_sub_epi8(low, fill('a' - 10))));
  // The first digit of each pair is the low byte of its half word.
  return _mm_or_si128(_mm_slli_epi16(_mm_and_si128(values, _mm_set1_epi16(0xff)), 4), _mm_srli_epi16(values, 8));
}

Uuid uuid_of(const std::array<char, 32>& digits) {
  bool good = true;
  const __m128i first = bytes_of(digits.data(), good), second = bytes_of(digits.data() + 16, good);
  Uuid uuid{};
  if (good) _mm_storeu_si128(reinterpret_cast<__m128i*>(uuid.data()), _mm_packus_epi16(first, second));
  return uuid;
}

#else

/// 0 to 15, or 255.
std::uint8_t digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? static_cast<std::uint8_t>(low - 'a' + 10) : 255;
}

Uuid uuid_of(const std::array<char, 32>& digits) {
  Uuid uuid{};
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    const std::uint8_t high = digit_of(digits[2 * i]), low = digit_of(digits[2 * i + 1]);
    if (high > 15 || low > 15) return {};
    uuid[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return uuid;
}

#endif

}  // namespace

void DetailStore::clear() {
  if (!std::exchange(used, false)) return;
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
  if (!used) return nullptr;
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
  return uuid_of(digits);
}

}  // namespace weir::simulator
