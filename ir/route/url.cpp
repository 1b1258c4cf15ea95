// Requests as people write them.
#include "ir/route/url.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace weir::ir {

std::uint16_t default_port(std::string_view scheme) {
  if (scheme == "tcp" || scheme == "udp") return 0;
  return scheme == "https" || scheme == "tls" ? 443 : 80;
}

std::string path_and_query(const Request& request) {
  std::string text = request.path;
  for (std::size_t i = 0; i < request.query.size(); ++i)
    text += (i == 0 ? "?" : "&") + request.query[i].first + "=" + request.query[i].second;
  return text;
}

std::string url_of(const Request& request) {
  std::string text = request.scheme + "://" + request.host;
  const bool named = text.ends_with(":" + std::to_string(request.port));
  if (!named && request.port != default_port(request.scheme)) text += ":" + std::to_string(request.port);
  const bool stream = request.scheme == "tls" || request.scheme == "tcp" || request.scheme == "udp";
  return stream ? text : text + path_and_query(request);
}

void set_path(Request& request, std::string_view path_and_query) {
  path_and_query = path_and_query.substr(0, path_and_query.find('#'));
  const std::size_t mark = path_and_query.find('?');
  request.path = std::string(path_and_query.substr(0, mark));
  if (request.path.empty()) request.path = "/";
  if (mark == std::string_view::npos) return;
  std::string_view rest = path_and_query.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find('&'));
    const std::size_t equals = item.find('=');
    if (!item.empty())
      request.query.emplace_back(item.substr(0, equals),
                                 equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
  }
}

Result<Request> request_of(std::string_view url) {
  const auto refuse = [&] { return failure("`" + std::string(url) + "` is no URL; write http://host/path", 2); };
  Request request;
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return refuse();
  request.scheme = std::string(url.substr(0, colon));
  constexpr std::array<std::string_view, 6> kSchemes = {"http", "https", "grpc", "tls", "tcp", "udp"};
  if (std::find(kSchemes.begin(), kSchemes.end(), request.scheme) == kSchemes.end())
    return failure("`" + request.scheme + "` is no scheme that weir routes; it is http, https, grpc, tls, tcp or udp", 2);
  const std::string_view rest = url.substr(colon + 3);
  const std::size_t end = rest.find_first_of("/?#");
  request.host = std::string(rest.substr(0, end));
  if (request.host.empty()) return refuse();
  request.port = default_port(request.scheme);
  const std::size_t port = request.host.rfind(':');
  if (port != std::string::npos && request.host.find(']', port) == std::string::npos) {
    const char* last = request.host.data() + request.host.size();
    const auto [at, error] = std::from_chars(request.host.data() + port + 1, last, request.port);
    if (error != std::errc() || at != last || request.port == 0) return refuse();
  }
  if (request.port == 0) return failure("`" + std::string(url) + "` names no port, which " + request.scheme + " needs", 2);
  if (request.scheme == "grpc") request.method = "POST";
  set_path(request, end == std::string_view::npos ? std::string_view("/") : rest.substr(end));
  return request;
}

}  // namespace weir
