#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace weir::backends {

/// A whole number that fits; std::out_of_range for anything else. The library's own conversion takes 1e40 as well, which
/// no integer holds.
template <class T>
T number_of(const nlohmann::json& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > std::numeric_limits<T>::max())
    throw std::out_of_range("not a number of this size");
  return value.get<T>();
}

}  // namespace weir::backends
