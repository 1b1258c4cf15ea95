#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/flows/parties.h"

namespace weir::simulator {

/// The text of `source` and `destination` objects seen before -> their party. The same endpoint is written the same way
/// in every line of a node, so that a known one costs a comparison of bytes. Bounded: starts anew when it is full.
class PartyCache {
 public:
  struct Known {
    std::string_view text;
    PartyId party;
    bool local = false;
  };

  /// What tells endpoints apart before their text was read: the address of that end and how the object begins. 32 bytes
  /// from `object` are readable.
  [[nodiscard]] static std::uint64_t key_of(const char* object, const std::optional<ir::IpAddress>& address);

  /// One whose text `text` begins with, or null. Good until the next add().
  [[nodiscard]] const Known* find(std::uint64_t key, std::string_view text) const;
  void add(std::uint64_t key, const Known& known);

 private:
  static constexpr std::size_t kWays = 4;
  struct Entry {
    std::uint64_t key = 0;
    Known known;  // no text: empty
  };

  void start(std::size_t sets);
  void grow();

  std::vector<Entry> entries_;  // kWays of each set
  std::vector<std::string> chunks_;
  std::size_t sets_ = 0, used_ = 0, bytes_ = 0;
};

}  // namespace weir::simulator
