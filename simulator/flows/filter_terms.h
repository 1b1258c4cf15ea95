#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ir/base/result.h"
#include "simulator/flows/decode.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

/// A record and what its ids mean.
struct FlowView {
  const Record& record;
  const Interned& interned;
};

using FlowTest = std::function<bool(const FlowView&)>;

enum class FlowEnd : std::uint8_t { Source, Destination };

/// One value of a filter flag about an end: fqdn, ip, label, port, identity, workload or cluster.
[[nodiscard]] ir::Result<FlowTest> end_term(std::string_view kind, const std::string& value, FlowEnd);

/// "[NAMESPACE/]PREFIX" of a pod or a service. An empty namespace: any, of an end that has one.
struct NamePrefix {
  std::optional<std::string> namespace_name;
  std::string prefix;
};
[[nodiscard]] NamePrefix parse_name_prefix(const std::string& value);
[[nodiscard]] FlowTest pod_term(const NamePrefix&, FlowEnd);
[[nodiscard]] FlowTest service_term(const NamePrefix&, FlowEnd);

/// One value of any other filter flag: verdict, type, protocol ... A flag that cannot be answered is an Error.
[[nodiscard]] ir::Result<FlowTest> flow_term(std::string_view flag, const std::string& value);

/// Exit code 2: "`--port x`: takes ...".
[[nodiscard]] tl::unexpected<ir::Error> bad_filter(std::string_view flag, std::string_view value, std::string_view takes);

}  // namespace weir::simulator
