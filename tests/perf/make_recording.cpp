// make_recording DIR [BYTES [SEED]]: DIR/recording.jsonl and DIR/manifests.yaml, for benchmarks and by hand.

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/perf/recording.h"

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: make_recording DIR [BYTES [SEED]]\n");
    return 2;
  }
  weir::perf::Plan plan;
  if (count > 2) plan.bytes = std::strtoull(arguments[2], nullptr, 10);
  if (count > 3) plan.seed = std::strtoull(arguments[3], nullptr, 10);
  const std::string folder = arguments[1];
  weir::perf::write_manifests(plan, folder + "/manifests.yaml");
  const std::uint64_t lines = weir::perf::write_recording(plan, folder + "/recording.jsonl");
  std::printf("%llu lines\n", static_cast<unsigned long long>(lines));
  return lines == 0 ? 5 : 0;
}
