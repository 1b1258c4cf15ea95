#include "simulator/flows/shapes.h"

#include <bit>
#include <cstring>

#include "simulator/flows/detail.h"

namespace weir::simulator {
namespace {

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

/// One to three digits without a leading zero; 256 for anything else.
unsigned octet(const char* at, unsigned size) {
  const auto digit = [&](unsigned i) { return static_cast<unsigned>(at[i] - '0'); };
  if (size == 1) return digit(0);
  if (size < 1 || size > 3 || *at == '0') return 256;
  return size == 2 ? digit(0) * 10 + digit(1) : digit(0) * 100 + digit(1) * 10 + digit(2);
}

/// Where the four numbers of a dotted quad end; all zero: there are no four.
struct Quad {
  unsigned ends[4] = {};
};

/// Reads 16 bytes. Digits stand between the ends, and nothing else.
Quad quad_at(const char* at) {
  constexpr unsigned kBytes = 16;
  unsigned dots = 0, others = 1u << kBytes;
#if defined(__SSE2__)
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i digits = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('0' - 1)), _mm_cmplt_epi8(bytes, _mm_set1_epi8('9' + 1)));
  dots = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'))));
  others |= ~(static_cast<unsigned>(_mm_movemask_epi8(digits)) | dots) & 0xffff;
#else
  for (unsigned i = 0; i < kBytes; ++i) {
    if (at[i] == '.') dots |= 1u << i;
    else if (at[i] < '0' || at[i] > '9') others |= 1u << i;
  }
#endif
  Quad quad;
  quad.ends[3] = static_cast<unsigned>(std::countr_zero(others));
  dots &= (1u << quad.ends[3]) - 1;
  for (std::size_t i = 0; i < 3; ++i, dots &= dots - 1) {
    if (dots == 0) return {};
    quad.ends[i] = static_cast<unsigned>(std::countr_zero(dots));
  }
  return dots == 0 ? quad : Quad{};
}

/// Walks ahead of a scanner, which follows when all was as expected.
struct Ahead {
  const char* at;
  const char* end;
  bool good;

  /// `room`: how much may be looked at unchecked. No line ends so soon after what is read here.
  explicit Ahead(const RawScanner& scanner, std::ptrdiff_t room = 96) : at(scanner.at), end(scanner.end), good(end - at >= room) {}

  /// `text` is shorter than the padding.
  template <std::size_t size>
  void expect(const char (&text)[size]) {
    static_assert(size <= 32);
    good = good && std::memcmp(at, text, size - 1) == 0;
    at += size - 1;
  }
  void expect(std::string_view text) {
    good = good && at <= end && text.size() <= static_cast<std::size_t>(end - at) && std::memcmp(at, text.data(), text.size()) == 0;
    if (good) at += text.size();
  }
  /// `count` letters of a string, none of which needs a closer look.
  void plain(std::size_t count) {
    if (good) good = RawScanner::plain_end(at, end) == at + count;
    at += count;
  }
  /// No leading zero, at most five digits.
  std::int64_t port() {
    const char* begin = at;
    std::int64_t number = 0;
    while (*at >= '0' && *at <= '9' && at - begin < 6) number = number * 10 + (*at++ - '0');
    good = good && at != begin && at - begin < 6 && *begin != '0';
    return number;
  }
  /// {"SYN":true,"ACK":true}
  void flags() {
    constexpr std::ptrdiff_t kFlag = 10;
    good = good && *at == '{';
    for (char mark = '{'; good && *at == mark && end - at > 2 * kFlag; mark = ',') {
      ++at;
      good = at[0] == '"' && std::memcmp(at + 4, "\":true", 6) == 0 && is_capital(at[1]) && is_capital(at[2]) && is_capital(at[3]);
      at += kFlag;
    }
    good = good && *at++ == '}';
  }
  /// A number of an interface.
  void index() {
    const char* begin = at;
    while (*at >= '0' && *at <= '9' && at - begin < 10) ++at;
    good = good && at != begin && at - begin < 10 && *begin != '0';
  }
  /// The rest of a string, up to its closing quote.
  void plain() {
    if (good) at = RawScanner::plain_end(at, end);
    good = good && at < end;
  }
  /// A dotted quad without leading zeros.
  void address(std::optional<ir::IpAddress>& out) {
    if (!good) return;
    ir::IpAddress address;
    const Quad quad = quad_at(at);
    unsigned begin = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const unsigned value = octet(at + begin, quad.ends[i] - begin);
      good = good && value <= 255;
      address.bytes[i] = static_cast<std::uint8_t>(value);
      begin = quad.ends[i] + 1;
    }
    at += quad.ends[3];
    out = address;
  }
  /// The scanner comes after.
  bool done(RawScanner& scanner) const {
    if (!good || at > end) return false;
    scanner.at = at;
    return true;
  }
};

}  // namespace

bool take_start(RawScanner& scanner, Record& record, std::string_view& time) {
  constexpr std::size_t kTime = 30, kUuid = 36;
  Ahead ahead(scanner, 128);
  ahead.expect("{\"time\":\"");
  if (!ahead.good) return false;
  const std::string_view text(ahead.at, kTime);
  const std::optional<std::int64_t> parsed = scanner.times.parse(text);
  if (!parsed) return false;
  ahead.at += kTime;
  Uuid uuid{};
  if (ahead.at[3] == 'u') {
    ahead.expect("\",\"uuid\":\"");
    if (!ahead.good) return false;
    uuid = parse_uuid({ahead.at, kUuid});
    // Not one, and then what it holds was not looked at.
    if (uuid == Uuid{}) return false;
    ahead.at += kUuid;
  }
  ahead.expect("\",");
  if (!ahead.done(scanner)) return false;
  record.time = *parsed;
  record.has_time = true;
  if (uuid != Uuid{}) record.uuid = uuid;
  time = text;
  return true;
}

bool take_ethernet(RawScanner& scanner) {
  constexpr std::size_t kMac = 17;
  Ahead ahead(scanner);
  ahead.expect("{\"source\":\"");
  ahead.plain(kMac);
  ahead.expect("\",\"destination\":\"");
  ahead.plain(kMac);
  ahead.expect("\"}");
  return ahead.done(scanner);
}

bool take_interface(RawScanner& scanner) {
  Ahead ahead(scanner);
  ahead.expect("{\"index\":");
  ahead.index();
  ahead.expect(",\"name\":\"");
  ahead.plain();
  ahead.expect("\"}");
  return ahead.done(scanner);
}

bool take_addresses(RawScanner& scanner, Record& record) {
  Ahead ahead(scanner);
  std::optional<ir::IpAddress> source, destination;
  ahead.expect("{\"source\":\"");
  if (!ahead.good) return false;
  ahead.address(source);
  if (!ahead.good) return false;
  ahead.expect("\",\"destination\":\"");
  if (!ahead.good) return false;
  ahead.address(destination);
  ahead.expect("\",\"ipVersion\":\"IPv4\"}");
  if (!ahead.done(scanner)) return false;
  record.source_address = source;
  record.destination_address = destination;
  return true;
}

bool take_ports(RawScanner& scanner, Record& record) {
  Ahead ahead(scanner);
  if (!ahead.good) return false;
  const bool tcp = ahead.at[2] == 'T';
  if (tcp)
    ahead.expect("{\"TCP\":{\"source_port\":");
  else
    ahead.expect("{\"UDP\":{\"source_port\":");
  if (!ahead.good) return false;
  const std::int64_t source = ahead.port();
  ahead.expect(",\"destination_port\":");
  if (!ahead.good) return false;
  const std::int64_t destination = ahead.port();
  if (!ahead.good || source > 65535 || destination > 65535) return false;
  if (*ahead.at == ',') {
    ahead.expect(",\"flags\":");
    ahead.flags();
  }
  ahead.expect("}}");
  if (!ahead.done(scanner)) return false;
  record.protocol = tcp ? ir::Protocol::Tcp : ir::Protocol::Udp;
  record.has_ports = true;
  record.source_port = static_cast<std::uint16_t>(source);
  record.destination_port = static_cast<std::uint16_t>(destination);
  return true;
}

bool take_tail(RawScanner& scanner, std::string_view node, std::string_view time) {
  Ahead ahead(scanner, 0);
  ahead.expect(",\"node_name\":\"");
  ahead.expect(node);
  ahead.expect("\",\"time\":\"");
  ahead.expect(time);
  ahead.expect("\"");
  return ahead.done(scanner);
}

}  // namespace weir::simulator
