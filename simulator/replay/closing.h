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

 private:
  [[nodiscard]] bool changed_inside(const Connection&) const;
  void add_half(const ConnectionKey&, const Connection&, bool client_is_low);

  Gathered& sum_;
  const AddressClasses* addresses_;
};

}  // namespace weir::simulator
