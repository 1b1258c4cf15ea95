#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::ir {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
/// Found by a view, without a copy.
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

/// Host names of listeners and routes (gateway.md 13) to a number each: one hash for precise names, one for the suffixes of
/// wildcards, which are walked from the longest.
class HostIndex {
 public:
  /// "" takes every host, "*.s" what ends in ".s". Of equal names the first number stays.
  void add(std::string_view hostname, std::uint32_t number) {
    if (hostname.empty()) {
      if (!all_) all_ = number;
    } else if (hostname.starts_with("*.")) {
      suffixes_.try_emplace(std::string(hostname.substr(1)), number);
      longest_ = std::max(longest_, hostname.size() - 1);
    } else {
      precise_.try_emplace(std::string(hostname), number);
    }
  }
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view hostname) const {
    if (hostname.empty()) return all_;
    const bool wildcard = hostname.starts_with("*.");
    return at(wildcard ? suffixes_ : precise_, wildcard ? hostname.substr(1) : hostname);
  }
  /// Calls `visit` with the numbers of the names that take the host, the most specific first, until it answers true.
  template <class Visit>
  bool walk(std::string_view host, const Visit& visit) const {
    if (const auto number = precise_.empty() ? std::nullopt : at(precise_, host); number && visit(*number)) return true;
    // A wildcard takes one label at least, so that the first byte never begins the suffix.
    const std::size_t from = host.size() > longest_ ? std::max<std::size_t>(1, host.size() - longest_) : 1;
    for (std::size_t dot = suffixes_.empty() ? host.npos : host.find('.', from); dot != host.npos; dot = host.find('.', dot + 1))
      if (const auto number = at(suffixes_, host.substr(dot)); number && visit(*number)) return true;
    return all_ && visit(*all_);
  }
  /// The most specific one.
  [[nodiscard]] std::optional<std::uint32_t> best(std::string_view host) const {
    std::optional<std::uint32_t> found;
    walk(host, [&](std::uint32_t number) { return found = number, true; });
    return found;
  }
  [[nodiscard]] bool empty() const { return precise_.empty() && suffixes_.empty() && !all_; }

 private:
  static std::optional<std::uint32_t> at(const TextMap<std::uint32_t>& map, std::string_view text) {
    const auto found = map.find(text);
    return found == map.end() ? std::nullopt : std::optional(found->second);
  }

  TextMap<std::uint32_t> precise_, suffixes_;
  std::optional<std::uint32_t> all_;
  std::size_t longest_ = 0;  // of the suffixes
};

}  // namespace weir::ir
