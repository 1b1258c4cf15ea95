#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "ir/flow/request.h"

namespace weir::simulator {

/// "http://host:80/path?x" -> host with port, path with query; a bare path has no host.
[[nodiscard]] std::pair<std::string, std::string> split_url(std::string_view url);

/// A request from the text that gather_requests.cpp keeps it as.
[[nodiscard]] ir::HttpRequest http_of(std::string_view text);

}  // namespace weir::simulator
