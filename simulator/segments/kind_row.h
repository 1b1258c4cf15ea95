#pragma once

#include <cstddef>

#include "simulator/flows/record.h"
#include "simulator/segments/bytes.h"
#include "simulator/segments/dictionary.h"
#include "simulator/segments/format.h"

namespace weir::simulator {

/// A flow without addresses, ports, time, uuid and request. `detail` and kSourceIsLow are left out; parties and nodes keep the
/// numbers of the run.
[[nodiscard]] Kind kind_of(const Record&);
/// The other way. `kind.detail` is left to the caller.
void apply(const Kind&, Record&);

struct KindHash {
  std::size_t operator()(const Kind&) const noexcept;
};

[[nodiscard]] inline bool is_icmp(std::uint8_t protocol) { return protocol == 1 || protocol == 58; }

/// What filters and names ask for, and what HTTP or DNS said, as bytes with the numbers of `texts`.
[[nodiscard]] std::string detail_bytes(const FlowDetail&, Dictionary& texts);
[[nodiscard]] std::string request_bytes(const FlowDetail&, Dictionary& texts);

/// What they were. False: damaged.
[[nodiscard]] bool read_detail(std::string_view bytes, const std::vector<std::string_view>& texts, FlowDetail&);
[[nodiscard]] bool read_request(std::string_view bytes, const std::vector<std::string_view>& texts, FlowDetail&);

/// An address as it stands in a column: 4 or 6 and its bytes.
void write_address(ByteWriter&, const ir::IpAddress&);
[[nodiscard]] ir::IpAddress read_address(ByteReader&);

}  // namespace weir::simulator
