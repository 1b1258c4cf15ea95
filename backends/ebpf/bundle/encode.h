#pragma once

#include <string>
#include <string_view>

#include "backends/ebpf/bundle/bundle.h"

namespace weir::backends {

/// The files of a bundle that hold its values. `decode_*` returns false for bytes that are not whole; what the values
/// mean is checked by `check(Bundle)`.
[[nodiscard]] std::string encode_maps(const MapContents&);
[[nodiscard]] bool decode_maps(std::string_view bytes, MapContents&);

[[nodiscard]] std::string encode_vectors(const std::vector<TestVector>&);
[[nodiscard]] bool decode_vectors(std::string_view bytes, std::vector<TestVector>&);

[[nodiscard]] std::string encode_rules(const std::vector<ir::RuleRef>&);
[[nodiscard]] bool decode_rules(std::string_view json, std::vector<ir::RuleRef>&);

[[nodiscard]] std::string encode_names(const Bundle&);
[[nodiscard]] bool decode_names(std::string_view json, Bundle&);

}  // namespace weir::backends
