#include "cli/commands.h"
#include "cli/input.h"
#include "cli/print.h"
#include "cli/report/route_report.h"
#include "simulator/ask/route.h"

namespace weir::cli {
namespace {

ir::Result<void> add_header(const std::string& text, ir::Request& request) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0) return ir::failure("`-H " + text + "` wants \"Name: value\"", 2);
  const std::size_t value = text.find_first_not_of(' ', colon + 1);
  request.headers.emplace_back(text.substr(0, colon), value == std::string::npos ? "" : text.substr(value));
  return {};
}

ir::Result<simulator::RouteQuestion> question_of(const Request& request) {
  const RouteOptions& options = request.route;
  simulator::RouteQuestion question;
  auto parsed = simulator::request_of(options.url);
  if (!parsed) return tl::unexpected(parsed.error());
  question.request = std::move(*parsed);
  question.request.method = options.method;
  for (const std::string& header : options.headers)
    if (const auto added = add_header(header, question.request); !added) return tl::unexpected(added.error());
  if (!options.gateway.empty()) {
    const std::size_t slash = options.gateway.find('/');
    question.request.gateway_namespace =
        slash == std::string::npos ? request.common.namespace_name : options.gateway.substr(0, slash);
    question.request.gateway = slash == std::string::npos ? options.gateway : options.gateway.substr(slash + 1);
  }
  if (!options.source.empty()) {
    const auto party = ir::parse_party(options.source, request.common.namespace_name);
    if (!party) return tl::unexpected(party.error());
    question.from = *party;
  }
  return question;
}

}  // namespace

int run_route(const Request& request) {
  const auto input = read_input(request.common.paths, request.common, compiler::Lints::No);
  if (!input) return print_error(input.error());
  if (const int refused = gate(input->diagnostics, input->files, request.common)) return refused;
  const auto question = question_of(request);
  if (!question) return print_error(question.error());
  const auto answer = simulator::route(input->resolved, input->files, *question);
  if (!answer) return print_error(answer.error());
  if (request.common.output != "json" && request.common.output != "text")
    return print_error({"route prints text or json, not `" + request.common.output + "`", 2});
  print_result(request.common.output == "json" ? route_json(*answer) : route_text(*answer));
  // cli.md: 0 for backends, a redirect or a filter's own response, 1 otherwise.
  return answer->decision.outcome == ir::RouteOutcome::Backends ? 0 : 1;
}

}  // namespace weir::cli
