#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "compiler/lower/representatives.h"

namespace weir::compiler {
namespace {

/// Longest prefix match, written apart from the compiler's and from ir::find_identity.
class Longest {
 public:
  explicit Longest(const std::vector<ir::TablePrefix>& prefixes) {
    for (const ir::TablePrefix& entry : prefixes) by_length_[entry.prefix.length].insert(entry.prefix);
  }
  [[nodiscard]] std::optional<ir::IpPrefix> find(const ir::IpAddress& address) const {
    for (auto level = by_length_.rbegin(); level != by_length_.rend(); ++level) {
      if (level->first > address.bits()) continue;
      const ir::IpPrefix prefix{ir::masked(address, level->first), static_cast<std::uint8_t>(level->first)};
      if (level->second.count(prefix) > 0) return prefix;
    }
    return std::nullopt;
  }

 private:
  std::map<unsigned, std::set<ir::IpPrefix>> by_length_;
};

/// The first address of `prefix` whose longest match is `wanted`; walks over the longer prefixes in the way.
std::optional<ir::IpAddress> first_in(const Longest& longest, const ir::IpPrefix& prefix,
                                      const std::optional<ir::IpPrefix>& wanted) {
  std::optional<ir::IpAddress> address = prefix.address;
  while (address && contains(prefix, *address)) {
    const std::optional<ir::IpPrefix> found = longest.find(*address);
    if (found == wanted) return address;
    address = ir::next(ir::last_address(*found));
  }
  return std::nullopt;
}

class Sampler {
 public:
  Sampler(const ir::TableSet& tables, const ir::Cluster& cluster, const Owners& owners)
      : tables_(tables), cluster_(cluster), owners_(owners), longest_(tables.prefixes) {}

  std::vector<PeerSample> sample() {
    for (const ir::TablePrefix& entry : tables_.prefixes) {
      if (const auto first = first_in(longest_, entry.prefix, entry.prefix)) add_address(entry.identity, *first);
      const ir::IpAddress last = ir::last_address(entry.prefix);
      if (last != entry.prefix.address && longest_.find(last) == entry.prefix) add_address(entry.identity, last);
    }
    for (const ir::IpFamily family : {ir::IpFamily::V4, ir::IpFamily::V6})
      if (const auto outside = first_in(longest_, {{family, {}}, 0}, std::nullopt)) add_address(0, *outside);
    for (std::uint32_t i = 0; i < tables_.identities.size(); ++i) add_unreached(i);
    return std::move(samples_);
  }

 private:
  void add_address(std::uint32_t identity, const ir::IpAddress& address) {
    reached_.insert(identity);
    // policy.md 2.6: without cidr_match_mode pods a pod's address does not matter, so one for each label set will do.
    const auto owner = owners_.all().find(address);
    const bool by_labels = owner != owners_.all().end() && owner->second.pod != nullptr && !cluster_.settings.cidr_match_pods;
    if (!by_labels || pods_[identity].insert(owner->second.pod->labels).second)
      samples_.push_back({identity, owners_.endpoint(address)});
  }

  void add_unreached(std::uint32_t identity) {
    const ir::TableIdentity& entry = tables_.identities[identity];
    if (reached_.count(identity) > 0) return;
    ir::Endpoint node{.kind = ir::EndpointKind::Node};
    if (entry.number == 1) samples_.push_back({identity, node, PeerSample::Relative::Host});
    if (entry.number == 6) samples_.push_back({identity, node, PeerSample::Relative::RemoteNode});
    if (entry.number < 256 || entry.number >= 1u << 24) return;
    for (const ir::Pod& pod : cluster_.pods)
      if (!pod.host_network && labels_of(pod) == entry.labels) return samples_.push_back({identity, pod_endpoint(pod)});
  }

  static std::vector<std::string> labels_of(const ir::Pod& pod) {
    std::set<std::string> labels;
    for (const ir::Label& label : pod.labels.labels) labels.insert(to_text(label));
    return {labels.begin(), labels.end()};
  }

  const ir::TableSet& tables_;
  const ir::Cluster& cluster_;
  const Owners& owners_;
  Longest longest_;
  std::set<std::uint32_t> reached_;
  std::unordered_map<std::uint32_t, std::set<ir::LabelSet>> pods_;  // by identity
  std::vector<PeerSample> samples_;
};

}  // namespace

std::vector<PeerSample> peer_samples(const ir::TableSet& tables, const ir::Cluster& cluster, const Owners& owners) {
  return Sampler(tables, cluster, owners).sample();
}

}  // namespace weir::compiler
