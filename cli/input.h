#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/base/result.h"
#include "ir/cluster/settings_merge.h"

namespace weir::cli {

/// Everything the front end makes of the paths of a command line.
struct Input {
  ir::Files files;
  ir::Diagnostics diagnostics;
  ir::SettingPairs given;  // what the command line, the environment and the file say, weakest first
  ir::Settings settings;
  compiler::Sources sources;
  compiler::Objects objects;
  compiler::Resolved resolved;
};

/// Flag, then WEIR_* environment, then .weir.yaml, then the dialect's defaults (cli.md "Inputs"). The cilium-config of an
/// inventory stands between the last two.
[[nodiscard]] ir::Result<ir::Settings> settings_of(const CommonOptions&);

/// paths -> sources -> objects, for a driver that resolves them more than once: `resolved` stays empty.
[[nodiscard]] ir::Result<Input> read_objects(const std::vector<std::string>& paths, const CommonOptions&);

/// paths -> sources -> objects -> meaning. What is wrong inside the documents is in Input::diagnostics.
[[nodiscard]] ir::Result<Input> read_input(const std::vector<std::string>& paths, const CommonOptions&,
                                           compiler::Lints = compiler::Lints::Yes);

/// Objects of other files: `--base` and `--with`, which share the Files of an Input.
struct MoreObjects {
  compiler::Objects objects;
  std::optional<ir::Settings> settings;  // absent: they have no cilium-config of their own
};
[[nodiscard]] ir::Result<MoreObjects> read_more_objects(const std::vector<std::string>& paths, Input&);

/// What they mean; without an inventory of their own, in that of the Input.
[[nodiscard]] compiler::Resolved resolve_more(MoreObjects&, Input&);
[[nodiscard]] ir::Result<compiler::Resolved> read_more(const std::vector<std::string>& paths, Input&);

}  // namespace weir::cli
