#include "simulator/replay/pod_label.h"

#include <algorithm>

namespace weir::simulator {

std::optional<ir::LabelSet> relabelled(const ir::LabelSet& labels, std::string_view namespace_name, std::string_view pod,
                                       const std::vector<PodLabel>& changes, const ir::Settings& settings) {
  std::optional<ir::LabelSet> out;
  for (const PodLabel& change : changes) {
    if (change.namespace_name != namespace_name || change.pod != pod) continue;
    if (!out) out = labels;
    if (!ir::is_identity_label(settings, change.key)) continue;
    if (change.value)
      out->set({"k8s", change.key, *change.value});
    else
      std::erase_if(out->labels, [&](const ir::Label& label) { return label.source == "k8s" && label.key == change.key; });
  }
  return out;
}

}  // namespace weir::simulator
