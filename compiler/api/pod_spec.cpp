#include "compiler/api/pod_spec.h"

#include "compiler/api/tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Support kSkip = Support::Irrelevant;

// core/v1 PodSpec of Kubernetes 1.34 and the fields that older servers still print.
constexpr Field kSpecFields[] = {
    {"activeDeadlineSeconds", kSkip}, {"affinity", kSkip}, {"automountServiceAccountToken", kSkip}, {"containers"},
    {"dnsConfig", kSkip}, {"dnsPolicy", kSkip}, {"enableServiceLinks", kSkip}, {"ephemeralContainers", kSkip},
    {"hostAliases", kSkip}, {"hostIPC", kSkip}, {"hostNetwork"}, {"hostPID", kSkip}, {"hostUsers", kSkip},
    {"hostname", kSkip}, {"hostnameOverride", kSkip}, {"imagePullSecrets", kSkip}, {"initContainers"}, {"nodeName"},
    {"nodeSelector", kSkip}, {"os", kSkip}, {"overhead", kSkip}, {"preemptionPolicy", kSkip}, {"priority", kSkip},
    {"priorityClassName", kSkip}, {"readinessGates", kSkip}, {"resourceClaims", kSkip}, {"resources", kSkip},
    {"restartPolicy", kSkip}, {"runtimeClassName", kSkip}, {"schedulerName", kSkip}, {"schedulingGates", kSkip},
    {"securityContext", kSkip}, {"serviceAccount"}, {"serviceAccountName"}, {"setHostnameAsFQDN", kSkip},
    {"shareProcessNamespace", kSkip}, {"subdomain", kSkip}, {"terminationGracePeriodSeconds", kSkip},
    {"tolerations", kSkip}, {"topologySpreadConstraints", kSkip}, {"volumes", kSkip}, {"workloadRef", kSkip}};

constexpr Field kContainerFields[] = {
    {"args", kSkip}, {"command", kSkip}, {"env", kSkip}, {"envFrom", kSkip}, {"image", kSkip}, {"imagePullPolicy", kSkip},
    {"lifecycle", kSkip}, {"livenessProbe", kSkip}, {"name", kSkip}, {"ports"}, {"readinessProbe", kSkip},
    {"resizePolicy", kSkip}, {"resources", kSkip}, {"restartPolicy", kSkip}, {"restartPolicyRules", kSkip},
    {"securityContext", kSkip}, {"startupProbe", kSkip}, {"stdin", kSkip}, {"stdinOnce", kSkip},
    {"terminationMessagePath", kSkip}, {"terminationMessagePolicy", kSkip}, {"tty", kSkip}, {"volumeDevices", kSkip},
    {"volumeMounts", kSkip}, {"workingDir", kSkip}};

constexpr Field kPortFields[] = {{"containerPort"}, {"hostIP", kSkip}, {"hostPort", kSkip, "node ports are not simulated"},
                                 {"name"}, {"protocol"}};

ContainerPortSpec read_port(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kContainerPortTable, diagnostics);
  ContainerPortSpec out;
  if (reader.require("containerPort"))
    if (const auto port = reader.integer("containerPort", 1, 65535)) out.port = static_cast<std::uint16_t>(port->value);
  if (const auto name = reader.string("name")) out.name = name->value;
  out.protocol = read_transport_protocol(reader);
  return out;
}

void read_containers(const FieldReader& spec, std::string_view field, PodSpec& out) {
  ir::Diagnostics& diagnostics = spec.diagnostics();
  const auto lists = spec.list<std::vector<ContainerPortSpec>>(field, [&](const Node& node) {
    const FieldReader container(node, kContainerTable, diagnostics);
    return container.list<ContainerPortSpec>("ports", [&](const Node& port) { return read_port(port, diagnostics); })
        .value_or(std::vector<ContainerPortSpec>{});
  });
  if (!lists) return;
  for (const auto& ports : *lists) out.ports.insert(out.ports.end(), ports.begin(), ports.end());
}

}  // namespace

const FieldTable kPodSpecTable{"PodSpec", kSpecFields};
const FieldTable kContainerTable{"Container", kContainerFields};
const FieldTable kContainerPortTable{"ContainerPort", kPortFields};

ir::Protocol read_transport_protocol(const FieldReader& reader) {
  const auto text = reader.one_of("protocol", {"TCP", "UDP", "SCTP"});
  return text && text->value == "UDP" ? ir::Protocol::Udp : text && text->value == "SCTP" ? ir::Protocol::Sctp : ir::Protocol::Tcp;
}

std::optional<ir::IpAddress> read_address(const Located<std::string>& text, ir::Diagnostics& diagnostics) {
  const auto address = ir::parse_address(text.value);
  if (!address)
    diagnostics.report({.kind = ir::Code::InvalidValue, .primary = text.span,
                        .detail = show(text.value) + " is no IP address", .labels = {}, .notes = {}, .fix = {}, .witness = {}});
  return address;
}

PodSpec read_pod_spec(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader spec(node, kPodSpecTable, diagnostics);
  PodSpec out;
  if (const auto name = spec.string("nodeName")) out.node = name->value;
  // serviceAccount is the old name of serviceAccountName and loses against it.
  for (const std::string_view field : {"serviceAccount", "serviceAccountName"})
    if (const auto account = spec.string(field); account && !account->value.empty()) out.service_account = account->value;
  if (const auto host = spec.boolean("hostNetwork")) out.host_network = host->value;
  read_containers(spec, "initContainers", out);  // a sidecar is an init container that keeps running
  read_containers(spec, "containers", out);
  return out;
}

}  // namespace weir::compiler
