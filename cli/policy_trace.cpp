// `weir policy trace`: the flags of the old `cilium policy trace` (policy.md 9.1).
#include <array>
#include <charconv>
#include <optional>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/print.h"
#include "cli/report/policy_trace_report.h"
#include "cli/trace_request.h"
#include "ir/flow/endpoint.h"

namespace weir::cli {
namespace {

// policy.md 1.7
constexpr std::array<std::string_view, 10> kIdentities = {"host",        "world",          "unmanaged", "health",     "init",
                                                          "remote-node", "kube-apiserver", "ingress",   "world-ipv4", "world-ipv6"};

/// An end, as far as it is known without the other one.
struct End {
  std::optional<ir::Endpoint> endpoint;  // absent: the entity of `party`
  ir::Party party;
};

ir::Party entity(std::string_view name) {
  return {.kind = ir::PartyKind::Entity, .namespace_name = {}, .name = std::string(name), .cluster = {}, .labels = {}, .address = {}};
}

ir::Result<End> end_of_reserved(std::string_view name) {
  if (name == "world-ipv4" || name == "world-ipv6") {
    End end;
    end.endpoint = ir::Endpoint{.kind = ir::EndpointKind::Other};
    end.endpoint->labels.set({"reserved", std::string(name), ""});
    end.endpoint->name = std::string(name);
    return end;
  }
  for (const std::string_view known : kIdentities)
    if (known == name) return End{{}, entity(name)};
  return ir::failure("`" + std::string(name) + "` is no reserved identity", 2);
}

ir::Result<End> end_of_identity(const std::string& text) {
  unsigned number = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || at != text.data() + text.size()) return end_of_reserved(text);
  if (number >= 1 && number <= kIdentities.size()) return end_of_reserved(kIdentities[number - 1]);
  return ir::failure("identity " + text + " is one that a running cluster gave out, and weir works offline; name the labels "
                     "or the pod", 2);
}

/// "cidr:192.0.2.7/32" or "cidr:192.0.2.7": containment is judged for one address (cilium issue 18775).
ir::Result<End> end_of_address(const ir::Cluster& cluster, const ir::Label& label) {
  const std::string text = label.key.substr(0, label.key.find('/'));
  const auto address = ir::parse_address(text);
  if (!address) return ir::failure("`" + ir::to_text(label) + "` wants one address, such as cidr:192.0.2.7/32", 2);
  const std::string whole = address->family == ir::IpFamily::V6 ? "/128" : "/32";
  if (label.key.size() != text.size() && label.key.substr(text.size()) != whole)
    return ir::failure("`" + ir::to_text(label) + "` holds addresses that may fare differently; name one with " + whole, 2);
  return End{ir::endpoint_of(cluster, *address), {}};
}

/// "cidr:ADDRESS/32" has colons of its own in IPv6, and no equals sign.
ir::Label label_of(const std::string& text) {
  if (text.starts_with("cidr:")) return {"cidr", text.substr(5), ""};
  if (text.starts_with("$")) return {"reserved", text.substr(1), ""};
  return ir::parse_label(text);
}

/// A pod with these labels; those that Cilium derives are added where they are not given.
ir::Result<End> end_of_labels(const ir::Cluster& cluster, const std::vector<std::string>& texts, const std::string& home) {
  ir::LabelSet given;
  for (const std::string& text : texts) {
    const ir::Label label = label_of(text);
    if (label.source == "reserved" && texts.size() == 1) return end_of_reserved(label.key);
    if (label.source == "cidr" && texts.size() == 1) return end_of_address(cluster, label);
    if (label.source == "reserved" || label.source == "cidr")
      return ir::failure("`" + text + "` stands alone: what has it has no other label", 2);
    given.set({label.source == "any" ? "k8s" : label.source, label.key, label.value});
  }
  const ir::Label* ns = given.find("k8s", ir::kNamespaceKey);
  const ir::Label* where = given.find("k8s", ir::kClusterKey);
  const bool remote = where != nullptr && where->value != cluster.settings.cluster_name;
  ir::Endpoint end{.kind = ir::EndpointKind::Pod};
  end.labels = ir::identity_labels(cluster, ns == nullptr ? home : ns->value, {}, "default", remote ? where->value : std::string());
  for (const ir::Label& label : given.labels) end.labels.set(label);
  end.name = ir::to_text(given);
  return End{end, {}};
}

ir::Result<End> end_of_pod(const ir::Cluster& cluster, const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return ir::failure("`" + text + "` wants NAMESPACE:POD", 2);
  const auto end = ir::endpoint_of(cluster, *ir::parse_party("pod:" + text.substr(0, colon) + "/" + text.substr(colon + 1), ""), nullptr);
  if (!end) return tl::unexpected(end.error());
  return End{*end, {}};
}

/// Every pod of a file: those of workloads by their template.
ir::Result<std::vector<End>> ends_of_file(const ir::Cluster& cluster, const std::string& path, const CommonOptions& common) {
  const auto file = read_input({path}, common, compiler::Lints::No);
  if (!file) return tl::unexpected(file.error());
  if (gate(file->diagnostics, file->files, common) != 0) return ir::failure("`" + path + "` is refused", 3);
  std::vector<End> ends;
  for (const ir::Pod& pod : file->resolved.cluster.pods) {
    ir::Endpoint end{.kind = ir::EndpointKind::Pod};
    if (pod.host_network)
      end = ir::node_endpoint(cluster, pod.node);
    else
      end.labels = ir::identity_labels(cluster, pod.namespace_name, pod.pod_labels, pod.service_account);
    end.name = pod.namespace_name + "/" + pod.name;
    ends.push_back({end, {}});
  }
  if (ends.empty()) return ir::failure("`" + path + "` holds no pod and no workload", 2);
  return ends;
}

ir::Result<std::vector<End>> ends_of(const OldPartyOptions& options, const ir::Cluster& cluster, const CommonOptions& common,
                                     const std::string& flag) {
  if (!options.endpoint.empty())
    return ir::failure("--" + flag + "-endpoint: only a running agent knows its endpoints by number; name the pod with --" + flag +
                           "-k8s-pod", 2);
  std::vector<ir::Result<End>> found;
  if (!options.labels.empty()) found.push_back(end_of_labels(cluster, options.labels, common.namespace_name));
  if (!options.identity.empty()) found.push_back(end_of_identity(options.identity));
  for (const std::string& pod : options.pods) found.push_back(end_of_pod(cluster, pod));
  std::vector<End> ends;
  for (auto& one : found) {
    if (!one) return tl::unexpected(one.error());
    ends.push_back(std::move(*one));
  }
  for (const std::string& path : options.files) {
    const auto more = ends_of_file(cluster, path, common);
    if (!more) return tl::unexpected(more.error());
    ends.insert(ends.end(), more->begin(), more->end());
  }
  if (ends.empty()) return ir::failure("policy trace wants --" + flag + ", --" + flag + "-k8s-pod, --" + flag + "-k8s-yaml or --" + flag +
                                           "-identity", 2);
  return ends;
}

ir::Result<simulator::AskedPort> port_of(const std::string& text) {
  simulator::AskedPort out{{ir::Protocol::Tcp, ir::Protocol::Udp, ir::Protocol::Sctp}, 0};
  const std::size_t slash = text.find('/');
  const char* end = text.data() + std::min(slash, text.size());
  const auto [at, error] = std::from_chars(text.data(), end, out.port);
  if (error != std::errc{} || at != end || out.port == 0) return ir::failure("`--dport " + text + "` wants PORT[/tcp|udp|any]", 2);
  if (slash == std::string::npos || text.substr(slash + 1) == "any" || text.substr(slash + 1) == "ANY") return out;
  std::string name = text.substr(slash + 1);
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const auto protocol = ir::parse_protocol(name);
  if (!protocol) return ir::failure("`--dport " + text + "` wants PORT[/tcp|udp|any]", 2);
  out.protocols = {*protocol};
  return out;
}

/// `host` is the node of the other end.
ir::Result<ir::Endpoint> settle(const ir::Cluster& cluster, const End& end, const End& other) {
  if (end.endpoint) return *end.endpoint;
  return ir::endpoint_of(cluster, end.party, other.endpoint ? &*other.endpoint : nullptr);
}

ir::Result<std::vector<PolicyTracePair>> trace_all(const Input& input, const Request& request,
                                                   const std::optional<ir::L7Request>& inside) {
  const ir::Cluster& cluster = input.resolved.cluster;
  const auto sources = ends_of(request.policy_trace.source, cluster, request.common, "src");
  if (!sources) return tl::unexpected(sources.error());
  const auto destinations = ends_of(request.policy_trace.destination, cluster, request.common, "dst");
  if (!destinations) return tl::unexpected(destinations.error());
  std::vector<simulator::AskedPort> asked;
  for (const std::string& text : request.policy_trace.ports) {
    const auto port = port_of(text);
    if (!port) return tl::unexpected(port.error());
    asked.push_back(*port);
  }
  std::vector<PolicyTracePair> pairs;
  for (const End& from : *sources)
    for (const End& to : *destinations) {
      const auto source = settle(cluster, from, to), destination = settle(cluster, to, from);
      if (!source) return tl::unexpected(source.error());
      if (!destination) return tl::unexpected(destination.error());
      const ir::Flow flow{*source, *destination, ir::Protocol::Tcp, 0, 0, inside};
      pairs.push_back({ir::to_text(ir::peer_labels(*source, *destination)), ir::to_text(ir::peer_labels(*destination, *source)), asked,
                       simulator::policy_trace(input.resolved, input.files, flow, asked)});
    }
  return pairs;
}

/// The worst of all pairs decides, a denial first.
int worst_exit(const std::vector<PolicyTracePair>& pairs) {
  int code = 0;
  for (const PolicyTracePair& pair : pairs) {
    const int one = cli::exit_of(simulator::final_verdict(pair.trace, pair.asked));
    if (one != 0 && code != 1) code = one;
  }
  return code;
}

}  // namespace

int run_policy_trace(const Request& request) {
  const std::string& output = request.common.output;
  if (output != "json" && output != "text") return print_error({"policy trace prints text or json, not `" + output + "`", 2});
  auto input = read_input(request.common.paths, request.common, compiler::Lints::No);
  if (!input) return print_error(input.error());
  if (const int refused = gate(input->diagnostics, input->files, request.common)) return refused;
  if (const auto named = add_names(request.trace, input->resolved.cluster); !named) return print_error(named.error());
  const auto inside = request_of(request.trace);
  if (!inside) return print_error(inside.error());
  const auto pairs = trace_all(*input, request, *inside);
  if (!pairs) return print_error(pairs.error());
  std::string text;
  for (const PolicyTracePair& pair : *pairs) text += policy_trace_text(pair, request.common.verbose > 0);
  print_result(output == "json" ? policy_trace_json(*pairs) : text);
  return worst_exit(*pairs);
}

}  // namespace weir::cli
