#include "compiler/verify/gateway_connections.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "compiler/verify/focus.h"
#include "ir/eval/gateway_path.h"
#include "ir/flow/endpoint.h"

namespace weir::compiler {
namespace {

constexpr std::size_t kMostRegions = 256;  // of addresses outside; beyond, the outside is one end

/// A client and its end's text, or a pod and that of its workload.
struct Client {
  ConnectivityEnd end, alone;  // alone: where the pods of the workload do not fare alike
  ir::Endpoint endpoint;
};

/// One listener and one pod behind it.
struct Target {
  std::uint32_t listener = 0;
  std::uint32_t pod = 0;  // index into Cluster::pods
  std::uint16_t port = 0;
  friend auto operator<=>(const Target&, const Target&) = default;
};

ConnectivityEnd workload_end(const ir::Pod& pod, bool alone) {
  const std::string cluster = pod.cluster.empty() ? "" : pod.cluster + ":";
  const ir::Workload owner = pod.workload.kind == "Node" ? ir::Workload{"Pod", pod.name} : pod.workload;
  const std::string name = alone ? pod.name + "[Pod]" : owner.name + "[" + owner.kind + "]";
  return {cluster + pod.namespace_name + "/" + name, pod.cluster, pod.namespace_name, owner.name, alone ? pod.name : "", {}};
}

std::optional<ir::PodId> find_pod(const ir::Cluster& cluster, std::string_view text) {
  const std::size_t last = text.rfind('/'), first = text.find('/');
  if (first == last) return cluster.find_pod(text.substr(0, first), text.substr(first + 1));
  return cluster.find_pod(text.substr(first + 1, last - first - 1), text.substr(last + 1), text.substr(0, first));
}

/// Who is asked about clients: reserved:ingress, and the pods of proxies.
std::vector<ir::LabelSet> gateway_labels(const ir::Cluster& cluster, const ir::RouteTable& routes) {
  std::set<ir::LabelSet> labels = {ir::ingress_endpoint().labels};
  for (const ir::Listener& listener : routes.listeners)
    for (const std::string& proxy : listener.proxies)
      if (const auto id = find_pod(cluster, proxy)) labels.insert(cluster.pod(*id).labels);
  return {labels.begin(), labels.end()};
}

/// Addresses outside that no rule of a gateway tells apart.
std::vector<ir::AddressSet> regions(const ir::PolicySet& policies, const std::vector<ir::LabelSet>& gateways) {
  std::vector<ir::AddressSet> all = {ir::every_address()};
  std::set<ir::CidrPeer> seen;
  for (const ir::Rule& rule : policies.rules) {
    if (rule.direction != ir::Direction::Ingress || rule.subject_is_node || !rule.peers) continue;
    if (std::none_of(gateways.begin(), gateways.end(), [&](const ir::LabelSet& labels) { return ir::matches(rule.subject, labels); })) continue;
    for (const ir::Peer& peer : *rule.peers) {
      const auto* cidr = std::get_if<ir::CidrPeer>(&peer);
      if (cidr == nullptr || all.size() > kMostRegions || !seen.insert(*cidr).second) continue;
      const ir::AddressSet named = ir::addresses_of(*cidr);
      std::vector<ir::AddressSet> split;
      for (const ir::AddressSet& one : all)
        for (ir::AddressSet part : {one.intersect(named), one.subtract(named)})
          if (!part.empty()) split.push_back(std::move(part));
      all = std::move(split);
    }
  }
  return all;
}

class Finder {
 public:
  Finder(const ir::PolicySet& policies, const ir::Cluster& cluster, const ir::RouteTable& routes, const ConnectivityQuestion& question)
      : policies_(policies), cluster_(cluster), routes_(routes), question_(question), focus_(question) {}

  std::vector<GatewayConnection> find() {
    const std::set<Target> targets = find_targets();
    if (targets.empty()) return {};
    find_clients();
    for (const Target& target : targets) targets_of_[{target.listener, workload_end(pod(target), false).text}].push_back(target);
    for (const auto& [key, list] : targets_of_) list_backend(list);
    std::sort(out_.begin(), out_.end());
    out_.erase(std::unique(out_.begin(), out_.end()), out_.end());
    return std::move(out_);
  }

 private:
  [[nodiscard]] const ir::Pod& pod(const Target& target) const { return cluster_.pods[target.pod]; }

  /// Where the rules of the routes lead.
  std::set<Target> find_targets() {
    std::set<Target> targets;
    for (const ir::Route& route : routes_.routes)
      for (const ir::RouteRule& rule : route.rules)
        for (const ir::Backend& backend : rule.backends) {
          if (!backend.invalid.empty() || (backend.weight == 0 && rule.backends.size() > 1)) continue;
          for (const std::uint32_t listener : route.listeners)
            if (routes_.listeners[listener].usable && routes_.listeners[listener].broken.empty()) add(listener, backend, targets);
        }
    return targets;
  }

  void add(std::uint32_t listener, const ir::Backend& backend, std::set<Target>& into) {
    for (std::size_t i = 0; i < backend.pods.size(); ++i)
      if (const auto id = find_pod(cluster_, backend.pods[i])) into.insert({listener, id->index, backend.pod_ports[i]});
  }

  void find_clients() {
    for (std::uint32_t i = 0; i < cluster_.pods.size(); ++i)
      if (!cluster_.pods[i].host_network)
        clients_.push_back({workload_end(cluster_.pods[i], false), workload_end(cluster_.pods[i], true), ir::endpoint_of(cluster_, ir::PodId{i})});
    regions_ = regions(policies_, gateway_labels(cluster_, routes_));
  }

  /// nullopt: denied; else whether request rules have a say.
  std::optional<bool> ask(const Target& target, const ir::Endpoint& client) {
    const ir::Listener& listener = routes_.listeners[target.listener];
    const ir::Endpoint backend = ir::endpoint_of(cluster_, ir::PodId{target.pod});
    const auto key = std::tuple(client.kind, client.labels, client.address && client.kind == ir::EndpointKind::Other ? client.address : std::nullopt,
                                target.listener, backend.kind, backend.labels, target.port);
    const auto known = known_.find(key);
    if (known != known_.end()) return known->second;
    ir::GatewayPath path{listener, client, ir::ingress_endpoint(), backend, target.port, {}, {}};
    if (!listener.cilium) {
      const auto proxy = listener.proxies.empty() ? std::nullopt : find_pod(cluster_, listener.proxies.front());
      if (!proxy) return known_.emplace(key, std::nullopt).first->second;
      path.gateway = ir::endpoint_of(cluster_, *proxy);
    }
    const ir::GatewayVerdict found = ir::decide_path(policies_, cluster_, path);
    std::optional<bool> answer;
    if (found.verdict == ir::Verdict::Allowed)
      answer = std::any_of(found.steps.begin(), found.steps.end(), [](const ir::GatewayStep& step) { return step.side.redirect; });
    return known_.emplace(key, answer).first->second;
  }

  /// All pods of one workload behind one listener.
  void list_backend(const std::vector<Target>& targets) {
    std::map<std::string, std::vector<const Client*>> workloads;
    for (const Client& client : clients_) workloads[client.end.text].push_back(&client);
    for (const auto& [text, clients] : workloads) {
      const auto first = ask(targets.front(), clients.front()->endpoint);
      bool alike = true;
      for (const Client* client : clients)
        for (const Target& target : targets) alike = alike && ask(target, client->endpoint) == first && target.port == targets.front().port;
      if (alike) {
        if (first) push(clients.front()->end, workload_end(pod(targets.front()), false), targets.front(), *first);
        continue;
      }
      for (const Client* client : clients)
        for (const Target& target : targets)
          if (const auto one = ask(target, client->endpoint)) push(client->alone, workload_end(pod(target), true), target, *one);
    }
    list_outside(targets);
  }

  void list_outside(const std::vector<Target>& targets) {
    for (const Target& target : targets) {
      std::map<bool, std::vector<ir::AddressSet::Interval>> allowed;
      for (const ir::AddressSet& region : regions_) {
        ir::Endpoint client;
        client.address = region.intervals.front().first;
        client.labels = ir::outside_labels(cluster_, *client.address);
        if (const auto one = ask(target, client)) allowed[*one].insert(allowed[*one].end(), region.intervals.begin(), region.intervals.end());
      }
      for (auto& [check, intervals] : allowed) list_region(target, ir::AddressSet::joined(std::move(intervals)), check, targets.size() == 1);
    }
  }

  void list_region(const Target& target, const ir::AddressSet& addresses, bool check, bool single) {
    const ConnectivityEnd destination = workload_end(pod(target), !single && !same_for_all(target, addresses));
    if (addresses == ir::every_address()) return push({"entity:world", {}, {}, {}, {}, {}}, destination, target, check);
    for (const auto& interval : addresses.intervals)
      push({to_text(interval.first) + "-" + to_text(interval.last), {}, {}, {}, {}, interval}, destination, target, check);
  }

  /// Whether every pod of the workload lets these addresses in.
  bool same_for_all(const Target& target, const ir::AddressSet& addresses) {
    ir::Endpoint client;
    client.address = addresses.intervals.front().first;
    client.labels = ir::outside_labels(cluster_, *client.address);
    const auto& all = targets_of_.at({target.listener, workload_end(pod(target), false).text});
    const auto first = ask(target, client);
    return std::all_of(all.begin(), all.end(), [&](const Target& other) { return other.port == target.port && ask(other, client) == first; });
  }

  void push(const ConnectivityEnd& source, const ConnectivityEnd& destination, const Target& target, bool check) {
    if (source.text == destination.text || !focus_.wants(id_of(source), id_of(destination))) return;
    const ir::Listener& listener = routes_.listeners[target.listener];
    const ir::PortMatch port{listener.protocol == ir::ListenerProtocol::Udp ? ir::Protocol::Udp : ir::Protocol::Tcp, {target.port, target.port}};
    if (question_.ports && question_.ports->intersect(ir::ports_of(std::vector{port})).empty()) return;
    out_.push_back({source.text, destination.text, listener.gateway_namespace + "/" + listener.gateway, listener.name, listener.port, port,
                    check ? std::optional(RequestCheck::Http) : std::nullopt});
  }

  EndId id_of(const ConnectivityEnd& end) {
    const auto [at, added] = ids_.emplace(end.text, EndId{static_cast<std::uint32_t>(ids_.size())});
    if (added) focus_.add(end);
    return at->second;
  }

  const ir::PolicySet& policies_;
  const ir::Cluster& cluster_;
  const ir::RouteTable& routes_;
  const ConnectivityQuestion& question_;
  Focus focus_;
  std::map<std::string, EndId> ids_;
  std::vector<Client> clients_;
  std::vector<ir::AddressSet> regions_;
  std::map<std::pair<std::uint32_t, std::string>, std::vector<Target>> targets_of_;
  using Key = std::tuple<ir::EndpointKind, ir::LabelSet, std::optional<ir::IpAddress>, std::uint32_t, ir::EndpointKind, ir::LabelSet, std::uint16_t>;
  std::map<Key, std::optional<bool>> known_;
  std::vector<GatewayConnection> out_;
};

}  // namespace

std::vector<GatewayConnection> gateway_connections(const ir::PolicySet& policies, const ir::Cluster& cluster, const ir::RouteTable& routes,
                                                   const ConnectivityQuestion& question) {
  return Finder(policies, cluster, routes, question).find();
}

}  // namespace weir::compiler
