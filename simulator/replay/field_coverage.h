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
  static constexpr std::size_t kFields = 8;

  FieldCoverage() = default;
  FieldCoverage(std::uint64_t flows, const std::array<std::uint64_t, kFields>& present) : flows_(flows), present_(present) {}
  [[nodiscard]] std::uint64_t flows() const { return flows_; }
  [[nodiscard]] const std::array<std::uint64_t, kFields>& present() const { return present_; }

  /// So many flows like this one.
  void add(const Record&, const Parties&, std::uint64_t flows = 1);
  void merge(const FieldCoverage&);
  /// The fields that more than half of the flows lack, by their names in flow.proto.
  [[nodiscard]] std::vector<std::string> missing() const;

 private:
  std::uint64_t flows_ = 0;
  std::array<std::uint64_t, kFields> present_{};
};

}  // namespace weir::simulator
