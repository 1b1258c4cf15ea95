#include "cli/route_requests.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "simulator/ask/route.h"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLongestLine = 1 << 20;

ir::Result<ir::Request> read_words(const std::string& line) {
  std::istringstream words(line);
  std::string method, url;
  words >> method >> url;
  if (url.empty()) return ir::failure("wants METHOD URL [Header: value]...", 2);
  auto request = ir::request_of(url);
  if (!request) return request;
  request->method = method;
  for (std::string word; words >> word;) {
    if (word.size() > 1 && word.ends_with(':')) {
      request->headers.emplace_back(word.substr(0, word.size() - 1), "");
    } else if (request->headers.empty()) {
      return ir::failure("`" + word + "` is no header; write `Name: value`", 2);
    } else {
      std::string& value = request->headers.back().second;
      value += (value.empty() ? "" : " ") + word;
    }
  }
  return request;
}

ir::Result<std::string> text_of(const ordered_json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return std::string();
  if (!at->is_string()) return ir::failure("`" + std::string(key) + "` wants text", 2);
  return at->get<std::string>();
}

ir::Result<void> read_headers(const ordered_json& object, ir::Request& request) {
  const auto headers = object.find("headers");
  if (headers == object.end()) return {};
  if (!headers->is_object()) return ir::failure("`headers` wants an object", 2);
  for (const auto& [name, value] : headers->items()) {
    if (!value.is_string()) return ir::failure("header `" + name + "` wants text", 2);
    request.headers.emplace_back(name, value.get<std::string>());
  }
  return {};
}

ir::Result<ir::Request> read_object(const std::string& line) {
  const ordered_json object = ordered_json::parse(line, nullptr, false);
  if (!object.is_object()) return ir::failure("is no JSON object", 2);
  for (const auto& [key, value] : object.items())
    if (key != "url" && key != "method" && key != "sni" && key != "gateway" && key != "headers")
      return ir::failure("`" + key + "` is no member of a request; it has url, method, headers, sni and gateway", 2);
  const auto url = text_of(object, "url"), method = text_of(object, "method"), sni = text_of(object, "sni"), gateway = text_of(object, "gateway");
  for (const auto* text : {&url, &method, &sni, &gateway})
    if (!*text) return tl::unexpected(text->error());
  auto request = ir::request_of(*url);
  if (!request) return request;
  if (!method->empty()) request->method = *method;
  if (object.contains("sni")) request->sni = *sni;
  const std::size_t slash = gateway->find('/');
  if (!gateway->empty() && slash == std::string::npos) return ir::failure("`gateway` wants NS/NAME", 2);
  if (!gateway->empty()) request->gateway_namespace = gateway->substr(0, slash), request->gateway = gateway->substr(slash + 1);
  if (const auto done = read_headers(object, *request); !done) return tl::unexpected(done.error());
  return request;
}

}  // namespace

ir::Result<void> add_header(const std::string& text, ir::Request& request) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0) return ir::failure("`-H " + text + "` wants \"Name: value\"", 2);
  const std::size_t value = text.find_first_not_of(' ', colon + 1);
  request.headers.emplace_back(text.substr(0, colon), value == std::string::npos ? "" : text.substr(value));
  return {};
}

ir::Result<std::vector<ir::Request>> read_requests(std::istream& in, const std::string& name) {
  std::vector<ir::Request> out;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    number += 1;
    const auto wrong = [&](const std::string& why) { return ir::failure(name + ":" + std::to_string(number) + ": " + why, 2); };
    if (line.ends_with('\r')) line.pop_back();
    if (line.size() > kLongestLine) return wrong("the line is longer than 1 MiB");
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos || line[first] == '#') continue;
    auto request = line[first] == '{' ? read_object(line) : read_words(line);
    if (!request) return wrong(request.error().message);
    out.push_back(std::move(*request));
  }
  if (out.empty()) return ir::failure(name + " has no request", 2);
  return out;
}

}  // namespace weir::cli
