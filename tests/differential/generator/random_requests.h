#pragma once

#include <string>

#include "ir/cluster/cluster.h"
#include "ir/flow/request.h"
#include "ir/policy/policy_set.h"
#include "tests/differential/generator/random.h"

namespace weir::tests {

/// A pattern of a name, sometimes an odd one.
[[nodiscard]] std::string random_name(Random&);
/// A name that real things have: no star, no empty label.
[[nodiscard]] std::string random_real_name(Random&);
/// More request rules, on few ports and peers, so that they meet. They know the Secret shop/token.
void add_requests(Random&, ir::PolicySet&);
[[nodiscard]] ir::L7Request random_request(Random&);
/// One that a client can send, with each header at most once.
[[nodiscard]] ir::L7Request random_real_request(Random&);

}  // namespace weir::tests
