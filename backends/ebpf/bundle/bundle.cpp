#include "backends/ebpf/bundle/bundle.h"

#include <algorithm>
#include <map>

#include "backends/ebpf/bundle/crypto.h"
#include "backends/ebpf/bundle/encode.h"
#include "backends/ebpf/bundle/folder.h"
#include "backends/ebpf/bundle/manifest.h"

namespace weir::backends {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kManifestLimit = 1 << 20;
constexpr std::uint64_t kFileLimit = 1ull << 30;
constexpr std::size_t kVectors = 4096;

std::map<std::string, std::string> files_of(const Bundle& bundle) {
  return {{"datapath.c", bundle.source},         {"maps.bin", encode_maps(bundle.maps)},
          {"names.json", encode_names(bundle)},  {"object.o", bundle.object},
          {"rules.json", encode_rules(bundle.rules)}, {"vectors.bin", encode_vectors(bundle.vectors)}};
}

tl::unexpected<ir::Error> refused(const fs::path& dir, const std::string& why) {
  return ir::failure("the bundle in `" + dir.string() + "` is refused: " + why, 3);
}

ir::Result<Manifest> read_manifest(const fs::path& dir, const std::string& public_pem) {
  const auto text = read_file(dir / "manifest.json", kManifestLimit);
  if (!text) return tl::unexpected(text.error());
  const auto signature = read_file(dir / "signature", 64);
  if (!signature) return tl::unexpected(signature.error());
  const auto genuine = verify(*text, *signature, public_pem);
  if (!genuine) return tl::unexpected(genuine.error());
  if (!*genuine) return refused(dir, "its signature is not by this key");
  const auto manifest = parse_manifest(*text);
  if (!manifest) return refused(dir, "its manifest is of another format");
  return *manifest;
}

ir::Result<std::map<std::string, std::string>> read_files(const fs::path& dir, const Manifest& manifest) {
  std::map<std::string, std::string> files = files_of({});
  if (files.size() != manifest.files.size()) return refused(dir, "its manifest names other files");
  for (auto& [name, bytes] : files) {
    const auto entry = manifest.files.find(name);
    if (entry == manifest.files.end()) return refused(dir, "its manifest lacks `" + name + "`");
    auto read = read_file(dir / name, std::min(entry->second.size, kFileLimit));
    if (!read) return tl::unexpected(read.error());
    if (read->size() != entry->second.size || sha256_hex(*read) != entry->second.sha256)
      return refused(dir, "`" + name + "` is not what was signed");
    bytes = std::move(*read);
  }
  return files;
}

}  // namespace

Bundle make_bundle(const ir::TableSet& tables, MapContents maps, std::string shape, std::string source,
                   std::string object, std::vector<AddressName> names, std::uint64_t generation) {
  std::map<ir::IpAddress, AddressName> by_address;
  for (AddressName& name : names) by_address[name.address] = std::move(name);
  for (const ir::TableEndpoint& endpoint : tables.endpoints)
    for (const ir::IpAddress& address : endpoint.addresses)
      by_address[address] = {address, endpoint.namespace_name, endpoint.pod, endpoint.workload};
  Bundle bundle;
  bundle.node = tables.node;
  bundle.generation = generation;
  bundle.shape = std::move(shape);
  bundle.object = std::move(object);
  bundle.source = std::move(source);
  bundle.maps = std::move(maps);
  bundle.rules = tables.rules;
  for (const ir::TableIdentity& identity : tables.identities)
    bundle.identities.push_back({identity.number, identity.name, identity.labels});
  for (auto& [address, name] : by_address) bundle.names.push_back(std::move(name));
  bundle.vectors = make_vectors(tables, kVectors);
  return bundle;
}

ir::Result<void> write_bundle(const fs::path& dir, const Bundle& bundle, const std::string& private_pem) {
  if (const std::string wrong = check(bundle); !wrong.empty())
    return ir::failure("the bundle is not sound: " + wrong);
  auto files = files_of(bundle);
  Manifest manifest{bundle.node, bundle.shape, bundle.generation, {}};
  for (const auto& [name, bytes] : files) manifest.files[name] = {sha256_hex(bytes), bytes.size()};
  std::string text = to_text(manifest);
  auto signature = sign(text, private_pem);
  if (!signature) return tl::unexpected(signature.error());
  files["manifest.json"] = std::move(text);
  files["signature"] = std::move(*signature);
  return replace_folder(dir, files);
}

ir::Result<Bundle> read_bundle(const fs::path& dir, const std::string& public_pem) {
  const auto manifest = read_manifest(dir, public_pem);
  if (!manifest) return tl::unexpected(manifest.error());
  auto files = read_files(dir, *manifest);
  if (!files) return tl::unexpected(files.error());
  Bundle bundle;
  bundle.node = manifest->node;
  bundle.generation = manifest->generation;
  bundle.shape = manifest->shape;
  bundle.object = std::move((*files)["object.o"]);
  bundle.source = std::move((*files)["datapath.c"]);
  if (!decode_maps((*files)["maps.bin"], bundle.maps) || !decode_vectors((*files)["vectors.bin"], bundle.vectors) ||
      !decode_rules((*files)["rules.json"], bundle.rules) || !decode_names((*files)["names.json"], bundle))
    return refused(dir, "a file of it is cut short or damaged");
  if (const std::string wrong = check(bundle); !wrong.empty()) return refused(dir, wrong);
  return bundle;
}

std::uint64_t generation_in(const fs::path& dir) {
  const auto text = read_file(dir / "manifest.json", kManifestLimit);
  const auto manifest = text ? parse_manifest(*text) : std::nullopt;
  return manifest ? manifest->generation : 0;
}

ir::Result<void> keygen(const fs::path& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (fs::exists(fs::symlink_status(dir / "weir.key", error)))
    return ir::failure("`" + (dir / "weir.key").string() + "` exists; a key is never overwritten", 2);
  const auto keys = make_keys();
  if (!keys) return tl::unexpected(keys.error());
  if (auto written = write_file(dir / "weir.key", keys->private_pem, 0600); !written) return written;
  return write_file(dir / "weir.pub", keys->public_pem, 0644);
}

ir::Result<std::string> read_key(const fs::path& path) {
  auto text = read_file(path, 1 << 16);
  if (!text) return ir::failure(text.error().message, 2);
  return text;
}

}  // namespace weir::backends
