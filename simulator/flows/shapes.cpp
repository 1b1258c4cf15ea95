#include "simulator/flows/shapes.h"

#include <cstring>
#include <utility>

namespace weir::simulator {
namespace {

/// Walks ahead of a scanner, which follows when all was as expected.
struct Ahead {
  const char* start;
  const char* at;
  const char* end;
  bool good;

  /// `room`: how much may be looked at unchecked. No line ends so soon after what is read here.
  explicit Ahead(const RawScanner& scanner, std::ptrdiff_t room = 96) : start(scanner.at), at(scanner.at), end(scanner.end), good(end - at >= room) {}

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
  /// A dotted quad without leading zeros.
  void address(std::optional<ir::IpAddress>& out) {
    ir::IpAddress address;
    for (std::size_t i = 0; i < 4 && good; ++i) {
      const char* begin = at;
      unsigned value = 0;
      while (*at >= '0' && *at <= '9' && at - begin < 4) value = value * 10 + static_cast<unsigned>(*at++ - '0');
      good = at != begin && value <= 255 && (*begin != '0' || at - begin == 1) && at - begin < 4;
      if (i < 3) good = good && *at++ == '.';
      address.bytes[i] = static_cast<std::uint8_t>(value);
    }
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
    if (!ahead.good || ahead.at >= ahead.end || *ahead.at != '{') return false;
    scanner.at = ahead.at;
    scanner.skip();
    if (scanner.bad) return false;
    ahead.at = std::exchange(scanner.at, ahead.start);
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
