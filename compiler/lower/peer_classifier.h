#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "compiler/lower/cidr_index.h"
#include "compiler/lower/hash.h"
#include "compiler/lower/selector_index.h"
#include "ir/tables/rule_index.h"

namespace weir::compiler {

/// Peers -> signatures of a RuleIndex: equal sets of matchers get one number. The index must outlive it.
class PeerClassifier {
 public:
  explicit PeerClassifier(ir::RuleIndex& index);
  /// What is true of every address in `prefix` that no longer prefix of the rules covers.
  [[nodiscard]] ir::Signature signature(const ir::LabelSet&, const std::optional<ir::IpPrefix>& prefix);
  /// Of an end that has no address, as the evaluator sees it.
  [[nodiscard]] ir::Signature without_address(const ir::LabelSet&);
  [[nodiscard]] std::vector<ir::IpPrefix> prefixes() const { return cidrs_.prefixes(); }

 private:
  /// What the labels alone say.
  struct ByLabels {
    ir::Signature signature;        // of an end with an address: what CIDRs add comes on top
    ir::Signature without_address;  // /0 is the world itself (policy.md 2.6)
    bool by_address = false;        // CIDRs apply to it (policy.md 2.6)
  };
  [[nodiscard]] const ByLabels& by_labels(const ir::LabelSet&);
  [[nodiscard]] ir::Signature intern(std::vector<std::uint64_t> bits);
  [[nodiscard]] std::vector<std::uint64_t> bits_of(const std::vector<std::uint32_t>& numbers) const;

  ir::RuleIndex& index_;
  std::vector<std::uint32_t> selector_bits_;  // number in selectors_ -> bit
  SelectorIndex selectors_;
  CidrIndex cidrs_;
  std::vector<std::pair<std::uint32_t, ir::IpFamily>> whole_;  // bits of /0 without except
  std::unordered_map<ir::LabelSet, ByLabels, LabelSetHash> known_labels_;
  std::unordered_map<std::vector<std::uint64_t>, ir::Signature, WordsHash> known_bits_;
  std::unordered_map<std::vector<std::uint32_t>, ir::Signature, WordsHash> combined_;  // signature, then CIDR bits
};

}  // namespace weir::compiler
