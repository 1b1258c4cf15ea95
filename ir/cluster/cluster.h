#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/id.h"
#include "ir/base/ip.h"
#include "ir/base/ports.h"
#include "ir/base/span.h"
#include "ir/cluster/certificate.h"
#include "ir/cluster/label.h"
#include "ir/cluster/selector.h"
#include "ir/cluster/settings.h"

namespace weir::ir {

using PodId = Id<struct PodTag>;            // index into Cluster::pods
using NodeId = Id<struct NodeTag>;          // index into Cluster::nodes
using ServiceId = Id<struct ServiceTag>;    // index into Cluster::services

struct Workload {
  std::string kind, name;  // "Deployment", "frontend"; kind "Pod" for a bare pod
  friend auto operator<=>(const Workload&, const Workload&) = default;
};

struct ContainerPort {
  std::string name;  // may be empty
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  friend auto operator<=>(const ContainerPort&, const ContainerPort&) = default;
};

/// A pod that is given, or one made from a workload's template when no Pod of it is given (`from_template`).
struct Pod {
  std::string namespace_name, name;
  std::string cluster;             // of a remote cluster; empty: the local one
  Workload workload;
  std::map<std::string, std::string> pod_labels;  // as written
  LabelSet labels;                 // identity labels, derived ones included (policy.md 1.2, 1.3); empty for host network
  std::vector<IpAddress> addresses;
  std::string node;                // empty: not known
  std::string service_account = "default";
  bool host_network = false;       // has no pod identity (policy.md 1.4)
  bool ready = true;
  bool from_template = false;
  std::vector<ContainerPort> ports;
  std::optional<std::uint64_t> egress_bandwidth, ingress_bandwidth;  // bits per second
  Span origin;
  friend auto operator<=>(const Pod&, const Pod&) = default;
};

struct Namespace {
  std::string name;
  std::map<std::string, std::string> labels;  // kubernetes.io/metadata.name included
  std::map<std::string, std::string> annotations;
  Span origin;                                // unknown when only named by other objects
  std::string cluster;                        // of a remote cluster; empty: the local one
  friend auto operator<=>(const Namespace&, const Namespace&) = default;
};

struct Node {
  std::string name;  // of a remote cluster "CLUSTER/NAME"
  std::map<std::string, std::string> labels;
  std::vector<IpAddress> addresses;
  Span origin;
  std::string cluster;
  friend auto operator<=>(const Node&, const Node&) = default;
};

struct ServicePort {
  std::string name;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  std::string target;  // number, container port name, or empty: the same as port
  std::string app_protocol;
  friend auto operator<=>(const ServicePort&, const ServicePort&) = default;
};

/// Which backends of a global Service are taken while there are any (policy.md 10.3).
enum class Affinity : std::uint8_t { None, Local, Remote };

struct Service {
  std::string namespace_name, name, type;
  std::optional<std::map<std::string, std::string>> selector;  // absent: endpoints are given by hand
  std::vector<ServicePort> ports;
  std::vector<IpAddress> cluster_ips;
  std::vector<IpAddress> endpoints;  // of its EndpointSlices or Endpoints, sorted, unique
  std::string cluster;
  bool global = false, shared = true;  // service.cilium.io/global and shared (policy.md 10.3)
  Affinity affinity = Affinity::None;  // service.cilium.io/affinity
  std::map<std::string, std::string> labels;
  Span origin;
  friend auto operator<=>(const Service&, const Service&) = default;
};

/// The inventory after resolution. Vectors are sorted by (cluster, namespace, name); the local cluster, whose name is
/// empty here, comes first.
struct Cluster {
  Settings settings;
  std::vector<std::string> remotes;  // names of the remote clusters, sorted
  std::vector<Namespace> namespaces;
  std::vector<Pod> pods;
  std::vector<Node> nodes;
  std::vector<Service> services;
  std::vector<IpAddress> api_servers;  // of Service default/kubernetes, sorted (cli.md, PolicyTest)
  std::map<std::pair<std::string, std::string>, std::string> secrets;  // only those that rules name; never printed
  std::map<std::pair<std::string, std::string>, Certificate> certificates;  // TLS Secrets by (namespace, name)
  std::map<std::pair<std::string, std::string>, Certificate> authorities;   // ConfigMaps with `ca.crt`, the same way
  std::map<std::string, std::vector<IpAddress>> names;  // what DNS is known to answer, lower case without the last dot
  friend auto operator<=>(const Cluster&, const Cluster&) = default;

  // `cluster`: of a remote cluster; empty: the local one.
  [[nodiscard]] const Namespace* find_namespace(std::string_view name, std::string_view cluster = {}) const;
  [[nodiscard]] std::optional<PodId> find_pod(std::string_view namespace_name, std::string_view name,
                                              std::string_view cluster = {}) const;
  [[nodiscard]] const Service* find_service(std::string_view namespace_name, std::string_view name,
                                            std::string_view cluster = {}) const;
  [[nodiscard]] const Node* find_node(std::string_view name) const;
  /// The pod that owns an address; host-network pods never do. Linear: fast paths build their own map.
  [[nodiscard]] std::optional<PodId> pod_at(const IpAddress&) const;
  [[nodiscard]] const Node* node_at(const IpAddress&) const;
  [[nodiscard]] const Pod& pod(PodId id) const { return pods[id.index]; }
};

/// The identity labels of a pod with these labels in this namespace (policy.md 1.2, 1.3; no filter in dialect k8s).
[[nodiscard]] LabelSet identity_labels(const Cluster&, std::string_view namespace_name,
                                       const std::map<std::string, std::string>& pod_labels,
                                       std::string_view service_account, std::string_view cluster_name = {});

/// The label that pods with a container port of this name, protocol and number carry when a rule names the port: named
/// ports are part of the identity (policy.md 3.8).
[[nodiscard]] Label named_port_label(std::string_view name, Protocol, std::uint16_t port);
/// The label of a pod that gives the name to the very port of the connection in question, whatever its number is: what rules
/// for pods to come ask for in place of the numbers of today.
[[nodiscard]] Label named_port_label(std::string_view name, Protocol);

/// The labels that others see on a node beside host and remote-node (policy.md 1.4); null: a node nobody knows.
[[nodiscard]] LabelSet node_labels(const Cluster&, const Node*);
/// The labels of an address outside: world, and kube-apiserver when the API server has it (policy.md 1.5).
[[nodiscard]] LabelSet outside_labels(const Cluster&, const IpAddress&);

/// policy.md 1.3: whether a pod or namespace label key becomes part of the identity.
[[nodiscard]] bool is_identity_label(const Settings&, std::string_view key);

/// {reserved:world} or its family's form in dual stack (policy.md 1.5).
[[nodiscard]] LabelSet world_labels(const Settings&, IpFamily);

/// --emit cluster: the deterministic text form.
[[nodiscard]] std::string to_text(const Cluster&);

/// Keys of the derived labels (policy.md 1.2).
inline constexpr std::string_view kNamespaceKey = "io.kubernetes.pod.namespace";
inline constexpr std::string_view kNamespaceLabelPrefix = "io.cilium.k8s.namespace.labels.";
inline constexpr std::string_view kClusterKey = "io.cilium.k8s.policy.cluster";
inline constexpr std::string_view kServiceAccountKey = "io.cilium.k8s.policy.serviceaccount";

}  // namespace weir::ir
