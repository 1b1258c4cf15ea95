#pragma once

#include <string>
#include <string_view>

#include "ir/cluster/cluster.h"
#include "ir/flow/endpoint.h"

namespace weir::compiler {

/// Somebody outside who is known by a DNS name and by no address, as access_of sees names.
[[nodiscard]] ir::Endpoint named_outside(const ir::Cluster&, const std::string& name);
/// A name that a pattern stands for: "x.example.com" of "*.example.com" (policy.md 5.5). Lower case, without a last dot.
[[nodiscard]] std::string sample_of(std::string_view pattern);

}  // namespace weir::compiler
