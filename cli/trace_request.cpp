#include "cli/trace_request.h"

#include <algorithm>
#include <cctype>

namespace weir::cli {
namespace {

ir::Result<void> add_header(const std::string& text, ir::HttpRequest& request) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0) return ir::failure("`--http-header " + text + "` wants \"Name: value\"", 2);
  const std::size_t value = text.find_first_not_of(' ', colon + 1);
  request.headers.emplace_back(text.substr(0, colon), value == std::string::npos ? "" : text.substr(value));
  return {};
}

}  // namespace

ir::Result<std::optional<ir::L7Request>> request_of(const TraceOptions& options) {
  ir::L7Request out{.http = {}, .dns = options.dns_query, .sni = options.sni};
  if (options.http_method || options.http_path || options.http_host || !options.http_headers.empty()) {
    ir::HttpRequest http;
    http.method = options.http_method.value_or(http.method);
    http.path = options.http_path.value_or(http.path);
    http.host = options.http_host.value_or(http.host);
    for (const std::string& header : options.http_headers)
      if (const auto added = add_header(header, http); !added) return tl::unexpected(added.error());
    out.http = std::move(http);
  }
  if (out.dns && (out.http || out.sni)) return ir::failure("a DNS query cannot travel beside HTTP or TLS; ask twice", 2);
  if (!out.http && !out.dns && !out.sni) return std::optional<ir::L7Request>();
  return std::optional(std::move(out));
}

ir::Result<void> add_names(const TraceOptions& options, ir::Cluster& cluster) {
  for (const std::string& item : options.names) {
    const std::size_t equals = item.find('=');
    const auto address = equals == std::string::npos ? std::nullopt : ir::parse_address(item.substr(equals + 1));
    std::string name = item.substr(0, equals);
    while (name.ends_with('.')) name.pop_back();
    if (!address || name.empty()) return ir::failure("`--name " + item + "` wants NAME=ADDRESS", 2);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    auto& known = cluster.names[name];
    known.push_back(*address);
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
  }
  return {};
}

int exit_of(ir::Verdict verdict) {
  switch (verdict) {
    case ir::Verdict::Allowed: return 0;
    case ir::Verdict::Denied: return 1;
    case ir::Verdict::Unknown: return 4;
  }
  return 4;
}

}  // namespace weir::cli
