#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/verify/space.h"
#include "ir/flow/rule_ref.h"

namespace weir::compiler {

/// Finds the rules whose boxes may overlap a box, without looking at all of them: pods are filed by namespace and then by
/// the label that splits the namespace best, everything else by its kind.
class BoxIndex {
 public:
  using Entry = std::pair<ir::RuleId, const EndBox*>;
  BoxIndex() = default;
  explicit BoxIndex(const std::vector<Entry>&);

  /// No fewer than `candidates` will give; for choosing between two indexes.
  [[nodiscard]] std::size_t count(const EndBox&) const;
  /// Every rule with a box that overlaps, and others; unsorted, with repeats.
  void candidates(const EndBox&, std::vector<ir::RuleId>& into) const;

 private:
  using Ids = std::vector<ir::RuleId>;
  struct Shelf {
    std::string key;
    std::map<std::string, Ids, std::less<>> by_value;
    Ids loose;  // do not pin the key
  };
  static Shelf make_shelf(const std::vector<Entry>&);
  void visit(const EndBox&, auto each) const;

  std::map<std::string, Shelf, std::less<>> shelves_;  // by namespace; "" for boxes that pin none
  std::map<std::uint32_t, Ids> by_kind_;
};

}  // namespace weir::compiler
