#pragma once

#include <cstdint>

#include "simulator/flows/enum_names.h"
#include "simulator/flows/record.h"

/// Numbers of a flow -> Record, for both decoders. -1: it is there and is no number.
namespace weir::simulator {

/// Port 0 is legal on the wire but protojson leaves it out, as a masked field is; SOCK lines lack one of the ports.
inline void set_ports(std::int64_t source, std::int64_t destination, Record& record) {
  record.has_ports = destination > 0 && destination <= 65535 && source >= 0 && source <= 65535;
  record.source_port = static_cast<std::uint16_t>(source < 0 || source > 65535 ? 0 : source);
  record.destination_port = static_cast<std::uint16_t>(record.has_ports ? destination : 0);
}

inline void set_icmp(std::int64_t type, std::int64_t code, Record& record) {
  record.has_ports = type >= 0 && type <= 255 && code >= 0 && code <= 255;
  record.source_port = record.destination_port = static_cast<std::uint16_t>(record.has_ports ? type : 0);
  record.icmp_code = static_cast<std::uint8_t>(record.has_ports ? code : 0);
}

inline std::uint8_t drop_of_number(std::int64_t number) {
  return static_cast<std::uint8_t>(number < 0 || number > kOtherDrop ? kOtherDrop : number);
}

}  // namespace weir::simulator
