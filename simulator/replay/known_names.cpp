#include "simulator/replay/known_names.h"

#include <algorithm>

namespace weir::simulator {

KnownNames::KnownNames(const Gathered& gathered) : parties_(gathered.interned.parties) {
  for (const NameFact& fact : gathered.names) names_[key_of(fact.source)][fact.address].push_back(gathered.texts.at({fact.name}));
  for (auto& [source, addresses] : names_)
    for (auto& [address, names] : addresses) {
      std::sort(names.begin(), names.end());
      names.erase(std::unique(names.begin(), names.end()), names.end());
    }
}

std::string KnownNames::key_of(PartyId id) const {
  const Party& party = parties_.at(id);
  if (party.pod.empty()) return std::to_string(id.index);
  return party.cluster + "/" + party.namespace_name + "/" + party.pod;
}

const std::vector<std::string>& KnownNames::of(PartyId source, const ir::IpAddress& address) const {
  static const std::vector<std::string> kNone;
  if (names_.empty()) return kNone;
  const auto at = names_.find(key_of(source));
  if (at == names_.end()) return kNone;
  const auto known = at->second.find(address);
  return known == at->second.end() ? kNone : known->second;
}

}  // namespace weir::simulator
