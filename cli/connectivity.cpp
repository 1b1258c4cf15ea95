#include "compiler/verify/gateway_connections.h"
#include "compiler/verify/connectivity.h"

#include <charconv>
#include <fstream>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/print.h"
#include "cli/report/connectivity_report.h"

namespace weir::cli {
namespace {

std::optional<std::uint16_t> number(std::string_view text) {
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "8080/TCP", "8080" (TCP), "8000-8100/UDP", "8/ICMP" or "TCP".
ir::Result<ir::PortSet> read_port(std::string_view text) {
  const auto wrong = ir::failure("`--focus-port " + std::string(text) + "` wants PORT[-LAST][/PROTOCOL] or PROTOCOL", 2);
  ir::PortMatch match;
  const std::size_t slash = text.find('/');
  const std::string_view ports = text.substr(0, slash);
  const bool digits = !ports.empty() && ports.front() >= '0' && ports.front() <= '9';
  if (!digits && slash != std::string_view::npos) return wrong;
  if (!digits || slash != std::string_view::npos) {
    const auto protocol = ir::parse_protocol(digits ? text.substr(slash + 1) : text);
    if (!protocol) return wrong;
    match.protocol = *protocol;
  }
  if (digits) {
    const std::size_t dash = ports.find('-');
    const auto first = number(ports.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number(ports.substr(dash + 1));
    if (!first || !last || *last < *first) return wrong;
    match.ports = {*first, *last};
  }
  return ir::ports_of(std::vector{match});
}

ir::Result<compiler::ConnectivityQuestion> question_of(const ConnectivityOptions& options) {
  compiler::ConnectivityQuestion question{options.workloads, options.peers, {}, {}, options.exposure};
  if (options.direction == "ingress") question.direction = ir::Direction::Ingress;
  if (options.direction == "egress") question.direction = ir::Direction::Egress;
  for (const std::string& text : options.ports) {
    const auto ports = read_port(text);
    if (!ports) return tl::unexpected(ports.error());
    question.ports = question.ports ? question.ports->unite(*ports) : *ports;
  }
  return question;
}

/// Every `--report FORMAT=FILE`.
int write_reports(const compiler::Connectivity& answer, const CommonOptions& common) {
  for (const std::string& item : common.reports) {
    const std::size_t equals = item.find('=');
    const auto text = connectivity_output(answer, item.substr(0, equals));
    if (equals == std::string::npos || !text)
      return print_error({"`--report " + item + "` wants FORMAT=FILE with text, json, csv, markdown, dot or html", 2});
    std::ofstream out(item.substr(equals + 1), std::ios::binary);
    out << *text;
    out.flush();
    if (!out) return print_error({"cannot write `" + item.substr(equals + 1) + "`", 5});
  }
  return 0;
}

}  // namespace

int run_connectivity(const Request& request) {
  const auto question = question_of(request.connectivity);
  if (!question) return print_error(question.error());
  const auto input = read_input(request.common.paths, request.common, compiler::Lints::No);
  if (!input) return print_error(input.error());
  if (const int refused = gate(input->diagnostics, input->files, request.common)) return refused;
  auto answer = compiler::connectivity(input->resolved.policies, input->resolved.cluster, *question);
  if (!answer) return print_error(answer.error());
  answer->through = compiler::gateway_connections(input->resolved.policies, input->resolved.cluster, input->resolved.routes, *question);
  if (const int failed = write_reports(*answer, request.common)) return failed;
  const auto text = connectivity_output(*answer, request.common.output);
  if (!text)
    return print_error({"connectivity prints text, json, csv, markdown, dot or html, not `" + request.common.output + "`", 2});
  print_result(*text);
  return 0;
}

}  // namespace weir::cli
