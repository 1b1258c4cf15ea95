#pragma once

#include <string_view>

#include "simulator/flows/parties.h"

namespace weir::simulator {

/// One field of a party's serialised form (Parties::key): 'i' identity (four bytes, little-endian), 'c' cluster, 'n' namespace,
/// 'p' pod, 'l' a label, 'w' and 'k' name and kind of the workload.
struct PartyField {
  char tag = 0;
  std::string_view value;
};

/// Takes the first field off `key`; false at the end, and when what is left is no field.
[[nodiscard]] bool take_field(std::string_view& key, PartyField& field);

/// The party that a key stands for, without its hash. A key that is damaged gives what comes before the damage.
[[nodiscard]] Party party_of_key(std::string_view key);

/// The id of the party with this key, added when it is new.
[[nodiscard]] PartyId intern(Parties&, std::string_view key);

}  // namespace weir::simulator
