#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/resolve/lint_parts.h"

namespace weir::compiler {

/// Selectors that select nothing: WEIR0301, WEIR0302, WEIR0304, WEIR0308, WEIR0313.
class SelectorLint {
 public:
  explicit SelectorLint(const Lint& lint) : lint_(lint) {}
  void look(const WrittenPolicy&);

 private:
  /// The labels of the pods of one namespace, sorted.
  struct Vocabulary {
    std::vector<std::string_view> keys;
    std::map<std::string_view, std::vector<std::string_view>> values;
  };
  enum class Place : std::uint8_t { Subject, Peer };

  void look_at(const WrittenPolicy&, const WrittenSelector&, Place);
  void report_subject(const WrittenPolicy&, const WrittenSelector&);
  void report_peer(const WrittenSelector&);
  [[nodiscard]] std::string elsewhere(const WrittenSelector&) const;
  void report_host(const WrittenSelector&, Place, std::uint32_t pod) const;
  [[nodiscard]] std::string hint(const WrittenSelector&);
  [[nodiscard]] std::string hint_for(const Vocabulary*, const LabelRequirement&, const ir::Requirement&);
  [[nodiscard]] std::string near(std::string_view text, const std::vector<std::string_view>& names);
  [[nodiscard]] const Vocabulary& vocabulary_of(const std::string& space);

  const Lint& lint_;
  std::map<std::string, Vocabulary> vocabularies_;
  std::size_t hints_left_ = 200'000;  // names compared, so that a wrong input of any size stays cheap
};

}  // namespace weir::compiler
