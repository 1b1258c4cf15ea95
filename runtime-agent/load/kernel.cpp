#include "runtime-agent/load/kernel.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace weir::agent {
namespace {

/// The last lines of the verifier's log say what it refused.
std::string tail_of(const std::string& log) {
  const std::string text = log.c_str();
  const std::size_t keep = 1500;
  return text.size() <= keep ? text : "..." + text.substr(text.size() - keep);
}

void share(bpf_object* object, const SharedMap& shared) {
  bpf_map* map = bpf_object__find_map_by_name(object, shared.name.c_str());
  const auto there = shape_of_map(shared.fd);
  if (map == nullptr || !there) return;
  const MapShape wanted{static_cast<std::uint32_t>(bpf_map__type(map)), bpf_map__key_size(map),
                        bpf_map__value_size(map), bpf_map__max_entries(map)};
  if (wanted == *there) bpf_map__reuse_fd(map, shared.fd);
}

}  // namespace

ir::Error kernel_error(const std::string& what, int error) {
  return {what + ": " + std::strerror(error < 0 ? -error : error), 5};
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}
Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

void Object::Close::operator()(bpf_object* object) const { bpf_object__close(object); }

ir::Result<Object> Object::load(const std::string& elf, const std::vector<SharedMap>& shared) {
  // Errors come back as values; libbpf's own prints would only repeat them.
  libbpf_set_print(nullptr);
  std::string log(1 << 20, '\0');
  bpf_object_open_opts options{};
  options.sz = sizeof options;
  options.object_name = "weir";
  options.kernel_log_buf = log.data();
  options.kernel_log_size = log.size();
  Object out;
  out.object_.reset(bpf_object__open_mem(elf.data(), elf.size(), &options));
  if (!out.object_) return ir::failure(kernel_error("cannot read the BPF object", errno).message);
  for (const SharedMap& map : shared) share(out.object_.get(), map);
  if (const int error = bpf_object__load(out.object_.get()); error != 0)
    return ir::failure(kernel_error("the kernel refused the BPF object", error).message + "\n" + tail_of(log));
  return out;
}

int Object::program(const char* name) const {
  const bpf_program* program = object_ ? bpf_object__find_program_by_name(object_.get(), name) : nullptr;
  return program ? bpf_program__fd(program) : -1;
}

int Object::map(const char* name) const {
  return object_ ? bpf_object__find_map_fd_by_name(object_.get(), name) : -1;
}

ir::Result<MapShape> shape_of_map(int fd) {
  bpf_map_info info{};
  std::uint32_t size = sizeof info;
  if (bpf_obj_get_info_by_fd(fd, &info, &size) != 0)
    return tl::unexpected(kernel_error("cannot ask about a map", errno));
  return MapShape{info.type, info.key_size, info.value_size, info.max_entries};
}

ir::Result<Mapping> Mapping::of(int fd) {
  const auto shape = shape_of_map(fd);
  if (!shape) return tl::unexpected(shape.error());
  Mapping out;
  out.stride_ = (std::size_t{shape->value_size} + 7) / 8 * 8;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  out.bytes_ = (out.stride_ * shape->max_entries + page - 1) / page * page;
  void* at = ::mmap(nullptr, out.bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) return tl::unexpected(kernel_error("cannot map a table into memory", errno));
  out.data_ = static_cast<unsigned char*>(at);
  return out;
}

Mapping::Mapping(Mapping&& other) noexcept { *this = std::move(other); }
Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  std::swap(stride_, other.stride_);
  return *this;
}
Mapping::~Mapping() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

ir::Result<void> update_element(int fd, const void* key, const void* value) {
  if (bpf_map_update_elem(fd, key, value, BPF_ANY) != 0)
    return tl::unexpected(kernel_error("cannot write a map entry", errno));
  return {};
}

ir::Result<void> delete_element(int fd, const void* key) {
  if (bpf_map_delete_elem(fd, key) != 0 && errno != ENOENT)
    return tl::unexpected(kernel_error("cannot delete a map entry", errno));
  return {};
}

bool next_key(int fd, const void* key, void* next) { return bpf_map_get_next_key(fd, key, next) == 0; }

bool read_element(int fd, const void* key, void* value) { return bpf_map_lookup_elem(fd, key, value) == 0; }

ir::Result<void> grace() {
  // Never a sleep, never the EXPEDITED commands: both let old readers through (datapath.md 3).
  if (::syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) != 0)
    return tl::unexpected(kernel_error("cannot wait for running programs (membarrier)", errno));
  return {};
}

ir::Result<void> pin(int fd, const std::string& path) {
  ::unlink(path.c_str());
  if (bpf_obj_pin(fd, path.c_str()) != 0) return tl::unexpected(kernel_error("cannot pin `" + path + "`", errno));
  return {};
}

Descriptor pinned(const std::string& path) {
  const int fd = bpf_obj_get(path.c_str());
  return Descriptor(fd < 0 ? -1 : fd);
}

ir::Result<Descriptor> make_number_map(const char* name) {
  const int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, name, sizeof(std::uint32_t), sizeof(std::uint64_t), 1, nullptr);
  if (fd < 0) return tl::unexpected(kernel_error("cannot create a map", errno));
  return Descriptor(fd);
}

}  // namespace weir::agent
