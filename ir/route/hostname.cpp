#include "ir/route/hostname.h"

#include <algorithm>
#include <compare>

namespace weir::ir {

bool is_wildcard(std::string_view hostname) { return hostname.starts_with("*."); }

bool hostname_matches(std::string_view hostname, std::string_view host) {
  if (hostname.empty()) return true;
  if (!is_wildcard(hostname)) return hostname == host;
  // gateway.md 13: "*.example.com" takes a.example.com and a.b.example.com, never example.com.
  const std::string_view suffix = hostname.substr(1);
  return host.size() > suffix.size() && host.ends_with(suffix);
}

std::optional<std::string> intersect(std::string_view listener, std::string_view route) {
  if (listener.empty()) return std::string(route);
  if (route.empty() || listener == route) return std::string(listener);
  // Two wildcards: the longer one, when its suffix lies inside the other's.
  if (is_wildcard(listener) && is_wildcard(route)) {
    const auto [shorter, longer] = std::minmax(listener, route, [](auto a, auto b) { return a.size() < b.size(); });
    return longer.ends_with(shorter.substr(1)) ? std::optional(std::string(longer)) : std::nullopt;
  }
  if (is_wildcard(listener)) return hostname_matches(listener, route) ? std::optional(std::string(route)) : std::nullopt;
  return hostname_matches(route, listener) ? std::optional(std::string(listener)) : std::nullopt;
}

HostRank host_rank(std::string_view hostname) {
  if (is_wildcard(hostname)) return {0, hostname.size()};
  return {hostname.size(), 0};
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::string host_of(std::string_view authority) {
  if (authority.starts_with('[')) return lower(authority.substr(1, authority.find(']') - 1));
  // More than one colon without brackets is a bare IPv6 address.
  const std::size_t colon = authority.find(':');
  if (colon != std::string_view::npos && colon == authority.rfind(':')) authority = authority.substr(0, colon);
  return lower(authority);
}

}  // namespace weir::ir
