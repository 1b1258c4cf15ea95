// Bandwidth annotations. All arithmetic is on integers: a limit is a promise, and 0.1 has no exact double.
// Tested by tests/unit/compiler/resolve/bandwidth_test.cpp.

#include "compiler/api/bandwidth.h"
#include "ir/base/code.h"

#include <array>
#include <charconv>
#include <limits>

namespace weir::compiler {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kLowest = 1'000;                  // 1k
constexpr std::uint64_t kHighest = 1'000'000'000'000'000;  // 1P
constexpr std::size_t kSignificantDigits = 18;            // times 2^60 still fits in 128 bits

struct Suffix {
  std::string_view text;
  int binary, decimal;
};
constexpr std::array<Suffix, 16> kSuffixes = {{{"", 0, 0},   {"n", 0, -9},  {"u", 0, -6},  {"m", 0, -3},
                                               {"k", 0, 3},  {"M", 0, 6},   {"G", 0, 9},   {"T", 0, 12},
                                               {"P", 0, 15}, {"E", 0, 18},  {"Ki", 10, 0}, {"Mi", 20, 0},
                                               {"Gi", 30, 0}, {"Ti", 40, 0}, {"Pi", 50, 0}, {"Ei", 60, 0}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Digits with at most one point, up to the suffix; the point moves into `decimal`.
bool read_digits(std::string_view& text, Quantity& out) {
  std::string digits;
  bool point = false, any = false;
  for (; !text.empty() && (is_digit(text[0]) || (text[0] == '.' && !point)); text.remove_prefix(1)) {
    if (text[0] == '.') {
      point = true;
      continue;
    }
    any = true;
    out.decimal -= point ? 1 : 0;
    if (text[0] != '0' || !digits.empty()) digits += text[0];
  }
  while (digits.size() > 1 && digits.back() == '0') {
    digits.pop_back();
    ++out.decimal;
  }
  if (!any || digits.size() > kSignificantDigits) return false;
  std::from_chars(digits.data(), digits.data() + digits.size(), out.mantissa);
  return true;
}

bool read_exponent(std::string_view text, Quantity& out) {
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return false;
  text.remove_prefix(1);
  if (text[0] == '+') text.remove_prefix(1);
  int exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (error != std::errc{} || end != text.data() + text.size() || exponent > 1000 || exponent < -1000) return false;
  out.decimal += exponent;
  return true;
}

bool read_suffix(std::string_view text, Quantity& out) {
  for (const Suffix& suffix : kSuffixes) {
    if (text != suffix.text) continue;
    out.binary = suffix.binary;
    out.decimal += suffix.decimal;
    return true;
  }
  return read_exponent(text, out);
}

struct Whole {
  std::uint64_t value = 0;
  bool rest = false;  // a part of one was cut off
};

Whole floor_value(const Quantity& quantity) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  if (quantity.negative) return {};
  Wide value = static_cast<Wide>(quantity.mantissa) << quantity.binary;
  bool rest = false;
  for (int i = 0; i > quantity.decimal && value > 0; --i) {
    rest = rest || value % 10 != 0;
    value /= 10;
  }
  for (int i = 0; i < quantity.decimal && value <= kMost; ++i) value *= 10;
  if (value > kMost) return {kMost, false};
  return {static_cast<std::uint64_t>(value), rest};
}

/// What a person may have meant by a suffix that Quantities do not have.
std::string suggestion(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && (is_digit(text[digits]) || text[digits] == '.')) ++digits;
  if (digits == 0) return "write a number of bits per second, such as `10M`";
  const std::string number(text.substr(0, digits));
  std::string_view unit = text.substr(digits);
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.starts_with('K') || unit.starts_with('k')) return "write `" + number + "k`: a Quantity has `k` (1000) and `Ki` (1024)";
  if (unit.starts_with('M') || unit.starts_with('m')) return "write `" + number + "M`: the unit is bits per second";
  if (unit.starts_with('G') || unit.starts_with('g')) return "write `" + number + "G`: the unit is bits per second";
  return "the suffixes are k M G T P and Ki Mi Gi Ti Pi";
}

void report(ir::Code code, const Node& value, std::string problem, std::string fix, ir::Diagnostics& diagnostics) {
  diagnostics.report({.kind = code, .primary = value.span, .detail = show(value.text) + std::move(problem), .labels = {},
                      .notes = {}, .fix = std::move(fix), .witness = {}});
}

const Node* annotation(const Node* metadata, std::string_view key) {
  const Node* found = metadata == nullptr || metadata->kind != NodeKind::Mapping ? nullptr : metadata->find("annotations");
  return found == nullptr || found->kind != NodeKind::Mapping ? nullptr : found->find(key);
}

std::optional<std::uint64_t> read_limit(const Node* value, ir::Diagnostics& diagnostics) {
  if (value == nullptr || value->kind != NodeKind::Scalar || scalar_type(*value) != ScalarType::String)
    return std::nullopt;  // another type was reported with the annotations
  const auto quantity = parse_quantity(value->text);
  if (!quantity) {
    report(ir::Code::BandwidthInvalid, *value, " is no Quantity", suggestion(value->text), diagnostics);
    return std::nullopt;
  }
  const Whole whole = floor_value(*quantity);
  if (whole.value < kLowest || whole.value > kHighest || (whole.value == kHighest && whole.rest)) {
    const bool milli = value->text.ends_with('m');
    const std::string number = value->text.substr(0, value->text.size() - 1);
    report(ir::Code::BandwidthOutOfRange, *value, " is not between 1k and 1P bits per second",
           milli ? "`m` is a thousandth: write `" + number + "M` for mega" : "", diagnostics);
    return std::nullopt;
  }
  return whole.value + (whole.rest ? 1 : 0);
}

}  // namespace

std::optional<Quantity> parse_quantity(std::string_view text) {
  Quantity out;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    out.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (!read_digits(text, out) || !read_suffix(text, out)) return std::nullopt;
  return out;
}

std::uint64_t whole_value(const Quantity& quantity) {
  const Whole whole = floor_value(quantity);
  return whole.value + (whole.rest ? 1 : 0);
}

Bandwidth read_bandwidth(const Node* metadata, ir::Diagnostics& diagnostics) {
  return {read_limit(annotation(metadata, "kubernetes.io/egress-bandwidth"), diagnostics),
          read_limit(annotation(metadata, "kubernetes.io/ingress-bandwidth"), diagnostics)};
}

}  // namespace weir::compiler
