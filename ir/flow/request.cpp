#include "ir/flow/request.h"

namespace weir::ir {

std::string to_text(const L7Request& request) {
  std::string text;
  const auto add = [&](std::string part) { text += (text.empty() ? "" : ", ") + std::move(part); };
  if (request.sni) add(request.sni->empty() ? "tls without a name" : "tls " + *request.sni);
  if (request.dns) add("dns " + *request.dns);
  if (!request.http) return text;
  std::string http = "http " + request.http->method + " " + request.http->host + request.http->path;
  for (const auto& [name, value] : request.http->headers) http += " " + name + ": " + value;
  add(std::move(http));
  return text;
}

}  // namespace weir::ir
