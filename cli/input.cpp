#include "cli/input.h"

#include "cli/config.h"
#include "ir/cluster/settings_merge.h"

namespace weir::cli {
namespace {

ir::Result<Pairs> flag_settings(const CommonOptions& common) {
  Pairs pairs;
  if (!common.dialect.empty()) pairs.emplace_back("dialect", common.dialect);
  for (const std::string& item : common.settings) {
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos) return ir::failure("`--set " + item + "` wants key=value", 2);
    pairs.emplace_back(item.substr(0, equals), item.substr(equals + 1));
  }
  return pairs;
}

}  // namespace

ir::Result<ir::Settings> settings_of(const CommonOptions& common) {
  const auto file = read_config(common.config);
  if (!file) return tl::unexpected(file.error());
  const auto flags = flag_settings(common);
  if (!flags) return tl::unexpected(flags.error());
  Pairs pairs = *file;
  for (const Pairs& stronger : {environment_settings(), *flags}) pairs.insert(pairs.end(), stronger.begin(), stronger.end());
  return ir::merge_settings(pairs);
}

ir::Result<Input> read_objects(const std::vector<std::string>& paths, const CommonOptions& common) {
  Input input;
  auto settings = settings_of(common);
  if (!settings) return tl::unexpected(settings.error());
  input.settings = std::move(*settings);
  auto sources = compiler::load(paths, {}, input.files, input.diagnostics);
  if (!sources) return tl::unexpected(sources.error());
  input.sources = std::move(*sources);
  input.objects = compiler::read(input.sources, input.files, input.diagnostics);
  if (common.strict && !input.objects.skipped.empty())
    return ir::failure("`--strict`: weir has no use for " + input.objects.skipped.front(), 3);
  return input;
}

ir::Result<Input> read_input(const std::vector<std::string>& paths, const CommonOptions& common) {
  auto read = read_objects(paths, common);
  if (!read) return tl::unexpected(read.error());
  Input input = std::move(*read);
  input.resolved = compiler::resolve(input.objects, input.settings, input.files, input.diagnostics);
  return input;
}

ir::Result<compiler::Resolved> read_more(const std::vector<std::string>& paths, Input& input) {
  const auto sources = compiler::load(paths, {}, input.files, input.diagnostics);
  if (!sources) return tl::unexpected(sources.error());
  auto objects = compiler::read(*sources, input.files, input.diagnostics);
  // A change of policies alone: both sides live in the inventory that was given once.
  if (objects.inventory == compiler::InventoryObjects{}) objects.inventory = input.objects.inventory;
  return compiler::resolve(objects, input.settings, input.files, input.diagnostics);
}

}  // namespace weir::cli
