#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "ir/base/id.h"

namespace weir::ir {

using RuleId = Id<struct RuleTag>;  // index into PolicySet::rules, TableSet::rules and a bundle's rule table

enum class Direction : std::uint8_t { Ingress = 0, Egress = 1 };
enum class Action : std::uint8_t { Allow = 0, Deny = 1, Pass = 2 };

[[nodiscard]] std::string_view to_text(Direction);  // "ingress", "egress"
[[nodiscard]] std::string_view to_text(Action);     // "allow", "deny", "pass"

/// cli.md "Rule reference": all a person needs to find a rule, as plain text; what bundles and events carry.
/// A default has kind "Default" and name "default-deny", "default-allow" or "allow-localhost"; its file and line are
/// those of the rule that isolates the subject, when one does.
struct RuleRef {
  std::string kind, namespace_name, name;
  Direction direction = Direction::Ingress;
  std::uint32_t index = 0;  // of the element in its list
  Action action = Action::Allow;
  std::string file;         // empty: no place
  std::uint32_t line = 0, column = 0;
  friend auto operator<=>(const RuleRef&, const RuleRef&) = default;
};

/// "CiliumNetworkPolicy shop/backend ingress[0] (policies/backend.yaml:14:5)"
[[nodiscard]] std::string to_text(const RuleRef&);

}  // namespace weir::ir
