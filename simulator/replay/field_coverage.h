#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "simulator/flows/parties.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

/// Counts which fields the flows of a recording have: exporters can be told to leave fields out (flows.md 1.3).
class FieldCoverage {
 public:
  void add(const Record&, const Parties&);
  void merge(const FieldCoverage&);
  /// The fields that more than half of the flows lack, by their names in flow.proto.
  [[nodiscard]] std::vector<std::string> missing() const;

 private:
  static constexpr std::size_t kFields = 8;
  std::uint64_t flows_ = 0;
  std::array<std::uint64_t, kFields> present_{};
};

}  // namespace weir::simulator
