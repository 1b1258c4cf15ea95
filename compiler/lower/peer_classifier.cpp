#include "compiler/lower/peer_classifier.h"

namespace weir::compiler {
namespace {

std::vector<std::uint32_t> bits_of_selectors(const ir::RuleIndex& index) {
  std::vector<std::uint32_t> bits;
  for (std::uint32_t bit = 0; bit < index.matchers.size(); ++bit)
    if (std::holds_alternative<ir::SelectorPeer>(index.matchers[bit])) bits.push_back(bit);
  return bits;
}

std::vector<const ir::Selector*> selectors_of(const ir::RuleIndex& index) {
  std::vector<const ir::Selector*> selectors;
  for (const ir::Peer& peer : index.matchers)
    if (const auto* selector = std::get_if<ir::SelectorPeer>(&peer)) selectors.push_back(&selector->selector);
  return selectors;
}

// policy.md 2.6
bool cidrs_apply(const ir::Settings& settings, const ir::LabelSet& labels) {
  if (labels.world()) return true;
  const bool node = labels.reserved("host") || labels.reserved("remote-node");
  return node ? settings.cidr_match_nodes : settings.cidr_match_pods;
}

// policy.md 2.6: /0 is the world label itself, whatever the address.
bool holds_all(const ir::CidrPeer& cidr) { return cidr.cidr.length == 0 && cidr.except.empty(); }
bool other_family(ir::IpFamily family, const ir::LabelSet& labels) {
  return labels.reserved(family == ir::IpFamily::V4 ? "world-ipv6" : "world-ipv4");
}

}  // namespace

PeerClassifier::PeerClassifier(ir::RuleIndex& index)
    : index_(index), selector_bits_(bits_of_selectors(index)), selectors_(selectors_of(index)) {
  for (std::uint32_t bit = 0; bit < index.matchers.size(); ++bit)
    if (const auto* cidr = std::get_if<ir::CidrPeer>(&index.matchers[bit])) {
      cidrs_.add(bit, *cidr);
      if (holds_all(*cidr)) whole_.emplace_back(bit, cidr->cidr.address.family);
    }
  for (std::uint32_t i = 0; i < index.signatures.size(); ++i) known_bits_.emplace(index.signatures[i], ir::Signature{i});
}

ir::Signature PeerClassifier::signature(const ir::LabelSet& labels, const std::optional<ir::IpPrefix>& prefix) {
  const ByLabels base = by_labels(labels);
  if (!base.by_address || !prefix) return base.signature;
  std::vector<std::uint32_t> holding = cidrs_.holding(*prefix);
  if (holding.empty()) return base.signature;
  std::vector<std::uint32_t> key{base.signature.index};
  key.insert(key.end(), holding.begin(), holding.end());
  const auto known = combined_.find(key);
  if (known != combined_.end()) return known->second;
  std::vector<std::uint64_t> bits = bits_of(holding);
  const std::vector<std::uint64_t>& labelled = index_.signatures[base.signature.index];
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] |= labelled[i];
  return combined_.emplace(std::move(key), intern(std::move(bits))).first->second;
}

ir::Signature PeerClassifier::without_address(const ir::LabelSet& labels) { return by_labels(labels).without_address; }

const PeerClassifier::ByLabels& PeerClassifier::by_labels(const ir::LabelSet& labels) {
  const auto known = known_labels_.find(labels);
  if (known != known_labels_.end()) return known->second;
  std::vector<std::uint32_t> numbers = selectors_.matching(labels);
  for (std::uint32_t& number : numbers) number = selector_bits_[number];
  ByLabels fresh{intern(bits_of(numbers)), {}, cidrs_apply(index_.settings, labels)};
  for (const auto& [bit, family] : whole_)
    if (labels.world() && !other_family(family, labels)) numbers.push_back(bit);
  fresh.without_address = intern(bits_of(numbers));
  return known_labels_.emplace(labels, fresh).first->second;
}

ir::Signature PeerClassifier::intern(std::vector<std::uint64_t> bits) {
  const ir::Signature fresh{static_cast<std::uint32_t>(index_.signatures.size())};
  const auto [at, added] = known_bits_.emplace(std::move(bits), fresh);
  if (added) index_.signatures.push_back(at->first);
  return at->second;
}

std::vector<std::uint64_t> PeerClassifier::bits_of(const std::vector<std::uint32_t>& numbers) const {
  std::vector<std::uint64_t> bits((index_.matchers.size() + 63) / 64);
  for (const std::uint32_t number : numbers) bits[number / 64] |= std::uint64_t{1} << (number % 64);
  return bits;
}

}  // namespace weir::compiler
