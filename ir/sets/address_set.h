#pragma once

#include <optional>
#include <vector>

#include "ir/base/ip.h"
#include "ir/policy/policy_set.h"
#include "ir/sets/interval_set.h"

namespace weir::ir {

struct AddressLine {
  static std::optional<IpAddress> next(const IpAddress& address) { return ir::next(address); }
  static std::optional<IpAddress> previous(IpAddress address);
};

/// Addresses of both families; the IPv4 ones come first. Intervals never join across the families.
using AddressSet = IntervalSet<IpAddress, AddressLine>;

[[nodiscard]] AddressSet every_address();
[[nodiscard]] AddressSet every_address(IpFamily);
[[nodiscard]] AddressSet addresses_of(const IpPrefix&);
/// `cidr` without its `except` (policy.md 2.6).
[[nodiscard]] AddressSet addresses_of(const CidrPeer&);
/// An address people may use: the second of an interval when there is one, so that no network address is shown.
[[nodiscard]] std::optional<IpAddress> witness(const AddressSet&);

}  // namespace weir::ir
