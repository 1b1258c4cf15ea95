#include "backends/ebpf/emit/listeners.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ir/base/check.h"

namespace weir::backends {
namespace {

static_assert(static_cast<int>(ir::ListenerKind::Balance) == WEIR_LISTENER_BALANCE);
static_assert(static_cast<int>(ir::ListenerKind::Redirect) == WEIR_LISTENER_REDIRECT);
static_assert(static_cast<int>(ir::ListenerKind::Refuse) == WEIR_LISTENER_REFUSE);

constexpr std::uint32_t kWhole = 0xffffffff;

weir_backend column_of(const ir::TableBackend& backend) {
  weir_backend out{};
  std::memcpy(out.address, backend.address.bytes.data(), backend.address.bits() / 8);
  out.port = static_cast<std::uint16_t>(backend.port >> 8 | backend.port << 8);
  out.threshold = kWhole;
  return out;
}

/// The column keeps its own backend for random numbers 0..threshold. `part` of `total`, less than all of it.
std::uint32_t threshold_of(std::uint64_t part, std::uint64_t total) {
  const double share = std::floor(static_cast<double>(part) / static_cast<double>(total) * 4294967296.0);
  return static_cast<std::uint32_t>(std::clamp(share - 1, 0.0, 4294967295.0));
}

}  // namespace

std::vector<weir_backend> alias_table(const std::vector<ir::TableBackend>& backends) {
  std::vector<weir_backend> columns;
  std::vector<std::uint64_t> left;                // weight that is not placed yet, times the number of columns
  std::vector<std::uint32_t> small, large;
  std::uint64_t total = 0;
  for (const ir::TableBackend& backend : backends) total += backend.weight;
  WEIR_CHECK(total > 0 && total <= (std::uint64_t{1} << 62) / std::max<std::size_t>(1, backends.size()));
  for (std::uint32_t i = 0; i < backends.size(); ++i) {
    columns.push_back(column_of(backends[i]));
    columns[i].alias = i;
    left.push_back(backends[i].weight * backends.size());
    (left[i] < total ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const std::uint32_t poor = small.back(), rich = large.back();
    small.pop_back();
    columns[poor].threshold = threshold_of(left[poor], total);
    columns[poor].alias = rich;
    left[rich] -= total - left[poor];
    if (left[rich] >= total) continue;
    large.pop_back();
    small.push_back(rich);
  }
  return columns;
}

std::vector<ListenerEntry> listener_entries(const ir::TableSet& tables, std::vector<weir_backend>& backends) {
  std::vector<ListenerEntry> out;
  for (const ir::TableListener& listener : tables.listeners) {
    const auto first = static_cast<std::uint32_t>(backends.size());
    std::vector<weir_backend> columns;
    if (listener.kind == ir::ListenerKind::Balance) columns = alias_table(listener.backends);
    backends.insert(backends.end(), columns.begin(), columns.end());
    out.push_back({listener.address, listener.port, static_cast<std::uint8_t>(listener.protocol),
                   static_cast<std::uint8_t>(listener.kind), columns.empty() ? 0 : first,
                   static_cast<std::uint32_t>(columns.size()), listener.name, listener.reason});
  }
  return out;
}

}  // namespace weir::backends
