#pragma once

#include <string>

#include "simulator/flows/decode.h"
#include "simulator/flows/flow_reader.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

/// A record as `hubble observe -o jsonpb` prints it, with a line end: a line that reads as the same record.
[[nodiscard]] std::string to_jsonpb(const Record&, const Interned&);
/// What a reader said besides its records: lost events and nodes that went away, as lines.
[[nodiscard]] std::string to_jsonpb(const ReadStats&, const Interned&);

}  // namespace weir::simulator
