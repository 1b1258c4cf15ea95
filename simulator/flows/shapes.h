#pragma once

#include "simulator/flows/raw_value.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

// Values in exactly the form that Hubble gives most of them. True: read, and the scanner stands behind it; false: it has
// another form, and the scanner stands where it stood.

/// {"time":"2026-01-01T00:00:00.000000001Z","uuid":"2d1c7458-2ec4-48e0-bb41-ff0dafe6b89a", and stands at the next key. `time`: as written
[[nodiscard]] bool take_start(RawScanner&, Record&, std::string_view& time);
/// {"source":"02:00:00:00:00:01","destination":"02:00:00:00:00:02"}
[[nodiscard]] bool take_ethernet(RawScanner&);
/// {"index":14,"name":"lxc0a1b2c3d4e5f"}
[[nodiscard]] bool take_interface(RawScanner&);
/// {"source":"10.0.0.1","destination":"10.0.0.2","ipVersion":"IPv4"}
[[nodiscard]] bool take_addresses(RawScanner&, Record&);
/// {"TCP":{"source_port":40000,"destination_port":8080}}, UDP as well, and with flags
[[nodiscard]] bool take_ports(RawScanner&, Record&);
/// Behind a flow, its own node and time once more: ,"node_name":"n1","time":"2026-01-01T00:00:00Z"
[[nodiscard]] bool take_tail(RawScanner&, std::string_view node, std::string_view time);

}  // namespace weir::simulator
