// The small texts: parties, labels, addresses, protocols, quantities, hosts, regular expressions, times. Each parser by
// the first byte; where there is a printer, what it prints reads as the same value.
#include "compiler/api/bandwidth.h"
#include "compiler/api/names.h"
#include "compiler/api/port_name.h"
#include "ir/cluster/label.h"
#include "ir/cluster/party.h"
#include "ir/eval/route.h"
#include "ir/route/hostname.h"
#include "simulator/flows/times.h"
#include "tests/fuzz/support/support.h"

using namespace weir;

namespace {

void party(const std::string& text) {
  const auto read = ir::parse_party(text, "default");
  if (!read) return;
  const auto again = ir::parse_party(to_text(*read), "other");
  WEIR_CHECK(again && *again == *read);
}

void label(const std::string& text) {
  const ir::Label read = ir::parse_label(text);
  WEIR_CHECK(ir::parse_label(to_text(read)) == read);
}

void address(const std::string& text) {
  if (const auto read = ir::parse_address(text)) WEIR_CHECK(ir::parse_address(to_text(*read)) == read);
  bool host_bits = false;
  const auto prefix = ir::parse_prefix(text, &host_bits);
  if (!prefix) return;
  WEIR_CHECK(ir::parse_prefix(to_text(*prefix), &host_bits) == prefix && !host_bits);
  WEIR_CHECK(contains(*prefix, prefix->address) && contains(*prefix, last_address(*prefix)));
  if (const auto after = next(last_address(*prefix))) WEIR_CHECK(!contains(*prefix, *after));
}

void protocol(const std::string& text) {
  if (const auto read = ir::parse_protocol(text)) WEIR_CHECK(ir::parse_protocol(to_text(*read)) == read);
}

void quantity(const std::string& text) {
  if (const auto read = compiler::parse_quantity(text)) WEIR_CHECK(!read->negative || compiler::whole_value(*read) == 0);
}

void names(const std::string& text) {
  WEIR_CHECK(!compiler::is_service_name(text) || compiler::is_dns_label(text));
  WEIR_CHECK(!compiler::is_dns_label(text) || compiler::is_dns_subdomain(text));
  WEIR_CHECK(!compiler::is_label_value(text) || text.size() <= 63);
  WEIR_CHECK(!compiler::is_port_name(text) || text.size() <= 15);
  (void)compiler::is_label_key(text);
}

void host(const std::string& text) {
  const std::string host = ir::host_of(text);
  WEIR_CHECK(ir::lower(host) == host);
  const std::size_t half = text.size() / 2;
  const std::string a = ir::lower(text.substr(0, half)), b = ir::lower(text.substr(half));
  WEIR_CHECK(ir::intersect(a, b) == ir::intersect(b, a));
  if (const auto both = ir::intersect(a, b); both && !ir::is_wildcard(*both) && !both->empty())
    WEIR_CHECK(ir::hostname_matches(a, *both) && ir::hostname_matches(b, *both));
}

void pattern(const std::string& text) {
  const std::size_t half = text.size() / 2;
  const ir::PathMatch match{ir::PathKind::Regex, text.substr(0, half)};
  if (ir::regex_error(match.value).empty()) (void)ir::path_matches(match, text.substr(half));
}

void time(const std::string& text) {
  if (const auto read = simulator::parse_time(text)) WEIR_CHECK(simulator::parse_time(simulator::time_text(*read)) == read);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  constexpr void (*kParsers[])(const std::string&) = {party, label, address, protocol, quantity, names, host, pattern, time};
  kParsers[bytes.choice() % std::size(kParsers)](bytes.text());
  return 0;
}
