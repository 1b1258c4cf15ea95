// Policies in a fixed cluster: bytes -> tree -> objects -> rules in every dialect, then verdicts. The order of documents
// must not matter, and evaluator and rule index must agree on what was accepted.
#include <algorithm>

#include "tests/fuzz/support/support.h"

using namespace weir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const ir::Settings settings = fuzz::settings_of(bytes.choice());
  fuzz::Front front = fuzz::read_in_cluster(bytes.text());
  const compiler::Resolved resolved = fuzz::resolve(front, settings);
  fuzz::ask(resolved);

  compiler::PolicyObjects& policies = front.objects.policies;
  std::reverse(policies.network_policies.begin(), policies.network_policies.end());
  std::reverse(policies.cilium_network_policies.begin(), policies.cilium_network_policies.end());
  WEIR_CHECK(to_text(fuzz::resolve(front, settings).policies) == to_text(resolved.policies));
  return 0;
}
