// Requests to 10,000 routes, in the reference router and in the compiled one (gateway.md 5: below 1 us a request, more than 100
// times faster than a walk over the routes). One shape of table for each index. Prints its figures, asserts the ratio.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>

#include "compiler/lower/router.h"
#include "ir/eval/route.h"

namespace weir::compiler {
namespace {

constexpr std::uint32_t kRoutes = 10'000, kAsked = 1'000, kAskedOfReference = 20;

struct Shape {
  const char* name;
  ir::RouteTable table;
  std::vector<ir::Request> requests;
};

ir::Request request_of(std::string host, std::string path) {
  ir::Request out;
  out.gateway_namespace = "infra";
  out.gateway = "web";
  out.host = std::move(host);
  out.path = std::move(path);
  out.headers = {{"User-Agent", "curl/7.88.1"}, {"Accept", "*/*"}, {"X-Request-Id", "c9e2b5f0-5b0a-4b5b-8f63-0a8a0a3b9d11"}};
  return out;
}

/// One route a number, and a request that it takes: `make` fills both.
template <class Make>
Shape shape(const char* name, const Make& make) {
  Shape out{name, {}, {}};
  ir::Listener listener;
  listener.gateway_namespace = "infra";
  listener.gateway = "web";
  listener.name = "http";
  listener.port = 80;
  out.table.listeners.push_back(listener);
  for (std::uint32_t i = 0; i < kRoutes; ++i) {
    ir::Route route;
    route.namespace_name = "shop";
    route.name = "r" + std::to_string(100'000 + i);
    route.listeners = {0};
    route.rules.resize(1);
    route.rules[0].matches.resize(1);
    ir::Request request = request_of("shop.example.com", "/");
    make(i, route, route.rules[0].matches[0], request);
    out.table.routes.push_back(std::move(route));
    if (i % (kRoutes / kAsked) == 7) out.requests.push_back(std::move(request));
  }
  return out;
}

std::vector<Shape> shapes() {
  const auto number = [](std::uint32_t i) { return std::to_string(i); };
  std::vector<Shape> out;
  out.push_back(shape("exact paths", [&](auto i, auto&, ir::RouteMatch& match, ir::Request& request) {
    match.path = {ir::PathKind::Exact, "/api/v1/items/" + number(i)};
    request.path = match.path.value;
  }));
  out.push_back(shape("prefixes", [&](auto i, auto&, ir::RouteMatch& match, ir::Request& request) {
    match.path = {ir::PathKind::Prefix, "/team-" + number(i % 100) + "/app-" + number(i)};
    request.path = match.path.value + "/items/7";
  }));
  out.push_back(shape("hosts", [&](auto i, ir::Route& route, ir::RouteMatch& match, ir::Request& request) {
    route.hostnames = {(i % 2 == 0 ? "*.app-" : "app-") + number(i) + ".example.com"};
    match.path = {ir::PathKind::Prefix, "/api"};
    request = request_of((i % 2 == 0 ? "a.app-" : "app-") + number(i) + ".example.com", "/api/items/7");
  }));
  out.push_back(shape("headers", [&](auto i, auto&, ir::RouteMatch& match, ir::Request& request) {
    match.headers = {{"x-env", ir::ValueKind::Exact, "prod"}, {"x-tenant", ir::ValueKind::Exact, "tenant-" + number(i)}};
    request.headers.insert(request.headers.end(), {{"X-Env", "prod"}, {"X-Tenant", "tenant-" + number(i)}});
  }));
  out.push_back(shape("parameters and methods", [&](auto i, auto&, ir::RouteMatch& match, ir::Request& request) {
    match.query = {{"item", ir::ValueKind::Exact, number(i / 2)}};
    match.method = request.method = i % 2 == 0 ? "GET" : "POST";
    request.query = {{"lang", "en"}, {"item", number(i / 2)}};
  }));
  out.push_back(shape("gRPC methods", [&](auto i, ir::Route& route, ir::RouteMatch& match, ir::Request& request) {
    route.kind = "GRPCRoute";
    match.grpc = ir::GrpcMatch{ir::ValueKind::Exact, "shop.Service" + number(i / 10), "Method" + number(i)};
    request.method = "POST";
    request.path = "/shop.Service" + number(i / 10) + "/Method" + number(i);
    request.headers.emplace_back("content-type", "application/grpc");
  }));
  out.push_back(shape("expressions", [&](auto i, auto&, ir::RouteMatch& match, ir::Request& request) {
    match.path = {ir::PathKind::Regex, "/app-" + number(i) + "/v[0-9]+(/.*)?"};
    request.path = "/app-" + number(i) + "/v2/items";
  }));
  return out;
}

template <class Work>
double nanoseconds(std::size_t requests, const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / static_cast<double>(requests);
}

}  // namespace

TEST_CASE("ten thousand routes", "[perf]") {
  for (const Shape& shape : shapes()) {
    ir::Router router;
    const double building = nanoseconds(1, [&] { router = compile_router(shape.table); });
    std::uint64_t taken = 0;
    double compiled = 1e12, reference = 1e12;
    for (int round = 0; round < 20; ++round)
      compiled = std::min(compiled, nanoseconds(shape.requests.size(), [&] {
        for (const ir::Request& request : shape.requests) taken += router.pick(request).choice.has_value();
      }));
    REQUIRE(taken == 20 * shape.requests.size());
    for (int round = 0; round < 2; ++round)
      reference = std::min(reference, nanoseconds(kAskedOfReference, [&] {
        for (std::uint32_t i = 0; i < kAskedOfReference; ++i) {
          const ir::Request& request = shape.requests[i * kAsked / kAskedOfReference];
          REQUIRE(ir::pick(shape.table, request) == router.pick(request));
        }
      }));
    std::cout << "perf: " << kRoutes << " routes by " << shape.name << ": " << static_cast<int>(compiled) << " ns a request, reference "
              << static_cast<int>(reference / 1e3) << " us, " << static_cast<int>(reference / compiled) << " times; compiled in "
              << static_cast<int>(building / 1e6) << " ms\n";
    CHECK(compiled * 100 < reference);
  }
}

}  // namespace weir::compiler
