#include "compiler/resolve/services.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <tuple>

namespace weir::compiler {
namespace {

/// What all EndpointSlices and Endpoints of one Service say.
struct Behind {
  std::set<ir::IpAddress> addresses;
  std::map<std::pair<std::string, ir::Protocol>, std::set<std::uint16_t>> ports;  // name and protocol -> numbers
};
using Key = std::tuple<std::string, std::string, std::string>;  // cluster, namespace, Service

std::map<Key, Behind> all_endpoints(const InventoryObjects& inventory) {
  std::map<Key, Behind> out;
  for (const EndpointsObject& object : inventory.endpoints) {
    if (object.service.empty()) continue;
    Behind& behind = out[{object.meta.cluster, object.meta.namespace_name, object.service}];
    behind.addresses.insert(object.addresses.begin(), object.addresses.end());
    for (const ContainerPortSpec& port : object.ports) behind.ports[{port.name, port.protocol}].insert(port.port);
  }
  return out;
}

/// An annotation under its name or its alias of before 1.12; only "true" in any case is true.
std::optional<bool> flag(const StringMap& annotations, std::string_view name, std::string_view alias) {
  for (const std::string_view key : {name, alias}) {
    const auto found = annotations.find(std::string(key));
    if (found == annotations.end()) continue;
    std::string value = found->second;
    std::transform(value.begin(), value.end(), value.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return value == "true";
  }
  return std::nullopt;
}

/// Any other value is as good as none.
ir::Affinity affinity(const StringMap& annotations) {
  const auto found = annotations.find("service.cilium.io/affinity");
  if (found == annotations.end()) return ir::Affinity::None;
  return found->second == "local" ? ir::Affinity::Local : found->second == "remote" ? ir::Affinity::Remote : ir::Affinity::None;
}

ir::Service to_service(const ServiceObject& object) {
  ir::Service service;
  service.namespace_name = object.meta.namespace_name;
  service.name = object.meta.name;
  service.cluster = object.meta.cluster;
  service.type = object.type;
  service.selector = object.selector;
  service.cluster_ips = object.cluster_ips;
  service.labels = object.meta.labels;
  service.origin = object.meta.origin;
  service.global = flag(object.meta.annotations, "service.cilium.io/global", "io.cilium/global-service").value_or(false);
  service.shared = flag(object.meta.annotations, "service.cilium.io/shared", "io.cilium/shared-service").value_or(true);
  service.affinity = affinity(object.meta.annotations);
  for (const ServicePortSpec& port : object.ports)
    service.ports.push_back({port.name, port.protocol, port.port, port.target, port.app_protocol});
  return service;
}

void add_endpoints(const Behind& behind, ir::Service& service) {
  service.endpoints.assign(behind.addresses.begin(), behind.addresses.end());
  if (service.selector) return;
  for (ir::ServicePort& port : service.ports)
    if (const auto known = behind.ports.find({port.name, port.protocol}); known != behind.ports.end() && known->second.size() == 1)
      port.target = std::to_string(*known->second.begin());
}

}  // namespace

std::vector<ir::Service> resolve_services(const InventoryObjects& inventory) {
  const auto endpoints = all_endpoints(inventory);
  std::vector<ir::Service> out;
  for (const ServiceObject& object : inventory.services) {
    out.push_back(to_service(object));
    const auto behind = endpoints.find({object.meta.cluster, object.meta.namespace_name, object.meta.name});
    if (behind != endpoints.end()) add_endpoints(behind->second, out.back());
  }
  return out;
}

std::vector<ir::IpAddress> api_servers(const InventoryObjects& inventory) {
  std::set<ir::IpAddress> out;
  for (const EndpointsObject& object : inventory.endpoints)
    if (object.meta.cluster.empty() && object.meta.namespace_name == "default" && object.service == "kubernetes")
      out.insert(object.addresses.begin(), object.addresses.end());
  return {out.begin(), out.end()};
}

}  // namespace weir::compiler
