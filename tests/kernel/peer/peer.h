#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::lab {

enum class Kind : std::uint8_t { Tcp, Udp, Icmp };

/// One connection to try: TCP: handshake, then a request and its answer; UDP: a request and its answer; ICMP: an echo.
struct Attempt {
  Kind kind = Kind::Tcp;
  std::string address;
  std::uint16_t port = 0;
  std::uint16_t source_port = 0;  // 0: any
  bool repeat = false;            // UDP and ICMP: ask again where no answer comes, as a resolver does
  bool answered = false;          // out: the answer came back whole
  std::string why;                // out: "ok", "timeout", "refused" ...
};

/// Tries all, at most `parallel` at once, each for at most `timeout_ms`. Uses the caller's network namespace.
void run(std::vector<Attempt>& attempts, unsigned parallel, unsigned timeout_ms);

/// What a server listens on: "tcp:8080", "udp:53". Answers on IPv4 and IPv6 until the process ends.
struct Service {
  Kind kind = Kind::Tcp;
  std::uint16_t port = 0;
};
/// False: a socket could not be opened (errno says why). Otherwise never returns. Writes one byte to `ready_fd`, when it
/// is not negative, once every socket listens.
[[nodiscard]] bool serve(const std::vector<Service>&, int ready_fd);

[[nodiscard]] bool parse_kind(const std::string&, Kind&);
[[nodiscard]] const char* to_text(Kind);

}  // namespace weir::lab
