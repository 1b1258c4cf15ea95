#include "compiler/resolve/cilium_checks.h"


#include "compiler/resolve/selectors.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

struct Check {
  const PolicyContext& context;

  void report(ir::Code code, ir::Span span, std::string detail, std::string fix = {}) const {
    context.diagnostics.report(
        {.kind = code, .primary = span, .detail = std::move(detail), .labels = {}, .notes = {}, .fix = std::move(fix), .witness = {}});
  }
  [[nodiscard]] const ir::Settings& settings() const { return context.settings; }
  [[nodiscard]] std::string dialect() const { return std::string(ir::to_text(settings().dialect)); }
};

bool before(const ir::Settings& settings, ir::Dialect dialect) {
  const auto age = [](ir::Dialect d) {
    return d == ir::Dialect::Cilium118 ? 118 : d == ir::Dialect::Cilium119 ? 119 : 120;  // k8s reads as the newest
  };
  return age(settings.dialect) < age(dialect);
}

// policy.md 2.5
void check_subject(const CiliumRule& rule, const ObjectMeta& meta, const Check& check) {
  if (meta.namespace_name.empty()) return;
  for (const LabelRequirement& r : rule.subject.requirements) {
    const SourceKey key = parse_source_key(r.key);
    const bool names_one = key.key == ir::kNamespaceKey && r.op == ir::Operator::In && r.values.size() == 1;
    if (!names_one || key.source == "reserved" || r.values.front() == meta.namespace_name) continue;
    const bool overwritten = key.source == "k8s";
    check.report(ir::Code::NamespaceConflict, r.span,
                 "the policy stands in namespace " + show(meta.namespace_name) + ", so namespace " + show(r.values.front()) +
                     (overwritten ? " is overwritten" : " makes it select nothing"),
                 "put the policy into namespace " + show(r.values.front()));
  }
}

// policy.md 3.5
void check_parser(const CiliumPortRule& rule, const Check& check) {
  if (rule.l7->parser.empty()) return;
  const std::string what = "request rules for " + show(rule.l7->parser);
  if (before(check.settings(), ir::Dialect::Cilium120))
    check.report(ir::Code::DeprecatedField, rule.span, what + " are gone in Cilium 1.20, and weir does not simulate them");
  else
    check.report(ir::Code::RemovedField, rule.span, what + " are not in dialect " + check.dialect(), "remove them");
}

bool is_extended(ir::Protocol protocol) {
  switch (protocol) {
    case ir::Protocol::Tcp:
    case ir::Protocol::Udp:
    case ir::Protocol::Sctp: return false;
    default: return true;
  }
}

// policy.md 3.8
void check_port_name(const PortSpec& port, bool egress, const Check& check) {
  if (port.name.empty() || check.context.cluster.pods.empty()) return;
  const auto& numbers = check.context.named_ports.numbers(port.name, port.protocol);
  const std::string name = "port " + show(port.name) + "/" + ir::to_text(port.protocol);
  if (numbers.empty())
    check.report(ir::Code::PortNameUnknown, port.span, "no pod of the input defines " + name + ", so it matches nothing");
  else if (egress && numbers.size() > 1 && before(check.settings(), ir::Dialect::Cilium120))
    check.report(ir::Code::PortNameUnknown, port.span,
                 "pods give " + name + " different numbers, which breaks it on egress before Cilium 1.20");
}

void check_ports(const CiliumElement& element, bool egress, const Check& check) {
  if (!element.port_rules) return;
  for (const CiliumPortRule& rule : *element.port_rules) {
    if (rule.l7) check_parser(rule, check);
    if (rule.l7 && !check.settings().l7_proxy)
      check.report(ir::Code::InvalidValue, rule.span, "rules about requests need the proxy, and `l7_proxy` is false");
    for (const PortSpec& port : rule.ports) {
      check_port_name(port, egress, check);
      if (is_extended(port.protocol) && !check.settings().extended_ip_protocols)
        check.report(ir::Code::InvalidValue, port.span, "this protocol needs `extended_ip_protocols`, which is false",
                     "set extended_ip_protocols=true when the agent has it");
    }
  }
}

// policy.md 3.4
void check_requires(const CiliumElement& element, const Check& check) {
  if (!element.requirements || element.requirements->empty()) return;
  const ir::Span span = element.requirements->front().span;
  if (before(check.settings(), ir::Dialect::Cilium119))
    check.report(ir::Code::DeprecatedField, span, "`fromRequires` and `toRequires` must be empty since Cilium 1.19",
                 "write the requirements into the selectors");
  else
    check.report(ir::Code::RemovedField, span, "`fromRequires` and `toRequires` must be empty in dialect " + check.dialect(),
                 "write the requirements into the selectors");
}

void check_element(const CiliumElement& element, bool egress, const Check& check) {
  check_ports(element, egress, check);
  check_requires(element, check);
  if (element.icmps && !check.settings().icmp_rules)
    check.report(ir::Code::InvalidValue, element.span, "`icmps` needs `icmp_rules`, which is false");
  // policy.md 2.8
  if (element.nodes && !element.nodes->empty() && !check.settings().node_selector_labels)
    check.report(ir::Code::InvalidValue, element.nodes->front().span,
                 "selecting nodes needs `node_selector_labels`, which is false", "set node_selector_labels=true when the agent has it");
}

}  // namespace

void check_cilium_rule(const CiliumRule& rule, const ObjectMeta& meta, const PolicyContext& context) {
  const Check check{context};
  check_subject(rule, meta, check);
  for (const CiliumElements* list : {&rule.ingress, &rule.ingress_deny, &rule.egress, &rule.egress_deny}) {
    if (!*list) continue;
    for (const CiliumElement& element : **list) check_element(element, list == &rule.egress || list == &rule.egress_deny, check);
  }
}

}  // namespace weir::compiler
