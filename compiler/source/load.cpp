#include "compiler/source/load.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <system_error>

#include "compiler/source/cluster_path.h"
#include "compiler/source/read_file.h"

namespace weir::compiler {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 1 << 20;

/// One file to read, with the name it is shown by.
struct Input {
  std::string path;
  std::string cluster;
};

bool is_manifest(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

/// The manifests below a folder, by name. Symbolic links to folders are not followed: they may lead back.
ir::Result<std::vector<std::string>> list_folder(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::path& path = it->path();
    std::error_code status;
    if (!is_manifest(path) || it->is_directory(status)) continue;
    if (!it->is_regular_file(status))
      return ir::failure("`" + path.string() + "` is not a regular file: remove it from the folder or name it alone", 2);
    found.push_back(folder == "." ? path.lexically_relative(".").string() : path.string());
  }
  if (error) return ir::failure("cannot list `" + folder + "`: " + error.message());
  std::sort(found.begin(), found.end());
  return found;
}

/// All bytes, or an Error: too large, or the system refused.
ir::Result<std::string> read_stream(std::istream& in, const std::string& name, std::uint64_t most, std::uint64_t expected = 0) {
  std::string bytes;
  bytes.reserve(expected + kBlock);
  while (in) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kBlock);
    in.read(bytes.data() + before, kBlock);
    bytes.resize(before + static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > most)
      return ir::failure("`" + name + "` is larger than " + std::to_string(most >> 20) + " MiB", 3);
  }
  if (in.bad()) return ir::failure("cannot read `" + name + "`: " + std::strerror(errno));
  return bytes;
}

ir::Result<std::string> read_path(const std::string& path, std::uint64_t most) {
  std::error_code ignored;
  if (path == "-") return read_stream(std::cin, "standard input", most);
  const std::uint64_t size = fs::is_regular_file(path, ignored) ? fs::file_size(path, ignored) : 0;
  if (size > most)
    return ir::failure("`" + path + "` is larger than " + std::to_string(most >> 20) + " MiB", 3);
  std::ifstream in(path, std::ios::binary);
  if (!in) return ir::failure("cannot open `" + path + "`: " + std::strerror(errno));
  return read_stream(in, path, most, size);
}

/// PATH... -> files in reading order.
ir::Result<std::vector<Input>> expand(const std::vector<std::string>& paths) {
  std::vector<Input> inputs;
  for (const std::string& argument : paths) {
    const ClusterPath split = argument == "-" ? ClusterPath{"", "-"} : split_cluster(argument);
    const Input input{split.path, split.cluster};
    std::error_code error;
    if (input.path != "-" && !fs::exists(input.path, error))
      return ir::failure("no such file or folder: `" + input.path + "`", 2);
    if (input.path == "-" || !fs::is_directory(input.path, error)) {
      inputs.push_back(input);
      continue;
    }
    auto files = list_folder(input.path);
    if (!files) return tl::unexpected(files.error());
    for (std::string& file : *files) inputs.push_back({std::move(file), input.cluster});
  }
  return inputs;
}

/// The same file named twice (`dir dir/a.yaml`) is read once in each cluster.
bool first_time(const Input& input, std::set<std::string>& seen) {
  std::error_code error;
  if (input.path == "-" || !fs::is_regular_file(input.path, error)) return true;
  const fs::path real = fs::canonical(input.path, error);
  return error || seen.insert(input.cluster + "=" + real.string()).second;
}

}  // namespace

ir::Result<Sources> load(const std::vector<std::string>& paths, const SourceLimits& limits, ir::Files& files,
                         ir::Diagnostics& diagnostics, const DocumentSink& sink) {
  const auto inputs = expand(paths);
  if (!inputs) return tl::unexpected(inputs.error());
  Sources sources;
  std::set<std::string> seen;
  for (const Input& input : *inputs) {
    if (!first_time(input, seen)) continue;
    auto bytes = read_path(input.path, limits.file_bytes);
    if (!bytes) return tl::unexpected(bytes.error());
    const std::string name = input.path == "-" ? "<stdin>" : input.path;
    read_file(name, std::move(*bytes), input.cluster, limits, files, sources, diagnostics, sink);
  }
  return sources;
}

}  // namespace weir::compiler
