#pragma once

// The only header with Z3 in it; included by encoding*.cpp and solver.cpp alone.
#include <map>
#include <set>
#include <string>
#include <vector>
#include <z3++.h>

#include "compiler/verify/rule_space.h"
#include "compiler/verify/space.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// The values one label key may have as numbers: 0 is absent, then the listed ones, and one more for any other value.
struct Domain {
  std::vector<std::string> values;  // sorted; values[i] is number i + 1
  [[nodiscard]] unsigned other() const { return static_cast<unsigned>(values.size()) + 1; }
  [[nodiscard]] unsigned number(const std::string& value) const;  // `other()` when it is not listed
};

/// Terms joined flat: Z3 4.8.12 takes most of a millisecond for each level of a nested term when its context ends.
z3::expr any_of(const z3::expr_vector&);
z3::expr all_of(const z3::expr_vector&);

/// One end of the unknown connection as Z3 constants.
struct EndTerms {
  z3::expr kind;       // 8 bits: index into Space::kinds
  z3::expr v6;         // Bool
  z3::expr address;    // 128 bits; an IPv4 address is in the first 32
  std::map<std::string, z3::expr> labels;  // by key: 16 bits, a number of its Domain
};

/// Labels and addresses as formulas, from the selectors as written: it shares no code with the set algebra, so that each
/// can be tested against the other.
class Encoding {
 public:
  /// `beside`: other policies whose labels get numbers too. Encodings of one context that know the same policies and parties
  /// speak of the same connection.
  Encoding(z3::context&, const Space&, const ir::PolicySet&, const std::vector<EndBox>& parties, const ir::PolicySet* beside = nullptr);

  /// Whether every label of the parties has a number here.
  [[nodiscard]] bool knows(const std::vector<EndBox>& parties) const;
  [[nodiscard]] const EndTerms& source() const { return source_; }
  [[nodiscard]] const EndTerms& destination() const { return destination_; }
  /// What every connection obeys: label domains, known namespaces, address families, ports of a protocol.
  [[nodiscard]] z3::expr connection_exists();
  [[nodiscard]] z3::expr selects(const ir::Selector&, const EndTerms&, Reading);
  [[nodiscard]] z3::expr rule_matches(ir::RuleId, Reading);
  [[nodiscard]] z3::expr subject_matches(ir::RuleId);
  /// policy.md 4.2 for one side, and 4.4 for both.
  [[nodiscard]] z3::expr side_allows(ir::Direction);
  [[nodiscard]] z3::expr in_box(const EndBox&, const EndTerms&);
  [[nodiscard]] z3::expr in_ports(const ir::PortSet&);
  /// What the numbers of kinds and labels stand for, as SMT-LIB comments.
  [[nodiscard]] std::string legend() const;
  /// The connection of a model, as far as the rules can tell it from others.
  [[nodiscard]] std::optional<ConnectionWitness> decode(const z3::model&) const;

 private:
  void learn(const std::string& key, const std::vector<std::string>& values);
  void learn(const ir::Selector&);
  void learn_rules(const ir::PolicySet&);
  void learn_all(const std::vector<EndBox>& parties);
  [[nodiscard]] EndTerms make_end(const std::string& name);
  [[nodiscard]] z3::expr end_exists(const EndTerms&);
  [[nodiscard]] z3::expr namespaces_are_as_known(const EndTerms&);
  [[nodiscard]] z3::expr requires_label(const ir::Requirement&, const EndTerms&);
  [[nodiscard]] z3::expr in_values(const std::string& key, const ir::ValueSet&, const EndTerms&);
  [[nodiscard]] z3::expr in_prefix(const ir::IpPrefix&, const EndTerms&);
  [[nodiscard]] z3::expr in_addresses(const ir::AddressSet&, const EndTerms&);
  [[nodiscard]] z3::expr peer_matches(const ir::Peer&, const EndTerms&, Reading);
  [[nodiscard]] z3::expr peers_match(ir::RuleId, Reading);
  [[nodiscard]] z3::expr port_matches(const ir::PortMatch&);
  [[nodiscard]] z3::expr isolated(ir::Direction);
  /// Of the allows `first` to `last`: the one whose mode counts fails authentication (policy.md 3.11).
  [[nodiscard]] z3::expr authentication_fails(std::size_t first, std::size_t last, ir::Direction);
  [[nodiscard]] z3::expr of_kinds(const EndTerms&, const std::vector<unsigned>& kinds);
  [[nodiscard]] z3::expr default_allows(ir::Direction);
  [[nodiscard]] z3::expr number(const ir::IpAddress&);
  [[nodiscard]] EndBox decode(const z3::model&, const EndTerms&) const;
  [[nodiscard]] const EndTerms& end(ir::Direction, bool subject) const;

  z3::context& context_;
  const Space& space_;
  const ir::PolicySet& policies_;
  std::map<std::string, Domain> domains_;
  z3::expr protocol_, port_;
  EndTerms source_, destination_;
};

}  // namespace weir::compiler
