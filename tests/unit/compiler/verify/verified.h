#pragma once

// From text to findings, the way `weir verify` goes.
#include <algorithm>
#include <string>
#include <vector>

#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"
#include "compiler/verify/verify.h"

namespace weir::test {

struct Verified {
  ir::Files files;
  ir::Diagnostics diagnostics;
  compiler::Resolved resolved;
  compiler::Invariants invariants;
  compiler::VerifyReport report;

  /// "WEIR0201:14" for each finding of this check, in order.
  [[nodiscard]] std::vector<std::string> findings(const std::string& prefix = "WEIR02") const {
    std::vector<std::string> found;
    for (const ir::Diagnostic& diagnostic : diagnostics.list())
      if (info(diagnostic.kind).id.starts_with(prefix))
        found.push_back(std::string(info(diagnostic.kind).id) + ":" + std::to_string(diagnostic.primary.line));
    std::sort(found.begin(), found.end());
    return found;
  }

  [[nodiscard]] const ir::Diagnostic* find(std::string_view code) const {
    for (const ir::Diagnostic& diagnostic : diagnostics.list())
      if (info(diagnostic.kind).id == code) return &diagnostic;
    return nullptr;
  }
};

inline Verified verified(const std::string& yaml, const std::string& invariants = "",
                         const ir::Settings& settings = {}, const compiler::VerifyLimits& limits = {}, bool with_routes = false) {
  Verified run;
  const auto sources = compiler::read_text("test.yaml", yaml, {}, run.files, run.diagnostics);
  const compiler::Objects objects = compiler::read(sources, run.files, run.diagnostics);
  run.resolved = compiler::resolve(objects, settings, run.files, run.diagnostics);
  const ir::FileId file = run.files.add({"test.weir", std::make_shared<const std::string>(invariants)});
  run.invariants = compiler::read_invariants(file, run.files, run.diagnostics);
  run.report = compiler::verify(run.resolved.policies, run.resolved.cluster, run.invariants, run.files, limits, run.diagnostics,
                                {with_routes ? &run.resolved.routes : nullptr, {}});
  return run;
}

}  // namespace weir::test
