#include <charconv>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/print.h"
#include "cli/report/trace_report.h"
#include "cli/trace_request.h"
#include "simulator/ask/suggest.h"
#include "simulator/ask/trace.h"

namespace weir::cli {
namespace {

ir::Result<unsigned> number(std::string_view text, unsigned limit, const char* what) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty() || value > limit)
    return ir::failure("`" + std::string(text) + "` is not " + what, 2);
  return value;
}

/// "8080", "8080/TCP", "http", "SCTP"-less forms: the port may be a name, which the destination's containers resolve.
ir::Result<void> set_port(const TraceOptions& options, const ir::Cluster& cluster, simulator::TraceQuestion& question) {
  const std::string_view text = options.port;
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto protocol = ir::parse_protocol(text.substr(slash + 1));
    if (!protocol) return ir::failure("unknown protocol `" + std::string(text.substr(slash + 1)) + "`", 2);
    question.protocol = *protocol;
  }
  const std::string_view port = text.substr(0, slash);
  if (const auto named = simulator::named_port(cluster, question.destination, question.protocol, port)) {
    question.port = *named;
    return {};
  }
  const auto value = number(port, 65535, "a port number, or a port name of the destination");
  if (!value) return tl::unexpected(value.error());
  question.port = static_cast<std::uint16_t>(*value);
  return {};
}

/// "8" or "3/4". Whether it is ICMPv6 follows from the addresses.
ir::Result<void> set_icmp(const TraceOptions& options, const ir::Cluster& cluster, simulator::TraceQuestion& question) {
  const std::string_view text = options.icmp;
  const std::size_t slash = text.find('/');
  const auto type = number(text.substr(0, slash), 255, "an ICMP type");
  if (!type) return tl::unexpected(type.error());
  if (slash != std::string_view::npos) {
    const auto code = number(text.substr(slash + 1), 255, "an ICMP code");
    if (!code) return tl::unexpected(code.error());
    question.icmp_code = static_cast<std::uint8_t>(*code);
  }
  question.port = static_cast<std::uint16_t>(*type);
  question.protocol = ir::Protocol::Icmp;
  const auto ends = simulator::both_ends(cluster, question.source, question.destination);
  if (!ends) return tl::unexpected(ends.error());
  const auto v6 = [](const ir::Endpoint& end) { return end.address && end.address->family == ir::IpFamily::V6; };
  if (v6(ends->first) || v6(ends->second)) question.protocol = ir::Protocol::Icmpv6;
  return {};
}

ir::Result<simulator::TraceQuestion> question_of(const Request& request, const ir::Cluster& cluster) {
  const TraceOptions& options = request.trace;
  if (options.source.empty() || options.destination.empty())
    return ir::failure("trace wants two ends: --src PARTY --dst PARTY, or --src-pod NS/NAME --dst-pod NS/NAME", 2);
  if (options.port.empty() == options.icmp.empty()) return ir::failure("trace wants either --dport or --icmp", 2);
  const auto source = ir::parse_party(options.source, request.common.namespace_name);
  if (!source) return tl::unexpected(source.error());
  const auto destination = ir::parse_party(options.destination, request.common.namespace_name);
  if (!destination) return tl::unexpected(destination.error());
  const ir::Settings& settings = cluster.settings;
  simulator::TraceQuestion question{.source = simulator::at_home(*source, settings),
                                    .destination = simulator::at_home(*destination, settings)};
  const auto set = options.icmp.empty() ? set_port(options, cluster, question) : set_icmp(options, cluster, question);
  if (!set) return tl::unexpected(set.error());
  const auto inside = request_of(options);
  if (!inside) return tl::unexpected(inside.error());
  question.request = *inside;
  return question;
}

}  // namespace

int run_trace(const Request& request) {
  auto input = read_input(request.common.paths, request.common, compiler::Lints::No);
  if (!input) return print_error(input.error());
  if (const int refused = gate(input->diagnostics, input->files, request.common)) return refused;
  if (const auto named = add_names(request.trace, input->resolved.cluster); !named) return print_error(named.error());
  const auto question = question_of(request, input->resolved.cluster);
  if (!question) return print_error(question.error());
  const auto answer = simulator::trace(input->resolved, input->files, *question);
  if (!answer) return print_error(answer.error());
  if (request.common.output != "json" && request.common.output != "text")
    return print_error({"trace prints text or json, not `" + request.common.output + "`", 2});
  std::vector<simulator::Suggestion> edits;
  if (request.trace.suggest) edits = simulator::suggest(input->resolved, input->files, *answer);
  const auto* shown = request.trace.suggest ? &edits : nullptr;
  print_result(request.common.output == "json" ? trace_json(*answer, shown) : trace_text(*answer, shown));
  leave(exit_of(answer->decision.verdict));
}

}  // namespace weir::cli
