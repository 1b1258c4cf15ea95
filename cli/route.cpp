#include <algorithm>
#include <fstream>
#include <iostream>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/print.h"
#include "cli/report/route_report.h"
#include "cli/route_requests.h"
#include "simulator/ask/route.h"

namespace weir::cli {
namespace {

using Questions = std::vector<simulator::RouteQuestion>;

ir::Result<std::vector<ir::Request>> asked_requests(const RouteOptions& options) {
  if (options.url.empty() == options.requests.empty()) return ir::failure("route wants --url URL or --requests FILE", 2);
  if (!options.url.empty()) {
    auto request = ir::request_of(options.url);
    if (!request) return tl::unexpected(request.error());
    return std::vector{std::move(*request)};
  }
  if (options.requests == "-") return read_requests(std::cin, "standard input");
  std::ifstream in(options.requests, std::ios::binary);
  if (!in) return ir::failure("cannot read `" + options.requests + "`", 2);
  return read_requests(in, options.requests);
}

/// The flags hold for every request; what a line says itself is stronger, and its headers come first.
ir::Result<void> add_flags(const Request& request, ir::Request& into) {
  const RouteOptions& options = request.route;
  if (options.method) into.method = *options.method;
  if (options.sni && !into.sni) into.sni = *options.sni;
  for (const std::string& header : options.headers)
    if (const auto added = add_header(header, into); !added) return tl::unexpected(added.error());
  if (options.gateway.empty() || !into.gateway.empty()) return {};
  const std::size_t slash = options.gateway.find('/');
  into.gateway_namespace = slash == std::string::npos ? request.common.namespace_name : options.gateway.substr(0, slash);
  into.gateway = slash == std::string::npos ? options.gateway : options.gateway.substr(slash + 1);
  return {};
}

ir::Result<Questions> questions_of(const Request& request) {
  auto requests = asked_requests(request.route);
  if (!requests) return tl::unexpected(requests.error());
  Questions questions;
  for (ir::Request& one : *requests) {
    if (const auto added = add_flags(request, one); !added) return tl::unexpected(added.error());
    simulator::RouteQuestion question;
    question.request = std::move(one);
    if (!request.route.source.empty()) {
      const auto party = ir::parse_party(request.route.source, request.common.namespace_name);
      if (!party) return tl::unexpected(party.error());
      question.from = *party;
    }
    questions.push_back(std::move(question));
  }
  return questions;
}

/// cli.md: 0 for backends, a redirect or a filter's own response, 1 otherwise; 4 when policy cannot tell.
int exit_of(const simulator::RouteAnswer& answer) {
  switch (simulator::verdict_of(answer)) {
    case ir::Verdict::Allowed: return 0;
    case ir::Verdict::Denied: return 1;
    case ir::Verdict::Unknown: break;
  }
  return 4;
}

/// A denial is worse than not knowing.
int worse(int a, int b) { return a == 1 || b == 1 ? 1 : std::max(a, b); }

ir::Result<std::string> output_of(const std::vector<simulator::RouteAnswer>& answers, const std::string& format, bool several) {
  if (format == "json") return several ? routes_json(answers) : route_json(answers.front());
  if (format == "csv") return routes_csv(answers);
  if (format == "markdown") return routes_markdown(answers);
  if (format != "text") return ir::failure("route prints text, json, csv or markdown, not `" + format + "`", 2);
  std::string text;
  for (const simulator::RouteAnswer& answer : answers) text += (text.empty() ? "" : "\n") + route_text(answer);
  return text;
}

}  // namespace

int run_route(const Request& request) {
  // A wrong question is told before anything is read.
  const auto questions = questions_of(request);
  if (!questions) return print_error(questions.error());
  const auto input = read_input(request.common.paths, request.common, compiler::Lints::No);
  if (!input) return print_error(input.error());
  if (const int refused = gate(input->diagnostics, input->files, request.common)) return refused;
  std::vector<simulator::RouteAnswer> answers;
  int exit_code = 0;
  for (const simulator::RouteQuestion& question : *questions) {
    auto answer = simulator::route(input->resolved, input->files, question);
    if (!answer) return print_error(answer.error());
    exit_code = worse(exit_code, exit_of(*answer));
    answers.push_back(std::move(*answer));
  }
  const auto text = output_of(answers, request.common.output, !request.route.requests.empty());
  if (!text) return print_error(text.error());
  print_result(*text);
  return exit_code;
}

}  // namespace weir::cli
