#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ir/base/result.h"
#include "ir/route/request.h"

namespace weir::ir {

// Requests as people write them.

/// Splits "/a?x=1&x=2" into the path and its parameters, as sent.
void set_path(Request&, std::string_view path_and_query);
/// "/a?x=1&x=2", as it was sent.
[[nodiscard]] std::string path_and_query(const Request&);
/// "https://host:8443/a?x=1"; the port of the scheme is left out.
[[nodiscard]] std::string url_of(const Request&);
/// Fills a request from "https://host:8443/path?x=1"; schemes are http, https, grpc, tls, tcp and udp. Exit code 2 when it is
/// no URL.
[[nodiscard]] Result<Request> request_of(std::string_view url);
/// 443 for https and tls, 0 for tcp and udp, else 80.
[[nodiscard]] std::uint16_t default_port(std::string_view scheme);

}  // namespace weir::ir
