#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ir/base/result.h"

struct bpf_object;  // libbpf

namespace weir::agent {

/// "cannot pin `x`: Permission denied"; `error` as errno gives it, either sign.
[[nodiscard]] ir::Error kernel_error(const std::string& what, int error);

/// A descriptor that closes itself; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// A map shared with an earlier object, by its name.
struct SharedMap {
  std::string name;
  int fd = -1;
};

/// A BPF object in the kernel. Its programs live on while they are attached, its maps while a program uses them.
class Object {
 public:
  /// ELF bytes -> loaded. A shared map that the object does not have, or has in another form, is left out.
  [[nodiscard]] static ir::Result<Object> load(const std::string& elf, const std::vector<SharedMap>& shared);
  [[nodiscard]] int program(const char* name) const;  // descriptor, -1: there is none
  [[nodiscard]] int map(const char* name) const;

 private:
  struct Close {
    void operator()(bpf_object*) const;
  };
  std::unique_ptr<bpf_object, Close> object_;
};

struct MapShape {
  std::uint32_t type = 0, key_size = 0, value_size = 0, max_entries = 0;
  friend auto operator<=>(const MapShape&, const MapShape&) = default;
};
[[nodiscard]] ir::Result<MapShape> shape_of_map(int fd);

/// The elements of an mmapable ARRAY as memory; plain stores reach the kernel.
class Mapping {
 public:
  [[nodiscard]] static ir::Result<Mapping> of(int map_fd);
  Mapping() = default;
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();
  [[nodiscard]] unsigned char* entry(std::uint32_t index) const { return data_ + std::size_t{index} * stride_; }
  [[nodiscard]] std::size_t stride() const { return stride_; }  // value size, rounded up to 8

 private:
  unsigned char* data_ = nullptr;
  std::size_t bytes_ = 0, stride_ = 0;
};

[[nodiscard]] ir::Result<void> update_element(int map_fd, const void* key, const void* value);
[[nodiscard]] ir::Result<void> delete_element(int map_fd, const void* key);  // absent is fine
/// The key after `key`, or the first one for null; false at the end.
[[nodiscard]] bool next_key(int map_fd, const void* key, void* next);
[[nodiscard]] bool read_element(int map_fd, const void* key, void* value);

/// Waits until every program that runs now has ended (datapath.md 3 "Grace"). 8 ms idle, longer in a flood.
[[nodiscard]] ir::Result<void> grace();

/// Pins a map or program, replacing an older pin of this name.
[[nodiscard]] ir::Result<void> pin(int fd, const std::string& path);
/// A pinned object; an invalid descriptor when there is none.
[[nodiscard]] Descriptor pinned(const std::string& path);
/// A small ARRAY map of one u64: what must outlive the agent.
[[nodiscard]] ir::Result<Descriptor> make_number_map(const char* name);

}  // namespace weir::agent
