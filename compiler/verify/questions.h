#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/invariants/invariants.h"
#include "compiler/verify/decided_alike.h"
#include "compiler/verify/solver.h"
#include "ir/base/result.h"

namespace weir::compiler {

/// Everything that a statement about connections asks: with exceptions, or about "everyone else", it takes several products.
struct Questions {
  Claim claim = Claim::Deny;   // no connection of them may pass, or every one must
  std::vector<Question> parts;
  bool without_own_node = false;  // a pod's own node reaches it anyway, so it is not asked about (policy.md 4.3)
};

/// The questions of a ReachInvariant, OnlyInvariant or IsolatedInvariant without what `exceptions` take out of it. `keys` are
/// the label keys that rules ask for (party.h). An error when a party is not in the inventory or can be nobody.
[[nodiscard]] ir::Result<Questions> questions_of(const Space&, const std::set<std::string>& keys, const Invariant&,
                                                 const std::vector<InvariantException>& exceptions);

/// The exceptions of a statement that count on this day ("2026-11-23"; empty: all).
[[nodiscard]] std::vector<InvariantException> still_counting(const Invariant&, const std::string& today);

/// The part of the questions that an exception speaks of.
[[nodiscard]] ir::Result<Questions> inside_exception(const Space&, const std::set<std::string>& keys, const Questions&,
                                                     const InvariantException&);

/// Whether a statement is about connections, and so has questions.
[[nodiscard]] bool about_connections(const Invariant&);

}  // namespace weir::compiler
