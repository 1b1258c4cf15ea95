#include "backends/ebpf/bundle/manifest.h"

#include <nlohmann/json.hpp>

#include "backends/ebpf/abi/weir_abi.h"
#include "backends/ebpf/bundle/json_number.h"

namespace weir::backends {
namespace {

using Json = nlohmann::json;
constexpr unsigned kFormat = 2;

Manifest manifest_of(const Json& json) {
  Manifest manifest;
  manifest.node = json.at("node").get<std::string>();
  manifest.shape = json.at("shape").get<std::string>();
  manifest.generation = number_of<std::uint64_t>(json.at("generation"));
  for (const auto& [name, entry] : json.at("files").items())
    manifest.files[name] = {entry.at("sha256").get<std::string>(), number_of<std::uint64_t>(entry.at("size"))};
  return manifest;
}

}  // namespace

std::string to_text(const Manifest& manifest) {
  Json files = Json::object();
  for (const auto& [name, entry] : manifest.files) files[name] = {{"sha256", entry.sha256}, {"size", entry.size}};
  const Json json = {{"apiVersion", "weir.dev/v1alpha1"},
                     {"kind", "Bundle"},
                     {"format", kFormat},
                     {"abi", WEIR_ABI_VERSION},
                     {"node", manifest.node},
                     {"shape", manifest.shape},
                     {"generation", manifest.generation},
                     {"files", std::move(files)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<Manifest> parse_manifest(std::string_view text) try {
  const Manifest manifest = manifest_of(Json::parse(text));
  // A wrong format or ABI number, a field too many, another order: all of them give another text.
  if (to_text(manifest) != text) return std::nullopt;
  return manifest;
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace weir::backends
