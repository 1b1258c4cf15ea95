#include "simulator/replay/report.h"

#include <algorithm>

namespace weir::simulator {

namespace {

/// A sample never shows that it has seen everything.
constexpr double kMostOfSample = 99.0;

}  // namespace

double ReplayReport::coverage_percent() const {
  const double percent = pods_total == 0 ? 100.0 : 100.0 * static_cast<double>(pods_seen) / static_cast<double>(pods_total);
  return sampled > 1 ? std::min(percent, kMostOfSample) : percent;
}

void scale(ReplayReport& report, std::uint64_t sampled) {
  report.sampled = sampled;
  if (sampled <= 1) return;
  ReplayRequests& requests = report.requests;
  for (std::uint64_t* number :
       {&report.compared, &report.unexplained, &report.allowed, &report.denied, &report.unknown, &report.same, &report.newly_denied,
        &report.newly_allowed, &requests.compared, &requests.same, &requests.newly_denied, &requests.newly_allowed,
        &requests.unexplained, &requests.unknown})
    *number *= sampled;
  for (ReplayEdge& edge : report.edges) {
    edge.count *= sampled;
    edge.flows *= sampled;
  }
  for (RouteChange& route : report.routes) route.count *= sampled;
  for (auto& [reason, count] : report.not_comparable) count *= sampled;
}

double ReplayReport::unexplained_rate() const {
  return compared == 0 ? 0.0 : static_cast<double>(unexplained) / static_cast<double>(compared);
}

}  // namespace weir::simulator
