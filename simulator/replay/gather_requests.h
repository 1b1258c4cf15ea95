#pragma once

#include "simulator/replay/gathered.h"

namespace weir::simulator {

/// What a line says of requests and of names: an HTTP or DNS request that a proxy saw, an answer of DNS, the names a flow
/// gives its destination (flows.md 1.5 "FQDN").
/// `addresses` as in GatherOptions.
void gather_request(const Record&, const AddressClasses* addresses, Gathered&);

/// Counts requests, at most Gathered::kRequests distinct ones: those whose content has the smallest hashes stay, so that any
/// order of lines and of merges keeps the same ones.
void add_request(Gathered&, const RequestShape&, const RequestCount&);

}  // namespace weir::simulator
