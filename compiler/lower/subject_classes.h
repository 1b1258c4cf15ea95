#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/lower/lower.h"
#include "compiler/lower/peer_classes.h"
#include "ir/base/result.h"

namespace weir::compiler {

/// Endpoints selected by exactly the same rules, and that see the same node as host.
struct TableSubject {
  ir::SubjectClass lists;  // of the index
  Locality locality = kNowhere;
  friend auto operator<=>(const TableSubject&, const TableSubject&) = default;
};

/// The endpoints of the tables (datapath.md 3 "subject classes") and the index of the rules that select one of them.
struct Subjects {
  std::vector<const ir::Pod*> pods;         // sorted by (namespace, name)
  std::vector<std::string> nodes;           // the nodes they run on, sorted
  ir::RuleIndex index;
  std::vector<TableSubject> classes;
  std::vector<std::uint16_t> class_of_pod;  // by place in `pods`
};

/// `node` empty: every pod. Exit code 2 when the inventory has no such node and no pod runs there.
[[nodiscard]] ir::Result<Subjects> subjects_of_node(const ir::PolicySet&, const ir::Cluster&, std::string_view node);

}  // namespace weir::compiler
