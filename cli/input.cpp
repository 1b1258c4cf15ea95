#include "cli/input.h"

#include <algorithm>

#include "cli/config.h"
#include "cli/print.h"
#include "compiler/api/config_map.h"
#include "compiler/source/cluster_path.h"
#include "ir/cluster/settings_merge.h"

namespace weir::cli {
namespace {

ir::Result<Pairs> flag_settings(const CommonOptions& common) {
  Pairs pairs;
  if (!common.dialect.empty()) pairs.emplace_back("dialect", common.dialect);
  if (!common.gateway_dialect.empty()) pairs.emplace_back("gateway_dialect", common.gateway_dialect);
  for (const std::string& item : common.settings) {
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos) return ir::failure("`--set " + item + "` wants key=value", 2);
    pairs.emplace_back(item.substr(0, equals), item.substr(equals + 1));
  }
  return pairs;
}

/// Weakest first.
ir::Result<Pairs> given_settings(const CommonOptions& common) {
  const auto file = read_config(common.config);
  if (!file) return tl::unexpected(file.error());
  const auto flags = flag_settings(common);
  if (!flags) return tl::unexpected(flags.error());
  Pairs pairs = *file;
  for (const Pairs& stronger : {environment_settings(), *flags}) pairs.insert(pairs.end(), stronger.begin(), stronger.end());
  return pairs;
}

bool names_a_cluster(const std::vector<std::string>& paths) {
  return std::any_of(paths.begin(), paths.end(), [](const std::string& path) { return !compiler::split_cluster(path).cluster.empty(); });
}

/// What is in `sources` means this, under what `given` says.
ir::Result<ir::Settings> take_sources(compiler::Sources read, const ir::SettingPairs& given, compiler::Sources& sources) {
  auto settings = compiler::settings_of(read, given);
  if (settings) sources = compiler::with_local_cluster(std::move(read), settings->cluster_name);
  return settings;
}

}  // namespace

ir::Result<ir::Settings> settings_of(const CommonOptions& common) {
  const auto given = given_settings(common);
  return given ? ir::merge_settings(*given) : tl::unexpected(given.error());
}

ir::Result<Input> read_objects(const std::vector<std::string>& paths, const CommonOptions& common) {
  Input input;
  // Before anything is read: a wrong flag is a wrong question.
  if (const auto settings = settings_of(common); !settings) return tl::unexpected(settings.error());
  input.given = *given_settings(common);
  compiler::ObjectReader reader(input.diagnostics);
  // Which documents of a named cluster are the local one's only the settings say; --emit source prints the trees.
  const bool at_once = common.emit != "source" && !names_a_cluster(paths);
  auto sources = compiler::load(paths, {}, input.files, input.diagnostics, at_once ? compiler::DocumentSink([&](compiler::Document& document) {
    reader.take(document);
  }) : nullptr);
  if (!sources) return tl::unexpected(sources.error());
  const auto settings = take_sources(std::move(*sources), input.given, input.sources);
  if (!settings) return tl::unexpected(settings.error());
  input.settings = *settings;
  const auto now = seconds_now(common);
  if (!now) return tl::unexpected(now.error());
  input.settings.now = *now;
  for (std::size_t i = 0; !at_once && i < input.sources.documents.size(); ++i) reader.add(input.sources.documents[i]);
  input.objects = reader.finish();
  if (common.strict && !input.objects.skipped.empty())
    return ir::failure("`--strict`: weir has no use for " + input.objects.skipped.front(), 3);
  return input;
}

ir::Result<Input> read_input(const std::vector<std::string>& paths, const CommonOptions& common, compiler::Lints lints) {
  auto read = read_objects(paths, common);
  if (!read) return tl::unexpected(read.error());
  Input input = std::move(*read);
  input.resolved = compiler::resolve(input.objects, input.settings, input.files, input.diagnostics, lints);
  return input;
}

ir::Result<MoreObjects> read_more_objects(const std::vector<std::string>& paths, Input& input) {
  auto loaded = compiler::load(paths, {}, input.files, input.diagnostics);
  if (!loaded) return tl::unexpected(loaded.error());
  const bool own_config = compiler::has_cilium_config(*loaded);
  compiler::Sources sources;
  const auto own = take_sources(std::move(*loaded), input.given, sources);
  if (!own) return tl::unexpected(own.error());
  MoreObjects more{compiler::read(sources, input.files, input.diagnostics), std::nullopt};
  if (own_config) more.settings = *own;
  return more;
}

compiler::Resolved resolve_more(MoreObjects& more, Input& input) {
  // A change of policies alone: both sides live in the inventory that was given once.
  if (more.objects.inventory == compiler::InventoryObjects{}) more.objects.inventory = input.objects.inventory;
  return compiler::resolve(more.objects, more.settings.value_or(input.settings), input.files, input.diagnostics, compiler::Lints::No);
}

ir::Result<compiler::Resolved> read_more(const std::vector<std::string>& paths, Input& input) {
  auto more = read_more_objects(paths, input);
  if (!more) return tl::unexpected(more.error());
  return resolve_more(*more, input);
}

}  // namespace weir::cli
