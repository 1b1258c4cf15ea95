// Tested by tests/unit/compiler/verify/request_diff_test.cpp.
#include "compiler/verify/secret_values.h"

#include <algorithm>

namespace weir::compiler {
namespace {

const ir::SecretName* secret_with(const std::string& value, const ir::Cluster& cluster) {
  const auto at = std::find_if(cluster.secrets.begin(), cluster.secrets.end(), [&](const auto& one) { return one.second == value; });
  return at == cluster.secrets.end() ? nullptr : &at->first;
}

}  // namespace

ir::PolicySet with_secret_values(ir::PolicySet policies, const ir::Cluster& cluster) {
  for (ir::Rule& rule : policies.rules) {
    if (!rule.l7) continue;
    for (ir::HttpMatch& match : rule.l7->http)
      for (ir::HeaderMatch& header : match.headers) {
        if (!header.secret || header.value) continue;
        const auto known = cluster.secrets.find(*header.secret);
        // A missing one never matches, in either cluster.
        if (known == cluster.secrets.end()) header.secret = ir::SecretName{"", "missing"};
        else header = {header.name, known->second, std::nullopt, header.mismatch};
      }
  }
  return policies;
}

void hide_secret_values(ir::L7Request& request, const ir::Cluster& before, const ir::Cluster& after) {
  if (!request.http) return;
  for (auto& [name, value] : request.http->headers) {
    const ir::SecretName *of_before = secret_with(value, before), *of_after = secret_with(value, after);
    const ir::SecretName* secret = of_after ? of_after : of_before;
    if (secret == nullptr || value.empty()) continue;
    const char* whose = of_before && of_after ? "" : of_before ? "before: " : "after: ";
    value = std::string("(") + whose + "Secret " + secret->first + "/" + secret->second + ")";
  }
}

}  // namespace weir::compiler
