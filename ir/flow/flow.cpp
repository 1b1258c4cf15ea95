#include "ir/flow/flow.h"

namespace weir::ir {

LabelSet peer_labels(const Endpoint& peer, const Endpoint& subject) {
  if (peer.kind != EndpointKind::Node) return peer.labels;
  LabelSet set = peer.labels;
  set.set({"reserved", peer.node == subject.node ? "host" : "remote-node", ""});
  return set;
}

std::string to_text(const Flow& flow) {
  std::string text = flow.source.name + " -> " + flow.destination.name;
  if (flow.protocol == Protocol::Icmp || flow.protocol == Protocol::Icmpv6)
    return text + " " + to_text(flow.protocol) + " type " + std::to_string(flow.port);
  if (flow.port != 0) text += ":" + std::to_string(flow.port);
  return text + "/" + to_text(flow.protocol);
}

}  // namespace weir::ir
