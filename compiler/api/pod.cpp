#include <algorithm>

#include "compiler/api/bandwidth.h"
#include "compiler/api/meta.h"
#include "compiler/api/pod_spec.h"
#include "compiler/api/readers.h"
#include "compiler/api/tables.h"

namespace weir::compiler {
namespace {

constexpr Support kSkip = Support::Irrelevant;

constexpr Field kFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, {"status"}};

constexpr Field kStatusFields[] = {
    {"allocatedResources", kSkip}, {"conditions"}, {"containerStatuses", kSkip}, {"ephemeralContainerStatuses", kSkip},
    {"extendedResourceClaimStatus", kSkip}, {"hostIP", kSkip}, {"hostIPs", kSkip}, {"initContainerStatuses", kSkip},
    {"message", kSkip}, {"nominatedNodeName", kSkip}, {"observedGeneration", kSkip}, {"phase"}, {"podIP"}, {"podIPs"},
    {"qosClass", kSkip}, {"reason", kSkip}, {"resize", kSkip}, {"resourceClaimStatuses", kSkip}, {"resources", kSkip},
    {"startTime", kSkip}};

constexpr Field kPodIpFields[] = {{"ip"}};
constexpr FieldTable kPodIpTable{"PodIP", kPodIpFields};

constexpr Field kConditionFields[] = {{"lastProbeTime", kSkip}, {"lastTransitionTime", kSkip}, {"message", kSkip},
                                      {"observedGeneration", kSkip}, {"reason", kSkip}, {"status"}, {"type"}};
constexpr FieldTable kConditionTable{"PodCondition", kConditionFields};

/// podIPs, and podIP when podIPs does not hold it.
std::vector<ir::IpAddress> read_addresses(const FieldReader& status) {
  ir::Diagnostics& diagnostics = status.diagnostics();
  std::vector<ir::IpAddress> out;
  const auto add = [&](const std::optional<Located<std::string>>& text) {
    if (!text || text->value.empty()) return;
    if (const auto address = read_address(*text, diagnostics); address && std::count(out.begin(), out.end(), *address) == 0)
      out.push_back(*address);
  };
  add(status.string("podIP"));
  const auto more = status.list<std::optional<Located<std::string>>>(
      "podIPs", [&](const Node& node) { return FieldReader(node, kPodIpTable, diagnostics).string("ip"); });
  if (more)
    for (const auto& text : *more) add(text);
  return out;
}

void read_status(const Node& node, PodObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader status(node, kPodStatusTable, diagnostics);
  out.addresses = read_addresses(status);
  if (const auto phase = status.string("phase")) out.finished = phase->value == "Succeeded" || phase->value == "Failed";
  const auto unready = status.list<bool>("conditions", [&](const Node& item) {
    const FieldReader condition(item, kConditionTable, diagnostics);
    const auto type = condition.string("type"), value = condition.string("status");
    return type && value && type->value == "Ready" && value->value != "True";
  });
  if (unready) out.ready = std::count(unready->begin(), unready->end(), true) == 0;
}

}  // namespace

const FieldTable kPodTable{"Pod", kFields};
const FieldTable kPodStatusTable{"PodStatus", kStatusFields};

void read_pod(const Document& document, InventoryObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kPodTable, diagnostics);
  PodObject object;
  object.meta = read_meta(top, document, Scope::Namespaced);
  object.bandwidth = read_bandwidth(top.get("metadata"), diagnostics);
  if (top.require("spec")) object.spec = read_pod_spec(*top.get("spec"), diagnostics);
  if (const Node* status = top.get("status")) read_status(*status, object, diagnostics);
  out.pods.push_back(std::move(object));
}

}  // namespace weir::compiler
