#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/base/result.h"
#include "simulator/flows/parties.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

/// Counts which fields the flows of a recording have: exporters can be told to leave fields out (flows.md 1.3).
class FieldCoverage {
 public:
  static constexpr std::size_t kFields = 12;

  FieldCoverage() = default;
  FieldCoverage(std::uint64_t flows, const std::array<std::uint64_t, kFields>& present) : flows_(flows), present_(present) {}
  [[nodiscard]] std::uint64_t flows() const { return flows_; }
  [[nodiscard]] const std::array<std::uint64_t, kFields>& present() const { return present_; }

  /// So many flows like this one.
  void add(const Record&, const Parties&, std::uint64_t flows = 1);
  void merge(const FieldCoverage&);
  /// The fields that more than half of the flows lack, by their names in flow.proto.
  [[nodiscard]] std::vector<std::string> missing() const;
  /// The fields that a verdict needs and no flow has: a mask deleted them.
  [[nodiscard]] std::vector<std::string> deleted() const;

 private:
  struct Count { std::uint64_t present, of; };
  [[nodiscard]] Count count(std::size_t field) const;

  std::uint64_t flows_ = 0;
  std::array<std::uint64_t, kFields> present_{};
};

/// What the first flows of each recording have, 2,000 together, and flows further inside where a file can be entered.
/// Standard input and pipes are left alone: their bytes come only once.
[[nodiscard]] ir::Result<FieldCoverage> sample_fields(const std::vector<std::string>& paths);

/// Why nothing can be said of recordings with these fields, and the mask to set; exit code 3. Nothing: they will do.
[[nodiscard]] std::optional<ir::Error> refusal_of(const FieldCoverage&);

/// The shortest field mask that leaves replay all it needs, as a value of Cilium's Helm chart: "{time,verdict,...}".
[[nodiscard]] std::string minimum_mask();

}  // namespace weir::simulator
