#include "cli/route_requests.h"

#include <catch2/catch.hpp>
#include <sstream>

using namespace weir;

TEST_CASE("requests of a file", "[cli]") {
  std::istringstream in("# a comment\n\nGET http://h/a?x=1 X-Team: a b X-User: c\r\n{\"url\":\"https://h/\",\"method\":\"PUT\",\"sni\":\"s\",\"gateway\":\"shop/web\",\"headers\":{\"X\":\"1\"}}\n");
  const auto requests = cli::read_requests(in, "f");
  REQUIRE(requests);
  REQUIRE(requests->size() == 2);
  CHECK((*requests)[0].path == "/a");
  CHECK((*requests)[0].headers == std::vector<std::pair<std::string, std::string>>{{"X-Team", "a b"}, {"X-User", "c"}});
  CHECK((*requests)[1].method == "PUT");
  CHECK((*requests)[1].sni == "s");
  CHECK((*requests)[1].gateway == "web");
  CHECK((*requests)[1].headers.size() == 1);
}

TEST_CASE("a line that is no request is named", "[cli]") {
  const char* line = GENERATE("GET", "GET nowhere", "GET http://h/ word", "{", "[1]", R"({"url":1})", R"({"url":"http://h/","methd":"GET"})",
                              R"({"url":"http://h/","headers":[]})", R"({"url":"http://h/","gateway":"web"})", "");
  std::istringstream in("\n" + std::string(line) + "\n");
  const auto requests = cli::read_requests(in, "file");
  INFO(line);
  REQUIRE_FALSE(requests);
  CHECK(requests.error().exit_code == 2);
  CHECK(requests.error().message.starts_with(*line == '\0' ? "file has no request" : "file:2: "));
}
