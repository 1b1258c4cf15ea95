// Inventories: pods, workloads, nodes, namespaces, Services, with a policy of the input or none.
#include "tests/fuzz/support/support.h"

using namespace weir;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const ir::Settings settings = fuzz::settings_of(bytes.choice());
  const fuzz::Front front = fuzz::read("fuzz.yaml", bytes.text());
  fuzz::ask(fuzz::resolve(front, settings));
  return 0;
}
