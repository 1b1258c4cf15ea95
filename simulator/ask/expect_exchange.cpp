#include "simulator/ask/expect_exchange.h"

#include <algorithm>
#include <optional>

#include "ir/route/hostname.h"
#include "simulator/ask/route.h"

namespace weir::simulator {
namespace {

using Problems = std::vector<std::string>;
using Headers = std::vector<std::pair<std::string, std::string>>;

/// Entries of one name, joined as HTTP joins them.
std::optional<std::string> value_of(const Headers& headers, const std::string& name) {
  std::optional<std::string> value;
  for (const auto& [other, text] : headers)
    if (ir::lower(other) == ir::lower(name)) value = value ? *value + "," + text : text;
  return value;
}

void differ(const std::string& what, const std::string& wanted, const std::string& got, Problems& problems) {
  if (wanted != got) problems.push_back("expected " + what + " `" + wanted + "`, got `" + got + "`");
}

void expect_redirect(const compiler::ExpectedRedirect& wanted, const ir::RouteDecision& got, Problems& problems) {
  if (!got.redirect) {
    problems.push_back("expected a redirect, got " + std::string(ir::to_text(got.outcome)) +
                       (got.status == 0 ? "" : " " + std::to_string(got.status)));
    return;
  }
  const ir::RedirectTo& to = *got.redirect;
  if (wanted.status) differ("redirect status", std::to_string(*wanted.status), std::to_string(to.status), problems);
  if (wanted.scheme) differ("redirect scheme", *wanted.scheme, to.scheme, problems);
  if (wanted.host) differ("redirect host", *wanted.host, to.host, problems);
  if (wanted.port) differ("redirect port", std::to_string(*wanted.port), std::to_string(to.port), problems);
  if (wanted.path) differ("redirect path", *wanted.path, to.path, problems);
}

void expect_request(const compiler::ExpectedRequest& wanted, const ir::BackendShare& share, Problems& problems) {
  const ir::Request& seen = share.forwarded;
  const std::string at = " at " + backend_name(share.backend);
  if (wanted.host) differ("host" + at, *wanted.host, seen.host, problems);
  if (wanted.path) differ("path" + at, *wanted.path, wanted.path->find('?') == std::string::npos ? seen.path : path_and_query(seen), problems);
  for (const auto& [name, value] : wanted.headers) {
    const auto got = value_of(seen.headers, name);
    if (!got) problems.push_back("expected header " + name + " `" + value + "`" + at + ", got none");
    else differ("header " + name + at, value, *got, problems);
  }
  for (const std::string& name : wanted.absent)
    if (const auto got = value_of(seen.headers, name)) problems.push_back("expected no header " + name + at + ", got `" + *got + "`");
}

void expect_seen(const compiler::ExpectedRequest& wanted, const ir::RouteDecision& got, Problems& problems) {
  bool seen = false;
  for (const ir::BackendShare& share : got.backends) {
    if (share.status != 0) continue;
    seen = true;
    expect_request(wanted, share, problems);
  }
  if (!seen) problems.push_back("expected a backend to see the request, got " + std::string(ir::to_text(got.outcome)));
}

void expect_list(const char* what, const Headers& wanted, const Headers& got, Problems& problems) {
  for (const auto& [name, value] : wanted) {
    const auto found = value_of(got, name);
    if (!found) problems.push_back(std::string("expected the answer's header ") + name + " to be " + what + " `" + value + "`, it is not");
    else differ("the answer's header " + name, value, *found, problems);
  }
}

void expect_headers(const compiler::ExpectedHeaders& wanted, const ir::HeaderEdit& got, Problems& problems) {
  expect_list("set to", wanted.set, got.set, problems);
  expect_list("given", wanted.add, got.add, problems);
  for (const std::string& name : wanted.remove) {
    const bool gone = std::any_of(got.remove.begin(), got.remove.end(), [&](const std::string& r) { return ir::lower(r) == ir::lower(name); });
    if (!gone) problems.push_back("expected the answer's header " + name + " to be removed, it is not");
  }
}

void expect_answer(const compiler::ExpectedHeaders& wanted, const ir::RouteDecision& got, Problems& problems) {
  bool served = false;
  for (const ir::BackendShare& share : got.backends) {
    if (share.status != 0) continue;
    served = true;
    expect_headers(wanted, share.response, problems);
  }
  if (!served) expect_headers(wanted, got.response, problems);
}

void expect_mirrors(const std::vector<std::string>& wanted, const ir::RouteDecision& got, Problems& problems) {
  std::vector<std::string> names, plain;
  for (const ir::RequestMirror& mirror : got.mirrors) {
    plain.push_back(mirror.namespace_name + "/" + mirror.service);
    names.push_back(plain.back() + ":" + std::to_string(mirror.port));
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  const auto has = [](const std::vector<std::string>& all, const std::string& name) { return std::find(all.begin(), all.end(), name) != all.end(); };
  for (const std::string& name : wanted)
    if (!has(names, name) && !has(plain, name))
      problems.push_back("expected a copy to " + name + ", copies go to " + (list.empty() ? "nobody" : list));
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!has(wanted, names[i]) && !has(wanted, plain[i])) problems.push_back("nobody expected the copy to " + names[i]);
}

}  // namespace

void expect_exchange(const compiler::RouteExpectation& expect, const ir::RouteDecision& got, Problems& problems) {
  if (expect.redirect) expect_redirect(*expect.redirect, got, problems);
  if (expect.request) expect_seen(*expect.request, got, problems);
  if (expect.response_headers) expect_answer(*expect.response_headers, got, problems);
  if (expect.mirrors) expect_mirrors(*expect.mirrors, got, problems);
}

}  // namespace weir::simulator
