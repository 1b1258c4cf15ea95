#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "ir/base/ip.h"

namespace weir::backends {

/// One copy of one table map (abi: "table"): `bytes` is the value of the map for that copy, padded with zeros to the
/// capacity of the shape, little endian.
struct TableImage {
  std::string map;                // a WEIR_MAP_* name
  std::uint32_t element_size = 0;
  std::uint32_t used = 0;         // elements that carry policy; the rest is zero
  std::vector<std::uint8_t> bytes;
  friend auto operator<=>(const TableImage&, const TableImage&) = default;
};

/// One ipcache entry; the identity index counts in `identities` of the same MapContents.
struct IpcacheEntry {
  ir::IpPrefix prefix;
  std::uint32_t identity = 0;
  friend auto operator<=>(const IpcacheEntry&, const IpcacheEntry&) = default;
};

/// What the agent writes into `endpoints` once it knows the interface of the pod.
struct EndpointEntry {
  std::string namespace_name, pod;
  std::vector<ir::IpAddress> addresses;
  std::uint16_t subject_class = 0;
  std::uint32_t identity_index = 0, identity_number = 0;
  friend auto operator<=>(const EndpointEntry&, const EndpointEntry&) = default;
};

/// One entry of `listeners`; `first` counts in `backends` of the same MapContents. Names and reasons are for people.
struct ListenerEntry {
  ir::IpAddress address;
  std::uint16_t port = 0;
  std::uint8_t protocol = 6;
  std::uint8_t kind = 0;  // WEIR_LISTENER_*
  std::uint32_t first = 0, count = 0;
  std::string name, reason;
  friend auto operator<=>(const ListenerEntry&, const ListenerEntry&) = default;
};

/// All that is written into the maps for one TableSet. A plain value; goes into the bundle.
struct MapContents {
  std::vector<TableImage> tables;      // in the order of weir_abi.h
  std::vector<IpcacheEntry> ipcache;   // sorted
  std::vector<EndpointEntry> endpoints;
  std::vector<ListenerEntry> listeners;  // sorted; empty: there is no table `backends`
  friend auto operator<=>(const MapContents&, const MapContents&) = default;
};

}  // namespace weir::backends
