#pragma once

#include "compiler/api/gateway.h"
#include "compiler/api/inventory.h"
#include "compiler/api/policy.h"
#include "compiler/api/policy_test.h"
#include "compiler/source/load.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"

namespace weir::compiler {

/// Every object of a run, decoded and checked against its API, defaults applied.
struct Objects {
  InventoryObjects inventory;
  PolicyObjects policies;
  GatewayObjects gateway;
  std::vector<PolicyTest> tests;
  std::vector<std::string> skipped;  // "apiVersion/kind" of documents weir has no use for, sorted, with repeats
};

/// tree -> objects. Dispatches on apiVersion and kind; one file per kind does the work.
[[nodiscard]] Objects read(const Sources&, const ir::Files&, ir::Diagnostics&);

}  // namespace weir::compiler
