#pragma once

#include <memory>

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

/// The same, a document at a time, for inputs whose trees are not to be in memory together.
class ObjectReader {
 public:
  explicit ObjectReader(ir::Diagnostics&);
  ~ObjectReader();
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  void add(const Document&);
  /// And leaves of its tree only what later stages ask for: cilium-config whole, of others the annotations for weir.
  void take(Document&);
  /// Nothing may be added afterwards.
  [[nodiscard]] Objects finish();

 private:
  struct Run;
  std::unique_ptr<Run> run_;
};

/// tree -> objects. Dispatches on apiVersion and kind; one file per kind does the work.
[[nodiscard]] Objects read(const Sources&, const ir::Files&, ir::Diagnostics&);

}  // namespace weir::compiler
