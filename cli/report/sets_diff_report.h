#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/policy_diff.h"
#include "compiler/verify/route_diff.h"
#include "compiler/verify/route_relation.h"
#include "ir/base/files.h"

namespace weir::cli {

/// Everything `weir diff BASE HEAD` prints.
struct SetsDiff {
  const compiler::PolicyDiff& diff;
  const compiler::DiffSide &before, &after;
  const ir::Files& files;
  const compiler::RouteDiff& routes;
};

/// `format` is text, json, csv, markdown, dot or html; nullopt for another one. All list the same differences in one order.
[[nodiscard]] std::optional<std::string> sets_diff_output(const SetsDiff&, const std::string& format);

/// What weir does not know of the answer, for standard error: csv and dot have no place for it, and the other formats say it.
[[nodiscard]] std::vector<std::string> sets_diff_unknowns(const SetsDiff&, const std::string& format);

/// `weir diff --relation R`: yes or no, and an example.
[[nodiscard]] std::optional<std::string> relation_output(compiler::Relation, const compiler::WholeRelation&, const std::string& format);

}  // namespace weir::cli
