// The sets of a match against the match itself, as the reference router asks it.
#include <catch2/catch.hpp>

#include "ir/eval/route.h"
#include "ir/sets/request_sets.h"

using namespace weir::ir;

namespace {

const std::vector<std::string> kTexts = {"",     "/",     "*",      "/a",   "/a/",    "/a/b",   "/a/bc", "/ab",   "//",        "/a//b",       "/s.S/Do",
                                         "/s.S", "/s.S/", "//Do",   "/s.S/Do/x", "/t.T/Undo", "a",  "/A",    "/a?b",  "/\n",       "/a/\xff"};

Request grpc(const std::string& path) {
  Request out;
  out.scheme = "grpc";
  out.path = path;
  return out;
}

}  // namespace

TEST_CASE("paths of a match", "[sets]") {
  for (const PathKind kind : {PathKind::Exact, PathKind::Prefix, PathKind::Regex})
    for (const std::string value : {"/", "/a", "/a/", "/a/b", "", "//", "/a//", "/a.*", "(", "/[a-z]+", "(?i)/A/B"}) {
      const auto set = path_set({kind, value});
      REQUIRE(set);
      for (const std::string& text : kTexts) {
        INFO(static_cast<int>(kind) << " `" << value << "` `" << text << "`");
        CHECK(set->contains(text) == path_matches({kind, value}, text));
      }
    }
}

TEST_CASE("paths of a gRPC method", "[sets]") {
  for (const ValueKind kind : {ValueKind::Exact, ValueKind::Regex})
    for (const std::string service : {"", "s.S", "s/S", "[st]..*", "(", "s.*|/"})
      for (const std::string method : {"", "Do", "(Un)?[Dd]o", "Do/x", "D.*"}) {
        const GrpcMatch match{kind, service, method};
        const auto set = grpc_path_set(match);
        REQUIRE(set);
        for (const std::string& text : kTexts) {
          RouteMatch whole;
          whole.grpc = match;
          INFO(static_cast<int>(kind) << " `" << service << "` `" << method << "` `" << text << "`");
          // A path that does not begin with a slash is refused by both parts.
          CHECK(set->contains(text) == (matches(whole, grpc(text))));
        }
      }
}

TEST_CASE("content types of gRPC", "[sets]") {
  for (const char* type : {"application/grpc", "application/grpc+proto", "application/grpc;x", "application/grpcx", "text/plain", "", "application/grpc-web"}) {
    Request request;
    request.method = "POST";
    request.headers = {{"Content-Type", type}};
    CHECK(grpc_types().contains(type) == is_grpc(request));
  }
}

TEST_CASE("what a client may send", "[sets]") {
  for (const char* path : {"/", "/a//b", "*", "/%61", "/a'(~)"}) CHECK(request_paths().contains(path));
  for (const char* path : {"", "a", "**", "/a b", "/a?b", "/a#b", "/\n", "/\xc3\xa9"}) CHECK_FALSE(request_paths().contains(path));
  CHECK(header_values().contains("a b\t?"));
  CHECK_FALSE(header_values().contains("a\r\n"));
  CHECK(query_values().contains("a=b?"));
  CHECK_FALSE(query_values().contains("a&b"));
}

TEST_CASE("what cannot be made a set is not known", "[sets]") {
  CHECK_FALSE(path_set({PathKind::Regex, "/\\bword"}));
  CHECK_FALSE(value_set({"x", ValueKind::Regex, "\\pL"}));
  CHECK_FALSE(grpc_path_set({ValueKind::Regex, "\\pL", ""}));
  // RE2 refuses it, so it takes nothing.
  CHECK(path_set({PathKind::Regex, "(?=a)"})->empty());
}
