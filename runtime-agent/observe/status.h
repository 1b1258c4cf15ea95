#pragma once

#include <string>

#include "runtime-agent/load/datapath.h"

namespace weir::agent {

/// What happened since the start, beside what the datapath knows itself.
struct Progress {
  LoadReport last;
  std::uint64_t loads = 0, refused = 0, events = 0, lost = 0;
  std::string last_refusal;  // empty: the last bundle was accepted
};

/// `weir-agent status`: one `key: value` per line.
[[nodiscard]] std::string status_text(const Datapath&, const Progress&);

}  // namespace weir::agent
