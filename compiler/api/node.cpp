#include <algorithm>

#include "compiler/api/meta.h"
#include "compiler/api/pod_spec.h"
#include "compiler/api/readers.h"
#include "compiler/api/tables.h"

namespace weir::compiler {
namespace {

constexpr Support kSkip = Support::Irrelevant;

constexpr Field kFields[] = {kApiVersionField, kKindField, kMetadataField,
                             {"spec", kSkip, "taints and pod ranges decide nothing here"}, {"status"}};
constexpr Field kStatusFields[] = {
    {"addresses"}, {"allocatable", kSkip}, {"capacity", kSkip}, {"conditions", kSkip}, {"config", kSkip},
    {"daemonEndpoints", kSkip}, {"declaredFeatures", kSkip}, {"features", kSkip}, {"images", kSkip}, {"nodeInfo", kSkip},
    {"phase", kSkip}, {"runtimeHandlers", kSkip}, {"volumesAttached", kSkip}, {"volumesInUse", kSkip}};
constexpr Field kAddressFields[] = {{"address"}, {"type"}};
constexpr FieldTable kAddressTable{"NodeAddress", kAddressFields};

/// InternalIP and ExternalIP; names are no addresses.
std::optional<ir::IpAddress> read_node_address(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kAddressTable, diagnostics);
  const auto type = reader.string("type"), address = reader.string("address");
  if (!type || !address || (type->value != "InternalIP" && type->value != "ExternalIP")) return std::nullopt;
  return read_address(*address, diagnostics);
}

}  // namespace

const FieldTable kNodeTable{"Node", kFields};
const FieldTable kNodeStatusTable{"NodeStatus", kStatusFields};

void read_node(const Document& document, InventoryObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kNodeTable, diagnostics);
  NodeObject object{read_meta(top, document, Scope::Cluster), {}};
  if (const Node* node = top.get("status")) {
    const FieldReader status(*node, kNodeStatusTable, diagnostics);
    const auto addresses = status.list<std::optional<ir::IpAddress>>(
        "addresses", [&](const Node& item) { return read_node_address(item, diagnostics); });
    if (addresses)
      for (const auto& address : *addresses)
        if (address && std::count(object.addresses.begin(), object.addresses.end(), *address) == 0)
          object.addresses.push_back(*address);
  }
  out.nodes.push_back(std::move(object));
}

}  // namespace weir::compiler
