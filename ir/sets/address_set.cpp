#include "ir/sets/address_set.h"

namespace weir::ir {

std::optional<IpAddress> AddressLine::previous(IpAddress address) {
  for (unsigned byte = address.bits() / 8; byte-- > 0;)
    if (address.bytes[byte]-- != 0) return address;
  return std::nullopt;
}

AddressSet every_address(IpFamily family) { return addresses_of(IpPrefix{IpAddress{family, {}}, 0}); }

AddressSet every_address() { return every_address(IpFamily::V4).unite(every_address(IpFamily::V6)); }

AddressSet addresses_of(const IpPrefix& prefix) { return AddressSet::of(prefix.address, last_address(prefix)); }

AddressSet addresses_of(const CidrPeer& peer) {
  std::vector<AddressSet::Interval> except;
  for (const IpPrefix& prefix : peer.except) except.push_back({prefix.address, last_address(prefix)});
  return addresses_of(peer.cidr).subtract(AddressSet::joined(std::move(except)));
}

std::optional<IpAddress> witness(const AddressSet& set) {
  if (set.empty()) return std::nullopt;
  const AddressSet::Interval& first = set.intervals.front();
  return first.first < first.last ? next(first.first) : first.first;
}

}  // namespace weir::ir
