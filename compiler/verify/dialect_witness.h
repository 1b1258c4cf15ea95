#pragma once

#include <optional>

#include "compiler/verify/dialect_diff.h"
#include "compiler/verify/space.h"
#include "ir/flow/endpoint.h"

namespace weir::compiler {

/// Looks for a connection that the rules of one policy speak about and that the evaluator answers differently. `from_rules`
/// and `to_rules`: the policy's rules in either world.
class DialectSearch {
 public:
  DialectSearch(const DialectWorld& from, const DialectWorld& to);
  [[nodiscard]] std::optional<DialectWitness> find(const std::vector<const ir::Rule*>& from_rules,
                                                   const std::vector<const ir::Rule*>& to_rules);
  /// The verdict about the last connection that was found, as another world gives it.
  [[nodiscard]] ir::Verdict ask(const DialectWorld&) const;

 private:
  /// An end before a world gives it its labels.
  struct End {
    ir::Endpoint made;       // of a hypothetical pod or an entity
    std::optional<ir::PodId> pod;
    std::optional<ir::IpAddress> address;
    std::string node, fqdn, party;
    std::vector<std::string> notes;
  };
  struct Question {
    End source, destination;
    ir::PortMatch port;
    std::optional<std::string> dns;
  };
  [[nodiscard]] static ir::Endpoint endpoint(const DialectWorld&, const End&, const ir::Endpoint* other);
  [[nodiscard]] static ir::Verdict ask(const DialectWorld&, const Question&);
  void add_pods(const DialectWorld&, const ir::Selector&, bool hypothetical, std::vector<End>& into) const;
  void add_elsewhere(const DialectWorld&, const ir::Selector&, std::vector<End>& into) const;
  [[nodiscard]] std::vector<End> subjects(const DialectWorld&, const ir::Rule&) const;
  [[nodiscard]] std::vector<End> peers(const DialectWorld&, const ir::Rule&) const;
  [[nodiscard]] std::vector<End> fixed() const;
  [[nodiscard]] std::optional<DialectWitness> try_rule(const DialectWorld&, const ir::Rule&);
  [[nodiscard]] std::optional<DialectWitness> try_one(const Question&);

  const DialectWorld &from_, &to_;
  Space from_space_, to_space_;
  std::vector<End> sample_;  // pods and nodes of the input, one of each label set
  std::size_t left_ = 0;     // questions that may still be asked for this policy
  Question last_;
};

}  // namespace weir::compiler
