#include "cli/run.h"

#include <array>
#include <string_view>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "ir/base/check.h"

namespace weir::cli {
namespace {

struct Command {
  std::string_view name;
  int (*run)(const Request&);
};

constexpr std::array kCommands = {
    Command{"validate", run_validate}, Command{"verify", run_verify},   Command{"trace", run_trace},
    Command{"policy", run_policy_trace}, Command{"route", run_route},       Command{"replay", run_replay},   Command{"flows", run_flows},   Command{"test", run_test},
    Command{"compile", run_compile},   Command{"diff", run_diff},       Command{"explain", run_explain},
    Command{"keygen", run_keygen},     Command{"connectivity", run_connectivity}};

}  // namespace

int run(int argc, const char* const* argv) {
  const Parsed parsed = parse_arguments(argc, argv);
  if (parsed.done) return parsed.exit_code;
  for (const Command& command : kCommands)
    if (command.name == parsed.request.command) return command.run(parsed.request);
  WEIR_CHECK(false);
  return 5;
}

}  // namespace weir::cli
