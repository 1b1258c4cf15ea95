// Names that rules write out are asked one by one and kept out of the automata: a thousand of them are one automaton too
// large, and a thousand small ones too slow. Tested by tests/unit/compiler/verify/request_patterns_test.cpp.
#include "compiler/verify/request_samples.h"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "ir/eval/patterns.h"

namespace weir::compiler {
namespace {

/// Takes the names that are no patterns out of the rules; as request_patterns.h has them in its boxes.
void take_names(ir::L7Rules& rules, RequestKind kind, std::set<std::string>& names) {
  if (kind == RequestKind::Dns) {
    std::erase_if(rules.dns, [&](const ir::NamePattern& one) {
      const bool plain = one.literal && one.text.find('*') == std::string::npos;
      if (plain) names.insert(ir::canonical_name(one.text));
      return plain;
    });
  } else if (kind != RequestKind::Http) {
    std::erase_if(rules.server_names, [&](const std::string& one) {
      const bool plain = one.find('*') == std::string::npos && !one.ends_with('.');
      std::string name = one;
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (plain) names.insert(std::move(name));
      return plain;
    });
  }
}

/// The field of a box that holds the name.
Texts& name_field(RequestBox& box, RequestKind kind) { return kind == RequestKind::HttpInTls ? server_names_of(box) : box.path; }

std::string name_in(const ir::L7Request& request, RequestKind kind) {
  return kind == RequestKind::Dns ? ir::canonical_name(*request.dns) : kind == RequestKind::Http ? std::string() : *request.sni;
}

}  // namespace

/// One for each of the names that the atom holds, and one for what else it holds.
void RequestSamples::add(RequestBox atom, RequestKind kind, const std::set<std::string>& names, std::vector<ir::L7Request>& out) {
  const Texts all = name_field(atom, kind);
  for (const std::string& name : names) {
    if (!all->contains(name)) continue;
    name_field(atom, kind) = std::make_shared<const ir::Automaton>(ir::Automaton::literal(name));
    out.push_back(request_of(atom, kind));
  }
  for (Texts rest = all; !rest->empty();) {
    name_field(atom, kind) = rest;
    ir::L7Request request = request_of(atom, kind);
    const std::string name = name_in(request, kind);
    if (!names.contains(name)) return out.push_back(std::move(request));
    auto left = ir::subtract(*rest, ir::Automaton::literal(name));
    if (!left) return void(why_ = "too many names are taken out of a pattern of requests");
    rest = std::make_shared<const ir::Automaton>(std::move(*left));
  }
}

const std::vector<ir::L7Request>& RequestSamples::of(std::vector<ir::L7Rules> rules, RequestKind kind) {
  const auto [at, fresh] = known_.try_emplace({std::move(rules), kind});
  if (!fresh) return at->second;
  std::vector<RequestBox> patterns;
  std::set<std::string> names;
  for (ir::L7Rules one : at->first.first) {
    take_names(one, kind, names);
    auto boxes = boxes_of(one, kind, cluster_);
    if (!boxes) why_ = "weir cannot make a set of one of the expressions of rules about requests";
    else std::move(boxes->begin(), boxes->end(), std::back_inserter(patterns));
  }
  auto atoms = atoms_of(kind, patterns, most_);
  if (!atoms) why_ = "too many patterns of requests overlap";
  for (RequestBox& atom : atoms ? *atoms : patterns) {
    if (at->second.size() > most_) why_ = "too many patterns of requests overlap";
    else add(std::move(atom), kind, names, at->second);
  }
  return at->second;
}

}  // namespace weir::compiler
