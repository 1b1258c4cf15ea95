#include "tests/kernel/harness/fixture.h"

#include <iostream>

#include "backends/ebpf/build/build.h"
#include "ir/base/check.h"

namespace weir::kernel_test {
namespace {

constexpr std::size_t kEthernet = 14, kIp4 = 20, kIp6 = 40;

void put16(std::string& frame, std::size_t at, std::size_t value) {
  frame[at] = static_cast<char>(value >> 8);
  frame[at + 1] = static_cast<char>(value);
}

std::size_t get16(const std::string& frame, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(frame[at])) << 8 | static_cast<unsigned char>(frame[at + 1]);
}

backends::PacketSpec between(const std::string& from, const std::string& to) {
  backends::PacketSpec spec;
  spec.source = ir::parse_address(from).value();
  spec.destination = ir::parse_address(to).value();
  return spec;
}

bool is_v6(const backends::PacketSpec& spec) { return spec.source.family == ir::IpFamily::V6; }

}  // namespace

std::optional<LoadedProgram> load_for(const ir::TableSet& tables) {
  if (const std::string why = why_no_bpf(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return {};
  }
  const auto object = backends::compile_bpf(backends::emit_c(backends::shape_of(tables)));
  if (!object) std::cerr << object.error().message << "\n";
  WEIR_CHECK(object);
  auto program = LoadedProgram::load(*object);
  if (!program) std::cerr << program.error().message << "\n";
  WEIR_CHECK(program);
  program->fill(backends::map_contents(tables), 0);
  return std::move(*program);
}

TinyPolicy peer_policy() {
  TinyPolicy policy;
  policy.endpoints = {{kPod4, kPod6}, {"10.0.0.2", "fd00::2"}};
  policy.peers = {{"10.1.0.0/16", kPeerNumber}, {"fd00:1::9/128", kPeerNumber}};
  policy.ports = {{ir::PortSlot::Tcp, 8080, 8080},
                  {ir::PortSlot::Udp, 53, 53},
                  {ir::PortSlot::Icmp, 8 << 8, 8 << 8},
                  {ir::PortSlot::Icmpv6, 128 << 8, 128 << 8}};
  policy.decide = [](std::uint32_t endpoint, ir::Direction, std::uint32_t peer, std::uint32_t port) {
    return endpoint == 0 && peer != 0 && port != 0 ? allow(7) : deny();
  };
  return policy;
}

TinyPolicy deny_policy() {
  TinyPolicy policy = peer_policy();
  policy.decide = [](std::uint32_t, ir::Direction, std::uint32_t, std::uint32_t) { return deny(9); };
  return policy;
}

backends::PacketSpec tcp(const std::string& from, std::uint16_t from_port, const std::string& to, std::uint16_t to_port,
                         std::uint8_t flags) {
  backends::PacketSpec spec = between(from, to);
  spec.source_port = from_port;
  spec.destination_port = to_port;
  spec.tcp_flags = flags;
  return spec;
}

backends::PacketSpec udp(const std::string& from, std::uint16_t from_port, const std::string& to, std::uint16_t to_port) {
  backends::PacketSpec spec = tcp(from, from_port, to, to_port);
  spec.protocol = 17;
  return spec;
}

backends::PacketSpec icmp(const std::string& from, const std::string& to, std::uint8_t type, std::uint8_t code,
                          std::uint16_t id) {
  backends::PacketSpec spec = between(from, to);
  spec.protocol = is_v6(spec) ? 58 : 1;
  spec.icmp_type = type;
  spec.icmp_code = code;
  spec.icmp_id = id;
  return spec;
}

std::string error_about(const backends::PacketSpec& about, const std::string& router, std::uint8_t type,
                        std::uint8_t code) {
  const std::string quoted = backends::make_packet(about).substr(kEthernet, (is_v6(about) ? kIp6 : kIp4) + 8);
  backends::PacketSpec spec = icmp(router, ir::to_text(about.source), type, code, 0);
  spec.payload = quoted;
  return backends::make_packet(spec);
}

std::string with_options(std::string frame, std::size_t bytes) {
  WEIR_CHECK(bytes % 4 == 0 && bytes <= 40);
  frame[kEthernet] = static_cast<char>(0x45 + bytes / 4);
  // 1: no operation (RFC 791 3.1)
  frame.insert(kEthernet + kIp4, bytes, 1);
  put16(frame, kEthernet + 2, get16(frame, kEthernet + 2) + bytes);
  return frame;
}

std::string with_extensions(std::string frame, const std::vector<Extension>& extensions) {
  const char last = frame[kEthernet + 6];
  std::string chain;
  for (std::size_t i = 0; i < extensions.size(); ++i) {
    std::string header = extensions[i].bytes;
    header[0] = i + 1 < extensions.size() ? static_cast<char>(extensions[i + 1].protocol) : last;
    chain += header;
  }
  if (!extensions.empty()) frame[kEthernet + 6] = static_cast<char>(extensions.front().protocol);
  put16(frame, kEthernet + 4, get16(frame, kEthernet + 4) + chain.size());
  return frame.insert(kEthernet + kIp6, chain);
}

}  // namespace weir::kernel_test
