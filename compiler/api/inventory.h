#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/api/meta.h"
#include "compiler/api/selector.h"
#include "ir/base/ip.h"
#include "ir/base/ports.h"

namespace weir::compiler {

struct NamespaceObject {
  ObjectMeta meta;
  friend auto operator<=>(const NamespaceObject&, const NamespaceObject&) = default;
};

struct ContainerPortSpec {
  std::string name;
  ir::Protocol protocol = ir::Protocol::Tcp;
  std::uint16_t port = 0;
  friend auto operator<=>(const ContainerPortSpec&, const ContainerPortSpec&) = default;
};

/// What weir needs of a pod's spec.
struct PodSpec {
  std::string node;  // empty: not scheduled, or not known
  std::string service_account = "default";
  bool host_network = false;
  std::vector<ContainerPortSpec> ports;
  friend auto operator<=>(const PodSpec&, const PodSpec&) = default;
};

/// Bits per second; absent: no limit.
struct Bandwidth {
  std::optional<std::uint64_t> egress, ingress;
  friend auto operator<=>(const Bandwidth&, const Bandwidth&) = default;
};

struct PodObject {
  ObjectMeta meta;
  PodSpec spec;
  Bandwidth bandwidth;
  std::vector<ir::IpAddress> addresses;  // status.podIPs
  bool ready = true;                     // condition Ready, when there is one
  bool finished = false;                 // phase Succeeded or Failed: it has no address any more
  friend auto operator<=>(const PodObject&, const PodObject&) = default;
};

/// Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob.
struct WorkloadObject {
  ObjectMeta meta;
  std::optional<LabelSelector> selector;
  StringMap template_labels;
  PodSpec spec;
  Bandwidth bandwidth;
  std::int64_t replicas = 1;
  friend auto operator<=>(const WorkloadObject&, const WorkloadObject&) = default;
};

struct NodeObject {
  ObjectMeta meta;
  std::vector<ir::IpAddress> addresses;
  friend auto operator<=>(const NodeObject&, const NodeObject&) = default;
};

struct ServicePortSpec {
  std::string name, app_protocol;
  ir::Protocol protocol = ir::Protocol::Tcp;
  std::uint16_t port = 0;
  std::string target;  // number, container port name, or empty
  friend auto operator<=>(const ServicePortSpec&, const ServicePortSpec&) = default;
};

struct ServiceObject {
  ObjectMeta meta;
  std::string type = "ClusterIP";
  std::optional<StringMap> selector;
  std::vector<ServicePortSpec> ports;
  std::vector<ir::IpAddress> cluster_ips;
  friend auto operator<=>(const ServiceObject&, const ServiceObject&) = default;
};

/// EndpointSlice or Endpoints: the addresses that can be used behind a Service of the same namespace.
struct EndpointsObject {
  ObjectMeta meta;
  std::string service;                   // its name; empty: of none
  std::vector<ir::IpAddress> addresses;
  std::vector<ContainerPortSpec> ports;  // at those addresses; the names are those of the Service's ports
  friend auto operator<=>(const EndpointsObject&, const EndpointsObject&) = default;
};

/// A Secret that a rule names (policy.md 5.1).
struct SecretObject {
  ObjectMeta meta;
  std::optional<std::string> value;  // never printed; absent: it has not exactly one item
  friend auto operator<=>(const SecretObject&, const SecretObject&) = default;
};

/// In the order of the input.
struct InventoryObjects {
  std::vector<NamespaceObject> namespaces;
  std::vector<PodObject> pods;
  std::vector<WorkloadObject> workloads;
  std::vector<NodeObject> nodes;
  std::vector<ServiceObject> services;
  std::vector<EndpointsObject> endpoints;
  std::vector<SecretObject> secrets;
  friend auto operator<=>(const InventoryObjects&, const InventoryObjects&) = default;
};

}  // namespace weir::compiler
