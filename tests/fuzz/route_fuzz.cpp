// A route table and a request, both drawn from bytes: the compiled router must choose what the reference chooses, and shares
// must add up. The first two bytes say how many of the rest are for the table.
#include "compiler/lower/router.h"
#include "ir/eval/route.h"
#include "tests/differential/generator/random_routes.h"
#include "tests/fuzz/support/support.h"

using namespace weir;

namespace {

/// Behind the last byte every draw is the greatest, which ends every list.
class Draws {
 public:
  explicit Draws(std::string_view bytes) : bytes_(bytes) {}
  std::uint32_t operator()(std::uint32_t count) {
    if (bytes_.empty()) return count - 1;
    const std::uint32_t drawn = static_cast<unsigned char>(bytes_.front()) % count;
    bytes_.remove_prefix(1);
    return drawn;
  }

 private:
  std::string_view bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const std::size_t cut = bytes.choice() * std::size_t{16} + bytes.choice() % 16;
  const std::string rest = bytes.text();
  const std::string_view text = rest;
  const ir::RouteTable table = tests::random_route_table(Draws(text.substr(0, cut)));
  const ir::Router router = compiler::compile_router(table);
  for (std::string_view left = text.substr(std::min(cut, text.size())); ; left.remove_prefix(std::min<std::size_t>(left.size(), 64))) {
    const ir::Request request = tests::random_route_request(Draws(left.substr(0, 64)), table);
    const ir::RoutePick reference = ir::pick(table, request);
    WEIR_CHECK(router.pick(request) == reference);
    const ir::RouteDecision decision = ir::finish(table, reference, request);
    double shares = 0;
    for (const ir::BackendShare& backend : decision.backends) shares += backend.share;
    WEIR_CHECK(decision.backends.empty() || (shares > 0.999 && shares < 1.001));
    WEIR_CHECK((decision.outcome == ir::RouteOutcome::Redirect) == decision.redirect.has_value());
    WEIR_CHECK(decision.outcome != ir::RouteOutcome::Response || decision.status != 0);
    if (left.empty()) break;
  }
  return 0;
}
