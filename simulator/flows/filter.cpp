#include "simulator/flows/filter.h"

namespace weir::simulator {

struct FlowFilter::State {};
FlowFilter::FlowFilter() = default;
FlowFilter::FlowFilter(FlowFilter&&) noexcept = default;
FlowFilter& FlowFilter::operator=(FlowFilter&&) noexcept = default;
FlowFilter::~FlowFilter() = default;
bool FlowFilter::matches(const Record&, const Interned&) const { return true; }
bool FlowFilter::matches_everything() const { return true; }

}  // namespace weir::simulator
