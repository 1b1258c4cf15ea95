#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::ir {

/// Namespace and name of a Secret; its value is in Cluster::secrets and is never printed.
using SecretName = std::pair<std::string, std::string>;

/// policy.md 5.1: what happens when a header does not match; only Fail can fail the rule.
enum class Mismatch : std::uint8_t { Fail, Log, Add, Delete, Replace };

/// One header. Without value and secret it must be present.
struct HeaderMatch {
  std::string name;
  std::optional<std::string> value;  // exact
  std::optional<SecretName> secret;  // its value, exact; a missing one never matches
  Mismatch mismatch = Mismatch::Fail;
  friend auto operator<=>(const HeaderMatch&, const HeaderMatch&) = default;
};

/// policy.md 5.1: RE2 expressions against the entire value; an empty one is not looked at. All that is set is ANDed.
struct HttpMatch {
  std::string path, method, host;
  std::vector<HeaderMatch> headers;
  friend auto operator<=>(const HttpMatch&, const HttpMatch&) = default;
};

/// matchName (`literal`) or matchPattern of DNS and FQDN rules, as written (policy.md 5.5).
struct NamePattern {
  std::string text;
  bool literal = false;
  friend auto operator<=>(const NamePattern&, const NamePattern&) = default;
};

/// What one port rule asks of the requests it lets through (policy.md section 5). Several lists of one rule are all in
/// force; an empty list is no restriction.
struct L7Rules {
  std::vector<HttpMatch> http;           // any of these
  std::vector<NamePattern> dns;          // any of these
  std::vector<std::string> server_names; // any of these, SNI (5.3)
  bool terminates_tls = false, originates_tls = false;
  std::string terminating_secret, originating_secret;  // "namespace/name" of their Secrets
  std::uint8_t listener_priority = 0;    // as written; 0: none
  std::string listener;                  // an Envoy listener decides: "Kind namespace/name listener"; empty: none
  std::string parser;                    // "kafka" or an l7proto, which weir does not simulate; empty: none
  friend auto operator<=>(const L7Rules&, const L7Rules&) = default;
};

/// "http GET /public", "dns *.example.com", "sni a.example.com" ..., joined with " | "; a Secret only by name.
[[nodiscard]] std::string to_text(const L7Rules&);

}  // namespace weir::ir
