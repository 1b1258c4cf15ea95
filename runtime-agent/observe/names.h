#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "backends/ebpf/bundle/bundle.h"

namespace weir::agent {

/// What the events of one bundle call things, as ready JSON text.
class Names {
 public:
  explicit Names(std::shared_ptr<const backends::Bundle>);

  /// The `source` or `destination` object of a flow. `identity` 0: the kernel did not look it up.
  [[nodiscard]] const std::string& endpoint(const ir::IpAddress&, std::uint32_t identity);
  /// cli.md "Rule reference"; empty: no rule. `default_deny`: nothing allowed it, the rule is the one that isolates.
  [[nodiscard]] const std::string& rule(std::uint32_t rule, bool default_deny);
  /// An entry of `ingress_allowed_by` and the like; empty: no rule.
  [[nodiscard]] const std::string& policy(std::uint32_t rule);
  [[nodiscard]] const backends::Bundle& bundle() const { return *bundle_; }

 private:
  std::shared_ptr<const backends::Bundle> bundle_;
  std::unordered_map<std::uint32_t, std::size_t> identity_at_;  // number -> index
  std::unordered_map<std::string, std::string> endpoints_;      // address and number -> text
  std::unordered_map<std::uint64_t, std::string> rules_, policies_;
};

}  // namespace weir::agent
