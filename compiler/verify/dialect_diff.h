#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/api/policy.h"
#include "ir/base/diagnostic.h"
#include "ir/cluster/cluster.h"
#include "ir/flow/decision.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// The same objects as one set of settings reads them.
struct DialectWorld {
  ir::Cluster cluster;
  ir::PolicySet policies;
  ir::Diagnostics diagnostics;  // of resolving alone
};

using ReadAs = std::function<DialectWorld(const ir::Settings&)>;

/// A setting that differs and what it means for a policy: its key of policy.md section 0, the item of policy.md.
struct DialectReason {
  std::string key, item, text;
  friend auto operator<=>(const DialectReason&, const DialectReason&) = default;
};

/// One connection that the evaluator answers differently.
struct DialectWitness {
  std::string source, destination;  // parties of cli.md
  ir::Protocol protocol = ir::Protocol::Tcp;
  std::uint16_t port = 0;
  std::optional<std::string> dns;   // the name that is asked for
  ir::Verdict from = ir::Verdict::Allowed, to = ir::Verdict::Allowed;
  std::vector<std::string> given;   // what the parties' text cannot say
};

/// Accepted: refused before, accepted now.
enum class DialectChange : std::uint8_t { Refused, Accepted, Rules, Verdicts };
[[nodiscard]] std::string_view to_text(DialectChange);  // "refused", "accepted", "rules", "verdicts"

/// One list element as both dialects read it; empty: it gives no rule there.
struct ElementChange {
  ir::Direction direction = ir::Direction::Ingress;
  ir::Action action = ir::Action::Allow;
  std::uint32_t index = 0;
  ir::Span origin;
  std::vector<std::string> from, to;  // the lines that differ
};

struct PolicyChange {
  ir::PolicyObject policy;
  DialectChange change = DialectChange::Rules;
  std::vector<DialectReason> reasons;
  std::vector<ElementChange> elements;
  std::vector<ir::Diagnostic> refusals;  // of the dialect that refuses it
  std::optional<DialectWitness> witness;
};

struct SettingChange {
  std::string key, from, to;
  friend auto operator<=>(const SettingChange&, const SettingChange&) = default;
};

struct DialectDiff {
  ir::Settings from, to;
  std::vector<SettingChange> settings;  // by key
  std::uint32_t policies = 0;           // compared
  std::vector<PolicyChange> changes;    // by kind, namespace, name and cluster
  std::vector<ir::Diagnostic> refused;  // what both dialects refuse, or one for another reason than a policy
};

/// Which policies mean something else: their rules differ, a dialect refuses them, or the evaluator answers differently
/// about a connection that they speak about. The search for connections looks at pods, nodes and addresses of the input and
/// at pods made from the selectors, one of another cluster among them: no witness is no proof that there is none.
[[nodiscard]] DialectDiff diff_dialects(const PolicyObjects&, const ir::Settings& from, const ir::Settings& to, const ReadAs&);

}  // namespace weir::compiler
