#include "cli/print.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "cli/report/diagnostics.h"

namespace weir::cli {
namespace {

std::string date_of(std::time_t seconds) {
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.size() < 19 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void print_result(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (!text.empty() && text.back() != '\n') std::fputc('\n', stdout);
}

void leave(int code) { std::exit(code); }

bool wants_color(const CommonOptions& common) {
  if (common.color != "auto") return common.color == "always";
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool dumb = !term || std::string(term) == "dumb";
  return (!no_color || !*no_color) && !dumb && isatty(STDERR_FILENO);
}

void print_diagnostics(const ir::Diagnostics& diagnostics, const ir::Files& files, const CommonOptions& common) {
  ir::Diagnostics shown;
  for (const ir::Diagnostic& diagnostic : diagnostics.list())
    if (!common.quiet || severity_of(diagnostic) == ir::Severity::Error) shown.report(diagnostic);
  shown.sort();
  const std::string text =
      render(shown, files, {.color = wants_color(common), .brief = common.diagnostics == "short"});
  std::fwrite(text.data(), 1, text.size(), stderr);
}

int print_error(const ir::Error& error) {
  std::fprintf(stderr, "error: %s\n", error.message.c_str());
  return error.exit_code;
}

// cli.md exit code 3: a document that breaks its API's rules is refused by every command but validate and check.
int gate(const ir::Diagnostics& diagnostics, const ir::Files& files, const CommonOptions& common) {
  const bool refused = diagnostics.has(ir::Effect::Refuse) || diagnostics.has(ir::Effect::Invalid);
  ir::Diagnostics shown;
  for (const ir::Diagnostic& diagnostic : diagnostics.list()) {
    const bool error = severity_of(diagnostic) == ir::Severity::Error;
    if (error || common.verbose > 0) shown.report(diagnostic);
  }
  print_diagnostics(shown, files, common);
  return refused ? 3 : 0;
}

int findings_exit(const ir::Diagnostics& diagnostics, const CommonOptions& common) {
  if (diagnostics.has(ir::Effect::Refuse)) return 3;
  const ir::Severity limit = common.fail_on == "note"      ? ir::Severity::Note
                             : common.fail_on == "warning" ? ir::Severity::Warning
                                                           : ir::Severity::Error;
  const bool bad = std::any_of(diagnostics.list().begin(), diagnostics.list().end(),
                               [&](const ir::Diagnostic& d) { return severity_of(d) <= limit; });
  return bad ? 1 : 0;
}

ir::Result<std::int64_t> seconds_now(const CommonOptions& common) {
  std::string now = common.now;
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (now.empty() && epoch) now = epoch;
  if (now.empty()) return static_cast<std::int64_t>(std::time(nullptr));
  if (is_number(now)) return std::stoll(now);
  std::tm parts{};
  const char* date_end = strptime(now.c_str(), "%Y-%m-%d", &parts);
  if (date_end == nullptr) return ir::failure("`--now " + now + "` is neither RFC 3339 nor seconds", 2);
  if (*date_end == 'T') (void)strptime(date_end, "T%H:%M:%S", &parts);
  return static_cast<std::int64_t>(timegm(&parts));
}

ir::Result<std::string> today(const CommonOptions& common) {
  const auto now = seconds_now(common);
  return now ? ir::Result<std::string>(date_of(static_cast<std::time_t>(*now))) : tl::unexpected(now.error());
}

}  // namespace weir::cli
