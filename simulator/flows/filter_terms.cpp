// Filter flags about a flow as a whole, with the meaning of `hubble observe` of Cilium 1.19.

#include "simulator/flows/filter_terms.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "simulator/flows/drop_reasons.h"
#include "simulator/flows/enum_names.h"
#include "simulator/flows/filter_regex.h"
#include "simulator/flows/label_query.h"

namespace weir::simulator {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::optional<std::uint8_t> byte_of(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || number > 254) return std::nullopt;
  return static_cast<std::uint8_t>(number);
}

const HttpDetail* http_of(const FlowView& flow) {
  const FlowDetail* detail = flow.record.detail;
  return detail != nullptr && detail->http ? &*detail->http : nullptr;
}

ir::Result<FlowTest> verdict(const std::string& value) {
  const FlowVerdict wanted = verdict_named(value);
  if (wanted == FlowVerdict::Other)
    return bad_filter("verdict", value, "FORWARDED, DROPPED, AUDIT, REDIRECTED, ERROR, TRACED or TRANSLATED");
  return [wanted](const FlowView& flow) { return flow.record.verdict == wanted; };
}

ir::Result<FlowTest> drop_reason(const std::string& value) {
  const std::optional<std::uint8_t> number = drop_reason_number(value);
  if (!number) return bad_filter("drop-reason-desc", value, "a reason by its name, such as POLICY_DENIED");
  return [number = *number](const FlowView& flow) { return flow.record.drop_reason == number; };
}

FlowTest is_protocol(ir::Protocol wanted) {
  return [wanted](const FlowView& flow) { return flow.record.protocol == wanted; };
}

ir::Result<FlowTest> protocol(const std::string& value) {
  const std::string name = lower(value);
  if (name == "tcp") return is_protocol(ir::Protocol::Tcp);
  if (name == "udp") return is_protocol(ir::Protocol::Udp);
  if (name == "sctp") return is_protocol(ir::Protocol::Sctp);
  if (name == "icmpv4") return is_protocol(ir::Protocol::Icmp);
  if (name == "icmpv6") return is_protocol(ir::Protocol::Icmpv6);
  if (name == "icmp")
    return [](const FlowView& flow) { return flow.record.protocol == ir::Protocol::Icmp || flow.record.protocol == ir::Protocol::Icmpv6; };
  if (name == "dns") return [](const FlowView& flow) { return flow.record.dns; };
  if (name == "http") return [](const FlowView& flow) { return http_of(flow) != nullptr; };
  return bad_filter("protocol", value, "tcp, udp, sctp, icmp, icmpv4, icmpv6, dns or http; others are no matter of policy");
}

struct TypeName {
  std::string_view name;
  std::uint8_t number;
};
constexpr std::array<TypeName, 7> kTypes = {{{"drop", kDrop}, {"debug", kDebug}, {"capture", kCapture}, {"trace", kTrace},
                                             {"policy-verdict", kPolicyVerdict}, {"trace-sock", kSock}, {"l7", kL7}}};
/// By number.
constexpr std::array<std::string_view, 14> kTraceSubTypes = {
    "to-endpoint", "to-proxy", "to-host", "to-stack", "to-overlay", "from-endpoint", "from-proxy",
    "from-host", "from-stack", "from-overlay", "from-network", "to-network", "from-crypto", "to-crypto"};

std::optional<std::uint8_t> type_number(std::string_view text) {
  for (const TypeName& type : kTypes)
    if (type.name == text) return type.number;
  return byte_of(text);
}

std::optional<std::uint8_t> sub_type_number(std::uint8_t type, std::string_view text) {
  const auto at = std::find(kTraceSubTypes.begin(), kTraceSubTypes.end(), text);
  if (type == kTrace && at != kTraceSubTypes.end()) return static_cast<std::uint8_t>(at - kTraceSubTypes.begin());
  return byte_of(text);
}

ir::Result<FlowTest> type(const std::string& value) {
  constexpr std::string_view kTakes = "drop, l7, policy-verdict, trace, trace-sock, capture, or TYPE:SUBTYPE as in `trace:to-endpoint`";
  const std::size_t colon = value.find(':');
  const auto number = type_number(std::string_view(value).substr(0, colon));
  if (!number || *number == 0) return bad_filter("type", value, kTakes);
  if (colon == std::string::npos) return [number = *number](const FlowView& flow) { return flow.record.event_type == number; };
  const auto sub = sub_type_number(*number, std::string_view(value).substr(colon + 1));
  if (!sub) return bad_filter("type", value, kTakes);
  return [number = *number, sub = *sub](const FlowView& flow) {
    return flow.record.event_type == number && flow.record.sub_type == sub;
  };
}

ir::Result<FlowTest> direction(const std::string& value) {
  const std::string name = lower(value);
  if (name != "ingress" && name != "egress") return bad_filter("traffic-direction", value, "ingress or egress");
  const FlowDirection wanted = name == "ingress" ? FlowDirection::Ingress : FlowDirection::Egress;
  return [wanted](const FlowView& flow) { return flow.record.direction == wanted; };
}

ir::Result<FlowTest> reply(const std::string& value) {
  if (!value.empty() && value != "true" && value != "false") return bad_filter("reply", value, "true or false");
  const Tristate wanted = value == "false" ? Tristate::No : Tristate::Yes;
  return [wanted](const FlowView& flow) { return flow.record.is_reply == wanted; };
}

/// "404", or the first digits: "4+", "40+"; also "4xx".
ir::Result<FlowTest> http_status(const std::string& value) {
  std::string digits = value;
  while (!digits.empty() && (digits.back() == 'x' || digits.back() == '+')) digits.pop_back();
  const std::string_view rest = std::string_view(value).substr(digits.size());
  const bool known_end = rest.empty() ? digits.size() == 3 : rest == "+" || (rest.find('+') == std::string_view::npos && value.size() == 3);
  const bool good = !digits.empty() && digits.size() <= 3 && digits[0] >= '1' && digits[0] <= '5' && known_end &&
                    std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!good) return bad_filter("http-status", value, "a status from 100 to 599 or its first digits: `404`, `40+`, `5+`");
  return [digits](const FlowView& flow) {
    const HttpDetail* http = http_of(flow);
    return http != nullptr && http->status >= 100 && std::to_string(http->status).starts_with(digits);
  };
}

ir::Result<FlowTest> http_method(const std::string& value) {
  if (value.empty()) return bad_filter("http-method", value, "a method such as GET");
  return [wanted = lower(value)](const FlowView& flow) {
    const HttpDetail* http = http_of(flow);
    return http != nullptr && lower(http->method) == wanted;
  };
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The decoded path of "http://host/a%20b?c" or "/a%20b?c"; nothing: it is no URI.
std::optional<std::string> path_of(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos && scheme < url.find('/')) {
    const std::size_t slash = url.find('/', scheme + 3);
    url = slash == std::string_view::npos ? std::string_view() : url.substr(slash);
  } else if (!url.starts_with('/')) {
    return std::nullopt;
  }
  url = url.substr(0, url.find('?'));
  std::string path;
  for (std::size_t i = 0; i < url.size(); ++i) {
    if (url[i] != '%') {
      path += url[i];
      continue;
    }
    if (i + 2 >= url.size() || hex_digit(url[i + 1]) < 0 || hex_digit(url[i + 2]) < 0) return std::nullopt;
    path += static_cast<char>(hex_digit(url[i + 1]) * 16 + hex_digit(url[i + 2]));
    i += 2;
  }
  return path;
}

ir::Result<FlowTest> http_url(const std::string& value, bool only_path) {
  ir::Result<FlowRegex> regex = FlowRegex::compile(value);
  if (!regex) return tl::unexpected(regex.error());
  return [regex = *regex, only_path](const FlowView& flow) {
    const HttpDetail* http = http_of(flow);
    if (http == nullptr || http->url.empty()) return false;
    if (!only_path) return regex.found_in(http->url);
    const std::optional<std::string> path = path_of(http->url);
    return path && regex.found_in(*path);
  };
}

ir::Result<FlowTest> http_header(const std::string& value) {
  const std::size_t colon = value.find(':');
  if (colon == std::string::npos || colon == 0) return bad_filter("http-header", value, "`NAME:VALUE`");
  return [name = value.substr(0, colon), wanted = value.substr(colon + 1)](const FlowView& flow) {
    const HttpDetail* http = http_of(flow);
    return http != nullptr && std::find(http->headers.begin(), http->headers.end(),
                                        std::pair<std::string_view, std::string_view>(name, wanted)) != http->headers.end();
  };
}

ir::Result<FlowTest> dns_query(const std::string& value) {
  ir::Result<FlowRegex> regex = FlowRegex::compile(value);
  if (!regex) return tl::unexpected(regex.error());
  return [regex = *regex](const FlowView& flow) {
    const FlowDetail* detail = flow.record.detail;
    return detail != nullptr && detail->dns && regex.found_in(detail->dns->query);
  };
}

/// "syn,ack": all of these are set, whatever else is.
ir::Result<FlowTest> tcp_flags(const std::string& value) {
  constexpr std::array<std::string_view, 8> kFlags = {"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"};
  std::uint8_t wanted = 0;
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t comma = std::min(value.find(',', begin), value.size());
    const auto at = std::find(kFlags.begin(), kFlags.end(), lower(std::string_view(value).substr(begin, comma - begin)));
    if (at == kFlags.end()) return bad_filter("tcp-flags", value, "a list of fin, syn, rst, psh, ack, urg, ece, cwr");
    wanted |= static_cast<std::uint8_t>(1u << (at - kFlags.begin()));
    begin = comma + 1;
  }
  return [wanted](const FlowView& flow) {
    const FlowDetail* detail = flow.record.detail;
    return detail != nullptr && (detail->tcp_flags & wanted) == wanted;
  };
}

ir::Result<FlowTest> node_name(const std::string& value) {
  const ir::Result<FlowRegex> pattern = node_pattern(value);
  if (!pattern) return bad_filter("node-name", value, "`[CLUSTER/]NODE`, in which `*` is any part");
  return [pattern = *pattern](const FlowView& flow) {
    const std::string& name = flow.interned.nodes.at(flow.record.node);
    if (name.empty()) return false;
    return pattern.found_in(name.find('/') == std::string::npos ? "default/" + name : name);
  };
}

ir::Result<FlowTest> node_label(const std::string& value) {
  const ir::Result<LabelQuery> query = LabelQuery::parse(value);
  if (!query) return tl::unexpected(query.error());
  return [query = *query](const FlowView& flow) {
    const FlowDetail* detail = flow.record.detail;
    return query.matches(detail == nullptr ? std::vector<std::string_view>() : detail->node_labels);
  };
}

ir::Result<FlowTest> uuid(const std::string& value) {
  Uuid wanted{};
  std::size_t digits = 0;
  bool good = value.size() == 36;
  for (std::size_t i = 0; good && i < value.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      good = value[i] == '-';
      continue;
    }
    const int digit = hex_digit(value[i]);
    good = digit >= 0;
    if (good) wanted[digits / 2] = static_cast<std::uint8_t>(wanted[digits / 2] * 16 + digit);
    ++digits;
  }
  if (!good || wanted == Uuid{}) return bad_filter("uuid", value, "the uuid of a flow");
  return [wanted](const FlowView& flow) { return flow.record.uuid == wanted; };
}

ir::Result<FlowTest> ip_version(const std::string& value) {
  const std::string text = lower(value);
  if (text == "none") return [](const FlowView& flow) { return !flow.record.source_address && !flow.record.destination_address; };
  const bool four = text == "4" || text == "v4" || text == "ipv4" || text == "ip4";
  if (!four && text != "6" && text != "v6" && text != "ipv6" && text != "ip6") return bad_filter("ip-version", value, "v4, v6 or none");
  return [family = four ? ir::IpFamily::V4 : ir::IpFamily::V6](const FlowView& flow) {
    return flow.record.source_address && flow.record.source_address->family == family;
  };
}

ir::Result<FlowTest> snat_ip(const std::string& value) {
  const std::optional<ir::IpPrefix> prefix = ir::parse_prefix(value);
  if (!prefix) return bad_filter("snat-ip", value, "an address or a range: `10.0.0.1`, `10.0.0.0/8`");
  return [prefix = *prefix](const FlowView& flow) {
    const FlowDetail* detail = flow.record.detail;
    return detail != nullptr && detail->source_translated && ir::contains(prefix, *detail->source_translated);
  };
}

/// Flags of hubble whose fields replay does not keep.
constexpr std::array<std::string_view, 12> kUnanswered = {
    "trace-id", "ip-trace-id", "ip-trace-option", "cel-expression", "interface", "encrypted", "unencrypted",
    "allowlist", "denylist", "first", "last", "follow"};

}  // namespace

tl::unexpected<ir::Error> bad_filter(std::string_view flag, std::string_view value, std::string_view takes) {
  return ir::failure("`--" + std::string(flag) + " " + std::string(value) + "`: takes " + std::string(takes), 2);
}

ir::Result<FlowTest> flow_term(std::string_view flag, const std::string& value) {
  if (flag == "verdict") return verdict(value);
  if (flag == "drop-reason-desc") return drop_reason(value);
  if (flag == "protocol") return protocol(value);
  if (flag == "type") return type(value);
  if (flag == "traffic-direction") return direction(value);
  if (flag == "reply") return reply(value);
  if (flag == "http-status") return http_status(value);
  if (flag == "http-method") return http_method(value);
  if (flag == "http-path" || flag == "http-url") return http_url(value, flag == "http-path");
  if (flag == "http-header") return http_header(value);
  if (flag == "dns-query") return dns_query(value);
  if (flag == "tcp-flags") return tcp_flags(value);
  if (flag == "node-name") return node_name(value);
  if (flag == "node-label") return node_label(value);
  if (flag == "uuid") return uuid(value);
  if (flag == "ip-version") return ip_version(value);
  if (flag == "ipv4" || flag == "ipv6") return ip_version(std::string(flag));
  if (flag == "snat-ip") return snat_ip(value);
  const bool known = std::find(kUnanswered.begin(), kUnanswered.end(), flag) != kUnanswered.end();
  return ir::failure("`--" + std::string(flag) + "` " + (known ? "of hubble is not supported: replay does not keep what it asks about" : "is no filter of hubble"), 2);
}

}  // namespace weir::simulator
