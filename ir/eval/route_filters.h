#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/eval/route.h"

namespace weir::ir {

/// gateway.md 24.
void apply(const HeaderEdit&, HeaderList& headers);

/// gateway.md 26. `prefix` is the value of the PathPrefix match that was met.
[[nodiscard]] std::string edited_path(const PathEdit&, std::string_view prefix, std::string_view path, const GatewayBehaviour&);

/// The path of a request with its query, as sent.
[[nodiscard]] std::string path_and_query(const Request&);

/// gateway.md 25. `request` as the gateway sees it, `listener_port` where it came in.
[[nodiscard]] RedirectTo redirect_of(const RequestRedirect&, const Request&, std::string_view prefix, std::uint16_t listener_port,
                                     const GatewayBehaviour&);

/// gateway.md 28: what the gateway says of a cross-origin request; nullopt: it is none.
struct CorsAnswer {
  bool preflight = false;     // answered by the gateway
  bool allowed = false;
  HeaderEdit response;
};
[[nodiscard]] std::optional<CorsAnswer> cors_answer(const Cors&, const Request&);

}  // namespace weir::ir
