#include <algorithm>

#include "compiler/lower/lower.h"

namespace weir::compiler {
namespace {

ir::SideDecision decide_side(ir::RuleIndex& index, Classifier& classifier, const ir::Flow& flow, ir::Direction direction) {
  const bool egress = direction == ir::Direction::Egress;
  const ir::Endpoint& subject = egress ? flow.source : flow.destination;
  const ir::Endpoint& peer = egress ? flow.destination : flow.source;
  // policy.md 4.4: an end that is no managed endpoint is not evaluated.
  if (subject.kind != ir::EndpointKind::Pod) return {};
  const ir::SubjectClass subject_class = classifier.subject(subject.labels);
  const ir::LabelSet node_labels = peer.kind == ir::EndpointKind::Node ? peer_labels(peer, subject) : ir::LabelSet{};
  const ir::LabelSet& labels = peer.kind == ir::EndpointKind::Node ? node_labels : peer.labels;
  const ir::Signature signature = classifier.peer(labels, peer.address);
  return ir::decide(index, subject_class, direction, index.signatures[signature.index], labels.reserved("host"),
                    flow.protocol, flow.port, flow.icmp_code);
}

// policy.md 4.5: a pod talking to its own address never reaches the datapath.
bool stays_inside(const ir::Flow& flow) {
  return flow.source.kind == ir::EndpointKind::Pod && flow.destination.kind == ir::EndpointKind::Pod &&
         flow.source.address.has_value() && flow.source.address == flow.destination.address;
}

std::vector<std::string> assumptions_of(const ir::PolicySet& policies, const ir::Decision& decision) {
  std::vector<std::string> all;
  for (const ir::SideDecision* side : {&decision.egress, &decision.ingress})
    for (const ir::RuleId id : side->decided_by) {
      const std::vector<std::string>& some = policies.rule(id).assumptions;
      all.insert(all.end(), some.begin(), some.end());
    }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

ir::Decision decide(const ir::PolicySet& policies, ir::RuleIndex& index, Classifier& classifier, const ir::Flow& flow) {
  ir::Decision decision;
  if (stays_inside(flow)) return decision;
  decision.egress = decide_side(index, classifier, flow, ir::Direction::Egress);
  decision.ingress = decide_side(index, classifier, flow, ir::Direction::Ingress);
  const bool denied = decision.egress.verdict == ir::Verdict::Denied || decision.ingress.verdict == ir::Verdict::Denied;
  decision.verdict = denied ? ir::Verdict::Denied : ir::Verdict::Allowed;
  decision.assumptions = assumptions_of(policies, decision);
  return decision;
}

}  // namespace weir::compiler
