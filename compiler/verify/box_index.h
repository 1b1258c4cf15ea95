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
/// the label that splits the namespace best, everything else by its kind and its addresses.
class BoxIndex {
 public:
  using Entry = std::pair<ir::RuleId, const EndBox*>;
  BoxIndex() = default;
  explicit BoxIndex(const std::vector<Entry>&);

  /// How many `candidates` will give; for choosing between two indexes.
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
  /// Address intervals of one kind, by first address; `reach` is the greatest last address up to here.
  struct Range {
    ir::IpAddress first, last, reach;
    ir::RuleId rule;
  };
  struct KindShelf {
    Ids anywhere;  // boxes of a kind whose address does not matter
    std::vector<Range> ranges;
  };
  static Shelf make_shelf(const std::vector<Entry>&);
  void file_other(const Entry&);
  void visit(const EndBox&, auto each) const;
  static void visit_ranges(const KindShelf&, const ir::AddressSet&, auto each);

  std::map<std::string, Shelf, std::less<>> shelves_;  // by namespace; "" for boxes that pin none
  std::map<std::uint32_t, KindShelf> by_kind_;
};

}  // namespace weir::compiler
