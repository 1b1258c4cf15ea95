#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/base/result.h"
#include "ir/cluster/cluster.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"
#include "ir/tables/rule_index.h"
#include "ir/tables/table_set.h"

namespace weir::compiler {

/// policies -> rule index of the whole cluster. Pure.
[[nodiscard]] ir::RuleIndex index_rules(const ir::PolicySet&, const ir::Cluster&);

/// A label set or address never seen before -> classes of the index. Keeps what it has seen; one per thread.
class Classifier {
 public:
  explicit Classifier(ir::RuleIndex& index);
  /// The class of a managed subject by its identity labels; adds a class when these labels are new.
  [[nodiscard]] ir::SubjectClass subject(const ir::LabelSet&);
  /// The signature of a peer: its labels as the subject sees them, and its address when known.
  [[nodiscard]] ir::Signature peer(const ir::LabelSet&, const std::optional<ir::IpAddress>&);

 private:
  struct State;
  std::shared_ptr<State> state_;
  ir::RuleIndex& index_;
};

/// The whole decision through the index: what replay, connectivity and the differential tests call.
[[nodiscard]] ir::Decision decide(const ir::PolicySet&, ir::RuleIndex&, Classifier&, const ir::Flow&);

/// policies -> class tables of one node (datapath.md 3). `node` empty: every pod of the cluster is an endpoint.
[[nodiscard]] ir::Result<ir::TableSet> lower(const ir::PolicySet&, const ir::Cluster&, const ir::Files&,
                                             std::string_view node);

/// Translation validation: one representative of every class against the evaluator. Empty, or the first difference.
[[nodiscard]] std::vector<std::string> prove(const ir::TableSet&, const ir::PolicySet&, const ir::Cluster&);

}  // namespace weir::compiler
