#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/request_box.h"
#include "ir/cluster/cluster.h"
#include "ir/flow/request.h"
#include "ir/policy/l7.h"

namespace weir::compiler {

/// What may travel inside a connection that rules about requests look into (policy.md section 5).
enum class RequestKind : std::uint8_t { Http, Dns, Tls, HttpInTls };
inline constexpr RequestKind kRequestKinds[] = {RequestKind::Http, RequestKind::Dns, RequestKind::Tls, RequestKind::HttpInTls};

/// All that can be sent: printable ASCII, each header at most once. A box has the method, the host and the name of the TLS
/// hello as fields; the path of Dns and Tls is the name.
[[nodiscard]] RequestBox every_request(RequestKind);

/// What one set of rules asks for, as boxes in which requests of a kind are told apart; an entry that does not speak of the
/// kind gives none. Nothing: an expression that cannot be made a set.
[[nodiscard]] std::optional<std::vector<RequestBox>> boxes_of(const ir::L7Rules&, RequestKind, const ir::Cluster&);

/// The names of the TLS hello that a box of HttpInTls holds.
[[nodiscard]] Texts& server_names_of(RequestBox&);

/// One request of the box, in common words where the box has any (GET, /); the box is not empty.
[[nodiscard]] ir::L7Request request_of(const RequestBox&, RequestKind);

/// The parts of the box beside the other. Nothing: the automata grew too large.
[[nodiscard]] std::optional<std::vector<RequestBox>> subtract(const RequestBox&, const RequestBox&);

/// Parts of all requests of a kind that no pattern tells apart. Nothing: more than `most`, or the automata grew too large.
[[nodiscard]] std::optional<std::vector<RequestBox>> atoms_of(RequestKind, const std::vector<RequestBox>& patterns, std::size_t most);

}  // namespace weir::compiler
