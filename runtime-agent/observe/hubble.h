#pragma once

#include <cstdint>
#include <string>

#include "backends/ebpf/abi/weir_abi.h"
#include "runtime-agent/observe/names.h"

namespace weir::agent {

/// Appends one kernel event as a Hubble jsonpb line (flows.md 1.1 to 1.3): a policy verdict is event type 5, a drop for any
/// other reason event type 1. weir's own facts stand under `weir`, which other readers skip. `time_ns` is since 1970.
void append_event(std::string& out, const weir_event&, Names&, const std::string& node, std::uint64_t time_ns);

/// Appends a `lost_events` line.
void append_lost(std::string& out, std::uint64_t lost, const std::string& node, std::uint64_t time_ns);

/// RFC 3339 with nine digits and `Z`.
[[nodiscard]] std::string time_text(std::uint64_t time_ns);

}  // namespace weir::agent
