#include <algorithm>

#include "compiler/lower/lower.h"
#include "ir/eval/eval.h"
#include "ir/eval/side.h"
#include "ir/flow/assumptions.h"

namespace weir::compiler {
namespace {

ir::SideDecision decide_side(const ir::PolicySet& policies, ir::RuleIndex& index, Classifier& classifier, const ir::Flow& flow, ir::Direction direction) {
  const bool egress = direction == ir::Direction::Egress;
  const ir::Endpoint& subject = egress ? flow.source : flow.destination;
  const ir::Endpoint& peer = egress ? flow.destination : flow.source;
  // policy.md 4.4: an end that is no managed endpoint is not evaluated.
  const bool node = subject.kind == ir::EndpointKind::Node;
  if (!ir::is_managed(index.settings, subject)) return {};
  // Somebody outside whose address nobody knows is in no prefix; only the evaluator knows what /0 means then.
  if (!peer.address && peer.labels.world()) {
    ir::Cluster bare;
    bare.settings = index.settings;
    return ir::decide_side(policies, bare, flow, direction);
  }
  const ir::SubjectClass subject_class = classifier.subject(node ? subject.host_labels : subject.labels);
  const ir::LabelSet node_labels = peer.kind == ir::EndpointKind::Node ? peer_labels(peer, subject) : ir::LabelSet{};
  const ir::LabelSet& labels = peer.kind == ir::EndpointKind::Node ? node_labels : peer.labels;
  const ir::Signature signature = classifier.peer(labels, peer.address);
  const ir::PeerNames names{labels.world(), peer.dns_names};
  return ir::decide(index, subject_class, direction, index.signatures[signature.index], labels.reserved("host") && !node,
                    flow.protocol, flow.port, flow.icmp_code, &names);
}

// policy.md 4.5: a pod talking to its own address never reaches the datapath.
bool stays_inside(const ir::Flow& flow) {
  return flow.source.kind == ir::EndpointKind::Pod && flow.destination.kind == ir::EndpointKind::Pod &&
         flow.source.address.has_value() && flow.source.address == flow.destination.address;
}

}  // namespace

ir::Decision decide(const ir::PolicySet& policies, ir::RuleIndex& index, Classifier& classifier, const ir::Flow& flow) {
  ir::Decision decision;
  if (stays_inside(flow)) return decision;
  decision.egress = decide_side(policies, index, classifier, flow, ir::Direction::Egress);
  decision.ingress = decide_side(policies, index, classifier, flow, ir::Direction::Ingress);
  decision.verdict = ir::verdict_of(decision.egress, decision.ingress, decision.l7);
  decision.assumptions = ir::assumptions_of(policies, index.settings, decision);
  return decision;
}

}  // namespace weir::compiler
