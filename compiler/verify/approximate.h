#pragma once

#include "compiler/verify/space.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// Which way to read a peer that only somebody else can resolve (a DNS name, a provider's group, the labels of a node) and
/// rules that cannot be computed together (policy.md 3.13).
enum class Bias : std::uint8_t { Permissive, Restrictive };

/// Whether some rule is in doubt so.
[[nodiscard]] bool has_doubt(const Space&, const ir::PolicySet&);

/// The same policies without doubt: whatever the answers turn out to be, Permissive lets every connection pass that they
/// let pass, Restrictive none that they do not. Rules are not numbered as before.
[[nodiscard]] ir::PolicySet approximate(const Space&, const ir::PolicySet&, Bias);

}  // namespace weir::compiler
