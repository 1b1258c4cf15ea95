#include "compiler/verify/focus.h"

namespace weir::compiler {

Focus::Focus(const ConnectivityQuestion& question)
    : workloads_(read(question.workloads)), peers_(read(question.peers)), direction_(question.direction) {}

std::vector<Focus::Name> Focus::read(const std::vector<std::string>& texts) {
  std::vector<Name> names;
  for (const std::string& text : texts) {
    Name name{text, {}, {}, {}, {}, false};
    std::string rest = text;
    for (const std::string prefix : {"workload:", "pod:"})
      if (rest.starts_with(prefix)) rest = rest.substr(prefix.size());
    const std::size_t slash = rest.find('/');
    if (text.starts_with("entity:") || text.starts_with("fqdn:") || text.starts_with("node:")) name.entity = text;
    else if (text.starts_with("ip:")) name.address = ir::parse_address(text.substr(3));
    else if (slash != std::string::npos) name.namespace_name = rest.substr(0, slash), name.name = rest.substr(slash + 1);
    else name.name = rest;
    names.push_back(std::move(name));
  }
  return names;
}

bool Focus::fits(const Name& name, const ConnectivityEnd& end) {
  if (!name.entity.empty()) return end.text == name.entity || (name.entity == "entity:world" && end.addresses);
  if (name.address) {
    const bool everywhere = end.text == "entity:world";
    return everywhere || (end.addresses && !(*name.address < end.addresses->first) && !(end.addresses->last < *name.address));
  }
  if (end.outside() || name.name.empty()) return false;
  return (name.namespace_name.empty() || name.namespace_name == end.namespace_name) &&
         (name.name == end.workload || name.name == end.pod);
}

bool Focus::any_fits(std::vector<Name>& names, const ConnectivityEnd& end) {
  bool found = false;
  for (Name& name : names)
    if (fits(name, end)) found = name.seen = true;
  return found;
}

void Focus::add(const ConnectivityEnd& end) {
  in_focus_.push_back(workloads_.empty() ? !end.outside() : any_fits(workloads_, end));
  is_peer_.push_back(peers_.empty() || any_fits(peers_, end));
}

std::optional<std::string> Focus::unknown() const {
  for (const std::vector<Name>* names : {&workloads_, &peers_})
    for (const Name& name : *names) {
      if (name.seen) continue;
      const bool outside = names == &peers_ && (!name.entity.empty() || name.address);
      if (!outside) return "the inventory has no workload and no pod `" + name.text + "`";
    }
  return std::nullopt;
}

bool Focus::wants(EndId source, EndId destination) const {
  const auto egress = in_focus_[source.index] && is_peer_[destination.index];
  const auto ingress = in_focus_[destination.index] && is_peer_[source.index];
  return (egress && direction_ != ir::Direction::Ingress) || (ingress && direction_ != ir::Direction::Egress);
}

bool Focus::wants_exposure(EndId workload, ir::Direction direction) const {
  return in_focus_[workload.index] && (!direction_ || direction_ == direction);
}

}  // namespace weir::compiler
