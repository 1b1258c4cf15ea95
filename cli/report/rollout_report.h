#pragma once

#include "cli/report/replay_report.h"
#include "simulator/replay/rollout.h"

namespace weir::cli {

/// `weir replay --plan`: the namespaces in the order in which to enforce their policies, each with its steps.
[[nodiscard]] std::string rollout_text(const simulator::RolloutPlan&, const ReplayView&);
[[nodiscard]] std::string rollout_json(const simulator::RolloutPlan&, const ReplayView&);
[[nodiscard]] std::string rollout_markdown(const simulator::RolloutPlan&, const ReplayView&);

[[nodiscard]] const std::vector<std::string_view>& rollout_formats();
/// nullopt for a format that is not of rollout_formats().
[[nodiscard]] std::optional<std::string> rollout_output(const simulator::RolloutPlan&, const std::string& format, const ReplayView&);

/// As replay_exit, about everything enforced: 1 when some namespace would drop what passes today.
[[nodiscard]] int rollout_exit(const simulator::RolloutPlan&, const ReplayLimits&);

}  // namespace weir::cli
