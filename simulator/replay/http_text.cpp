#include "simulator/replay/http_text.h"

#include <algorithm>
#include <tuple>

namespace weir::simulator {
namespace {

bool names_host(std::string_view name) {
  return name == ":authority" || (name.size() == 4 && (name[0] | 32) == 'h' && (name[1] | 32) == 'o' && (name[2] | 32) == 's' && (name[3] | 32) == 't');
}

}  // namespace

std::pair<std::string, std::string> split_url(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos && scheme < url.find('/')) {
    url.remove_prefix(scheme + 3);
    const std::size_t path = url.find_first_of("/?");
    const std::string_view host = url.substr(0, path);
    std::string rest = path == std::string_view::npos ? "/" : std::string(url.substr(path));
    if (rest.front() == '?') rest = std::string("/").append(rest);
    return {std::string(host), rest};
  }
  return {"", url.empty() ? "/" : std::string(url)};
}

ir::HttpRequest http_of(std::string_view text) {
  ir::HttpRequest request;
  const std::string_view line = text.substr(0, text.find('\n'));
  const std::size_t space = line.find(' ');
  request.method = std::string(line.substr(0, space));
  std::tie(request.host, request.path) = split_url(space == std::string_view::npos ? "" : line.substr(space + 1));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  while (!text.empty()) {
    const std::string_view header = text.substr(0, text.find('\n'));
    const std::size_t colon = header.find(": ", 1);
    if (colon != std::string_view::npos) {
      if (names_host(header.substr(0, colon)) && request.host.empty()) request.host = std::string(header.substr(colon + 2));
      request.headers.emplace_back(header.substr(0, colon), header.substr(colon + 2));
    }
    text.remove_prefix(std::min(text.size(), header.size() + 1));
  }
  return request;
}

}  // namespace weir::simulator
