#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::ir {

// Host names of listeners and routes (gateway.md 13). All are lower case; empty means every host; "*.s" is a suffix
// match of any number of labels, and never matches s itself.

[[nodiscard]] bool is_wildcard(std::string_view hostname);  // "*.example.com"
[[nodiscard]] bool hostname_matches(std::string_view hostname, std::string_view host);
/// The hosts that both take, or nullopt when there are none.
[[nodiscard]] std::optional<std::string> intersect(std::string_view listener, std::string_view route);

/// Order of gateway.md 16 and 22a: a longer precise name, then a longer wildcard, then none. Greater is more specific.
struct HostRank {
  std::size_t precise = 0, wildcard = 0;  // characters
  friend auto operator<=>(const HostRank&, const HostRank&) = default;
};
[[nodiscard]] HostRank host_rank(std::string_view hostname);

/// A Host header or :authority without its port, lower case: "Example.com:8080" is "example.com", "[::1]:80" is "::1".
[[nodiscard]] std::string host_of(std::string_view authority);
[[nodiscard]] std::string lower(std::string_view);

}  // namespace weir::ir
