// Selectors are tested by tests/unit/compiler/resolve/pod_index_test.cpp, the rest by lints_rules_test.cpp.

#include "compiler/resolve/lint_covers.h"

#include <algorithm>

namespace weir::compiler {
namespace {

bool subset(const std::vector<std::string>& inner, const std::vector<std::string>& outer) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

bool disjoint(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::none_of(a.begin(), a.end(), [&](const std::string& value) { return std::binary_search(b.begin(), b.end(), value); });
}

bool is_pod_source(const std::string& source) { return source == "k8s" || source == "any"; }

/// policy.md 2.1: a key without a source matches it in every source; no pod has its labels under any but k8s.
bool same_key(const ir::Requirement& wide, const ir::Requirement& narrow) {
  return wide.key == narrow.key && (wide.source == narrow.source || wide.source == "any" ||
                                    (is_pod_source(wide.source) && is_pod_source(narrow.source)));
}

/// Whatever satisfies `narrow` satisfies `wide`; both are of the same key.
bool follows(const ir::Requirement& wide, const ir::Requirement& narrow) {
  using ir::Operator;
  switch (wide.op) {
    case Operator::In: return narrow.op == Operator::In && subset(narrow.values, wide.values);
    case Operator::Exists: return narrow.op == Operator::In || narrow.op == Operator::Exists;
    case Operator::DoesNotExist: return narrow.op == Operator::DoesNotExist;
    case Operator::NotIn: break;
  }
  if (narrow.op == Operator::In) return disjoint(narrow.values, wide.values);
  return narrow.op == Operator::DoesNotExist || (narrow.op == Operator::NotIn && subset(wide.values, narrow.values));
}

bool contradict(const ir::Requirement& a, const ir::Requirement& b) {
  using ir::Operator;
  if (a.op == Operator::DoesNotExist) return b.op == Operator::In || b.op == Operator::Exists;
  if (a.op != Operator::In) return false;
  return (b.op == Operator::In && disjoint(a.values, b.values)) || (b.op == Operator::NotIn && subset(a.values, b.values));
}

bool takes_world(const ir::Selector& selector) {
  return selector.everything() || selector.requirements == std::vector{ir::exists("reserved", "world")};
}

bool covers_block(const ir::CidrPeer& wide, const ir::CidrPeer& narrow) {
  if (!ir::contains(wide.cidr, narrow.cidr)) return false;
  return std::all_of(wide.except.begin(), wide.except.end(), [&](const ir::IpPrefix& out) {
    if (!ir::contains(narrow.cidr, out) && !ir::contains(out, narrow.cidr)) return true;  // not in question
    return std::any_of(narrow.except.begin(), narrow.except.end(), [&](const ir::IpPrefix& e) { return ir::contains(e, out); });
  });
}

/// policy.md 2.6: without a match mode, CIDRs and names stand for addresses outside, and so does the entity `world`. An
/// entity world of a dual stack has `world` among its selectors too, beside those of the families.
bool covers_peer(const ir::Peer& wide, const ir::Peer& narrow, const ir::Settings& settings) {
  if (wide == narrow) return true;
  if (const auto* selector = std::get_if<ir::SelectorPeer>(&wide)) {
    if (const auto* other = std::get_if<ir::SelectorPeer>(&narrow)) return covers(selector->selector, other->selector);
    return selector->selector.everything() ||
           (takes_world(selector->selector) && !settings.cidr_match_nodes && !settings.cidr_match_pods);
  }
  const auto* block = std::get_if<ir::CidrPeer>(&wide);
  const auto* other = std::get_if<ir::CidrPeer>(&narrow);
  return block && other && covers_block(*block, *other);
}

}  // namespace

bool covers(const ir::Selector& wide, const ir::Selector& narrow) {
  return std::all_of(wide.requirements.begin(), wide.requirements.end(), [&](const ir::Requirement& w) {
    return std::any_of(narrow.requirements.begin(), narrow.requirements.end(),
                       [&](const ir::Requirement& n) { return same_key(w, n) && follows(w, n); });
  });
}

bool exclude_each_other(const ir::Selector& a, const ir::Selector& b) {
  return std::any_of(a.requirements.begin(), a.requirements.end(), [&](const ir::Requirement& x) {
    return std::any_of(b.requirements.begin(), b.requirements.end(), [&](const ir::Requirement& y) {
      return is_pod_source(x.source) && is_pod_source(y.source) && x.key == y.key && (contradict(x, y) || contradict(y, x));
    });
  });
}

bool covers_peers(const ir::Rule& wide, const ir::Rule& narrow, const ir::Settings& settings) {
  constexpr std::size_t kMost = 10'000;  // comparisons; longer lists are not looked at
  if (narrow.peers && narrow.peers->empty()) return false;
  if (!wide.peers) return true;
  if (!narrow.peers) return std::any_of(wide.peers->begin(), wide.peers->end(), [](const ir::Peer& peer) {
    return peer == ir::Peer{ir::SelectorPeer{}};
  });
  if (wide.peers->size() * narrow.peers->size() > kMost) return false;
  return std::all_of(narrow.peers->begin(), narrow.peers->end(), [&](const ir::Peer& n) {
    return std::any_of(wide.peers->begin(), wide.peers->end(), [&](const ir::Peer& w) { return covers_peer(w, n, settings); });
  });
}

bool covers_ports(const ir::Rule& wide, const ir::Rule& narrow) {
  if (narrow.ports && narrow.ports->empty()) return false;
  if (!wide.ports) return true;
  return narrow.ports && std::all_of(narrow.ports->begin(), narrow.ports->end(), [&](const ir::PortMatch& n) {
    return std::any_of(wide.ports->begin(), wide.ports->end(), [&](const ir::PortMatch& w) {
      return w.protocol == n.protocol && w.ports.first <= n.ports.first && n.ports.last <= w.ports.last;
    });
  });
}

}  // namespace weir::compiler
