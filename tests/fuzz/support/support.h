#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"
#include "ir/base/check.h"

/// What the fuzz targets share. A target reads the bytes with one parser of weir and checks what must hold of every input;
/// WEIR_CHECK, a sanitizer or libFuzzer's limits make a finding of what does not.
namespace weir::fuzz {

/// The bytes of one run, taken from the front: choices first, then the text.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}
  /// 0 at the end.
  [[nodiscard]] std::uint8_t choice();
  [[nodiscard]] std::string text() const { return std::string(rest_); }

 private:
  std::string_view rest_;
};

/// What the front end made of one text.
struct Front {
  ir::Files files;
  ir::Diagnostics diagnostics;
  compiler::Sources sources;
  compiler::Objects objects;
};

/// Bytes -> tree -> objects. Checks that every diagnostic has a place in a file of the run and can be shown in a terminal.
[[nodiscard]] Front read(std::string name, std::string text);
/// The same with the inventory of a small cluster already in `files` and `objects`.
[[nodiscard]] Front read_in_cluster(std::string text);
void check_diagnostics(const ir::Diagnostics&, const ir::Files&);

/// The dialect and two of its keys, by one byte.
[[nodiscard]] ir::Settings settings_of(std::uint8_t choice);
/// Objects -> meaning, twice: both must be alike, and their text forms must be printable at all.
[[nodiscard]] compiler::Resolved resolve(const Front&, const ir::Settings&);
/// Connections between the ends of a cluster through the evaluator and the rule index, which must agree.
void ask(const compiler::Resolved&);

/// The same value: places aside.
[[nodiscard]] bool same_value(const compiler::Node&, const compiler::Node&);
/// tree -> YAML text -> tree is the identity.
void check_printed(const compiler::Node&);

/// A file in memory with these bytes, for parsers that take a path.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes);
  MemoryFile(const MemoryFile&) = delete;
  ~MemoryFile();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  int descriptor_;
  std::string path_;
};

}  // namespace weir::fuzz
