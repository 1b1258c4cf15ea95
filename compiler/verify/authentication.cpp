// WEIR0209 authentication-conflict. An allow asks for authentication, and a more specific allow of the same connections says
// another mode: Cilium takes the mode of the most specific entry (policy.md 3.11), so part of what the first allow lets in
// is authenticated otherwise than it says. Two modes for the very same peer and port are WEIR0114 (3.13). Tested by
// tests/unit/compiler/verify/authentication_test.cpp.
#include <algorithm>

#include "compiler/verify/checks.h"
#include "compiler/verify/decided_alike.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

using ir::Auth;
using ir::RuleId;

/// What becomes of a connection that both match, when it is not what `asks` says.
std::optional<std::string> instead(Auth asks, const ir::SideDecision& side) {
  if (side.verdict == ir::Verdict::Unknown) return std::nullopt;
  const bool fails = side.reason == ir::DropReason::AuthRequired;
  const Auth got = fails ? Auth::AlwaysFail : side.authenticate ? Auth::Required : Auth::Disabled;
  if (got == asks) return std::nullopt;
  return got == Auth::Disabled ? "passes without authentication" : got == Auth::Required ? "must authenticate" : "is dropped";
}

void report(const CheckContext& context, RuleId id, RuleId other, const ConnectionWitness& example, const ir::SideDecision& side,
            const std::string& effect) {
  const ir::Rule &rule = context.policies().rule(id), &by = context.policies().rule(other);
  ir::Diagnostic found;
  found.kind = ir::Code::AuthenticationConflict;
  found.primary = rule.origin;
  found.labels.push_back({by.origin, "this says `" + std::string(to_text(by.auth)) + "` and is more specific"});
  found.detail = "part of what the allow `" + rule_name(context.policies(), id) + "` matches " + effect + ", and it says authentication `" +
                 std::string(to_text(rule.auth)) + "`";
  found.notes = witness_notes(example, to_text(side.verdict));
  found.fix = "give both the same `authentication.mode`, or leave what the other matches out of this one";
  found.witness = witness_json(example, to_text(side.verdict), rule.direction);
  tell(context, std::move(found), World::AnyPod);
}

/// Whether it was told.
bool look_at(const CheckContext& context, RuleId id, RuleId other) {
  for (const ConnectionBox& box : context.rules.boxes(id, Reading::Sure))
    for (const ConnectionBox& common : context.rules.part(other, box, Reading::Sure)) {
      const auto example = witness(context.rules.space(), common);
      if (!example) continue;
      const auto side = decide_among(context.rules, *context.rules.region(id).subject, example->flow, context.policies().rule(id).direction);
      const bool allows = std::find(side.decided_by.begin(), side.decided_by.end(), id) != side.decided_by.end();
      const auto effect = allows ? instead(context.policies().rule(id).auth, side) : std::nullopt;
      if (!effect) continue;
      report(context, id, other, *example, side, *effect);
      return true;
    }
  return false;
}

}  // namespace

void check_authentication(const CheckContext& context) {
  const auto& rules = context.policies().rules;
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    if (rules[i].auth == Auth::Unset || rules[i].conflict) continue;
    for (const RuleId other : context.rules.meeting(RuleId{i})) {
      const ir::Rule& by = context.policies().rule(other);
      const bool apart = by.auth != Auth::Unset && by.auth != rules[i].auth && !by.conflict;
      if (apart && look_at(context, RuleId{i}, other)) break;
    }
  }
}

}  // namespace weir::compiler
