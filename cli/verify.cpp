#include "compiler/verify/verify.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <tuple>

#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/findings_output.h"
#include "cli/input.h"
#include "cli/print.h"
#include "cli/report/suppress.h"
#include "compiler/verify/capacity.h"

namespace weir::cli {
namespace {

/// The files themselves, folders replaced by the *.weir in them, by name.
ir::Result<std::vector<std::string>> invariant_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    const std::size_t first = files.size();
    std::filesystem::recursive_directory_iterator entry(path, error);
    for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error))
      if (entry->path().extension() == ".weir" && !entry->is_directory(error)) files.push_back(entry->path());
    if (error) return ir::failure("cannot read all of `" + path + "`: " + error.message(), 2);
    if (files.size() == first) return ir::failure("`" + path + "` has no *.weir in it", 2);
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(first), files.end());
  }
  return files;
}

ir::Result<compiler::Invariants> read_all(const std::vector<std::string>& paths, Input& input) {
  compiler::Invariants all;
  const auto files = invariant_files(paths);
  if (!files) return tl::unexpected(files.error());
  for (const std::string& path : *files) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return ir::failure("cannot read `" + path + "`", 2);
    std::stringstream text;
    text << in.rdbuf();
    const ir::FileId file = input.files.add({path, std::make_shared<const std::string>(text.str())});
    compiler::Invariants one = compiler::read_invariants(file, input.files, input.diagnostics);
    std::move(one.statements.begin(), one.statements.end(), std::back_inserter(all.statements));
  }
  return all;
}

std::vector<Proof> proofs_of(const compiler::VerifyReport& report) {
  std::vector<Proof> proofs;
  for (const compiler::ProofResult& result : report.proofs)
    proofs.push_back({result.property, result.status == compiler::ProofStatus::Holds, std::string(to_text(result.status)),
                      static_cast<long>(result.millis)});
  return proofs;
}

std::string summary_of(const compiler::VerifyReport& report, const ir::Diagnostics& diagnostics) {
  std::string text;
  for (const compiler::ProofResult& result : report.proofs) {
    text += fmt::format("{:8}  {}  ({} ms, {})\n", to_text(result.status), result.property, result.millis, result.method);
    if (!result.why.empty()) text += "          " + result.why + "\n";
    for (const std::string& assumption : result.assumptions) text += "          assuming " + assumption + "\n";
  }
  for (const std::string& item : report.undecided) text += "undecided  " + item + "\n";
  return text + count_text(diagnostics) + "\n";
}

constexpr std::array kGatewayDialects = {ir::GatewayDialect::Spec,      ir::GatewayDialect::Cilium118, ir::GatewayDialect::Cilium119,
                                         ir::GatewayDialect::Cilium120, ir::GatewayDialect::Istio,     ir::GatewayDialect::EnvoyGateway};

/// The routes of the same objects, as other gateways read them.
ir::Result<std::vector<ir::RouteTable>> other_routes(const Input& input, const std::vector<std::string>& names) {
  std::vector<ir::RouteTable> out;
  for (const ir::GatewayDialect dialect : kGatewayDialects) {
    const auto asked = [&](const std::string& name) { return name == "all" || name == to_text(dialect); };
    if (dialect == input.resolved.routes.dialect || std::none_of(names.begin(), names.end(), asked)) continue;
    const auto settings = ir::with(input.settings, "gateway_dialect", to_text(dialect));
    if (!settings) return tl::unexpected(settings.error());
    ir::Diagnostics unsaid;
    out.push_back(compiler::resolve(input.objects, *settings, input.files, unsaid, compiler::Lints::No).routes);
  }
  return out;
}

/// What was asked for by a name that is no dialect.
std::optional<ir::Error> unknown_dialect(const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (name != "all" && !ir::parse_gateway_dialect(name)) return ir::Error{"`" + name + "` is no gateway dialect", 2};
  return std::nullopt;
}

/// cli.md: 4 when the solver gave up on a required proof; a finding weighs more.
int exit_of(const compiler::VerifyReport& report, const ir::Diagnostics& diagnostics, const CommonOptions& common) {
  if (const int bad = findings_exit(diagnostics, common)) return bad;
  const bool unknown = std::any_of(report.proofs.begin(), report.proofs.end(), [](const auto& proof) {
    return proof.status == compiler::ProofStatus::Unknown;
  });
  return unknown ? 4 : 0;
}

ir::Result<std::string> stage_text(const Input& input, const compiler::Invariants& invariants, const std::string& stage, const std::string& day) {
  const auto& [policies, cluster] = std::tie(input.resolved.policies, input.resolved.cluster);
  if (stage == "smt2") {
    const auto any = compiler::policies_of_any_pod(input.objects, cluster);
    return compiler::smt2(any ? *any : policies, cluster, invariants, input.files, day);
  }
  if (stage == "capacity") return compiler::capacity_text(policies, cluster, input.files);
  return emit_front(input, stage);
}

int emit(const Input& input, const compiler::Invariants& invariants, const std::string& stage, const std::string& day) {
  const auto text = stage_text(input, invariants, stage, day);
  if (!text) return print_error(text.error());
  print_result(*text);
  return 0;
}

}  // namespace

int run_verify(const Request& request) {
  auto input = read_input(request.common.paths, request.common);
  if (!input) return print_error(input.error());
  const auto invariants = read_all(request.verify.invariants, *input);
  if (!invariants) return print_error(invariants.error());
  // Findings are shown once, at the end, and only those that no suppression covers.
  const bool refused = input->diagnostics.has(ir::Effect::Refuse) || input->diagnostics.has(ir::Effect::Invalid);
  if (refused) return gate(input->diagnostics, input->files, request.common);
  const bool before_proofs = !request.common.emit.empty() && request.common.emit != "findings";
  const auto date = today(request.common);
  if (!date) return print_error(date.error());
  if (before_proofs) return emit(*input, *invariants, request.common.emit, *date);
  if (const auto wrong = unknown_dialect(request.verify.gateway_dialects)) return print_error(*wrong);
  auto others = other_routes(*input, request.verify.gateway_dialects);
  if (!others) return print_error(others.error());
  const auto any = compiler::policies_of_any_pod(input->objects, input->resolved.cluster);
  const compiler::VerifyReport report =
      compiler::verify(input->resolved.policies, input->resolved.cluster, *invariants, input->files,
                       {.solver_millis = request.verify.timeout_millis}, input->diagnostics, {&input->resolved.routes, *date, std::move(*others), any ? &*any : nullptr});
  suppress(input->diagnostics, input->sources, input->files, {.today = *date, .proofs_ran = true});
  if (request.common.emit == "findings") return emit(*input, *invariants, "findings", *date);
  if (const int failed = print_findings(input->diagnostics, input->files, proofs_of(report), request.common,
                                        summary_of(report, input->diagnostics)))
    return failed;
  return exit_of(report, input->diagnostics, request.common);
}

}  // namespace weir::cli
