#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "simulator/replay/gathered.h"

namespace weir::simulator {

/// What each recorded endpoint knows an address by: what DNS answered to it anywhere in the recording, and the names that
/// flows give (flows.md 1.5 "FQDN"). When it was answered does not count: Cilium keeps names longer than their time to live,
/// and the order of lines of two nodes proves nothing.
class KnownNames {
 public:
  explicit KnownNames(const Gathered&);
  /// Sorted; empty: nothing is recorded.
  [[nodiscard]] const std::vector<std::string>& of(PartyId source, const ir::IpAddress&) const;

 private:
  /// A pod by its name, whatever else its lines say of it.
  [[nodiscard]] std::string key_of(PartyId) const;

  const Parties& parties_;
  std::map<std::string, std::map<ir::IpAddress, std::vector<std::string>>> names_;
};

}  // namespace weir::simulator
