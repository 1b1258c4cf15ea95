#pragma once

#include <simdjson.h>

#include <charconv>
#include <cstdint>
#include <string_view>
#include <vector>

#include "simulator/flows/keys.h"

/// Values of protobuf JSON as simdjson gives them: of the wrong type counts as absent.
namespace weir::simulator {

[[nodiscard]] inline std::string_view text_of(simdjson::dom::element value) {
  return value.type() == simdjson::dom::element_type::STRING ? value.get_string().value_unsafe() : std::string_view();
}

/// A number, or a number in a string; `otherwise` for anything else.
[[nodiscard]] inline std::int64_t number_of(simdjson::dom::element value, std::int64_t otherwise) {
  switch (value.type()) {
    case simdjson::dom::element_type::INT64: return value.get_int64().value_unsafe();
    case simdjson::dom::element_type::UINT64: return INT64_MAX;
    case simdjson::dom::element_type::STRING: {
      const std::string_view text = text_of(value);
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
    }
    default: return otherwise;
  }
}

/// Calls `act(key, value)` for each member of an object; false when the value is no object.
template <class Act>
bool each_member(simdjson::dom::element value, Act act) {
  simdjson::dom::object members;
  if (value.get_object().get(members) != simdjson::SUCCESS) return false;
  for (const auto& [name, member] : members) act(find_key(name), member);
  return true;
}

/// Calls `act(value)` for each item of an array; false when the value is no array.
template <class Act>
bool each_item(simdjson::dom::element value, Act act) {
  simdjson::dom::array items;
  if (value.get_array().get(items) != simdjson::SUCCESS) return false;
  for (const simdjson::dom::element item : items) act(item);
  return true;
}

}  // namespace weir::simulator
