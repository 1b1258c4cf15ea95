#pragma once

#include "simulator/replay/address_classes.h"
#include "simulator/replay/gathered.h"

namespace weir::simulator {

/// Puts the representative of its class in the place of an outside address. `addresses` null: nothing is changed.
void generalise(const AddressClasses* addresses, const Parties&, PartyId source, PartyId destination, ir::IpAddress& client,
                ir::IpAddress& server);

/// Counts finished connections by their shape.
class Closing {
 public:
  /// `addresses` may be null: every address is kept.
  Closing(Gathered& sum, const AddressClasses* addresses) : sum_(sum), addresses_(addresses) {}
  void add(const ConnectionKey&, const Connection&);
  /// So many connections that differ in their times and the client's port only, as one: from the first line of any of them to
  /// the last, with the example of the earliest.
  void add_alike(const ConnectionKey&, const Connection&, std::uint64_t connections, bool policy_changed);
  /// Whether policy changed between the first and the last line of a connection.
  [[nodiscard]] bool changed_between(std::int64_t first, std::int64_t last) const;

 private:
  void add_half(const ConnectionKey&, const Connection&, bool client_is_low, std::uint64_t connections, bool policy_changed);

  Gathered& sum_;
  const AddressClasses* addresses_;
};

}  // namespace weir::simulator
