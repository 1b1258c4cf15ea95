#include "simulator/replay/report.h"

namespace weir::simulator {

double ReplayReport::coverage_percent() const {
  return pods_total == 0 ? 100.0 : 100.0 * static_cast<double>(pods_seen) / static_cast<double>(pods_total);
}

double ReplayReport::unexplained_rate() const {
  return compared == 0 ? 0.0 : static_cast<double>(unexplained) / static_cast<double>(compared);
}

}  // namespace weir::simulator
