#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"

namespace weir::simulator {

/// A label selector as Hubble's `--label` takes it: "app=web,k8s:tier in (a,b),!legacy,reserved:world". A key without a source
/// is looked for in every source. Empty: every end.
class LabelQuery {
 public:
  /// An Error says what is wrong with the text.
  [[nodiscard]] static ir::Result<LabelQuery> parse(std::string_view text);
  /// Labels as recorded: "k8s:app=web".
  template <class Texts>
  [[nodiscard]] bool matches(const Texts& labels) const {
    for (const Term& term : terms_) {
      bool present = false, listed = false;
      for (const auto& label : labels) look(term, label, present, listed);
      if (!holds(term, present, listed)) return false;
    }
    return true;
  }

 private:
  enum class Need { Present, Absent, Listed, NotListed };
  struct Term {
    std::string source, key;  // source empty: any
    Need need = Need::Present;
    std::vector<std::string> values;
  };

  static ir::Result<Term> parse_term(std::string_view text);
  static void look(const Term&, std::string_view label, bool& present, bool& listed);
  static bool holds(const Term&, bool present, bool listed);

  std::vector<Term> terms_;
};

}  // namespace weir::simulator
