#include "tests/perf/known_lives.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <tuple>

namespace weir::perf {
namespace {

constexpr std::int64_t kStart = 1'767'225'600'000'000'000;  // 2026-01-01
constexpr std::int64_t kMilli = 1'000'000, kSecond = 1'000'000'000;

/// One moment of a life at which packets go to and fro.
struct Beat {
  std::int64_t at = 0;    // after the life's beginning
  bool verdict = true;    // a first packet, which policy reports
  bool lone = false;      // one line of one node, at exactly this time
  std::uint8_t flags = kSyn;
};

/// What happens, and as how many connections it counts (flows.md 1.5).
struct Life {
  std::vector<Beat> beats;
  std::uint64_t connections = 1;
};

/// A TCP connection or, when it is dropped, its SYN and the retransmits of it.
void add_talk(Life& life, std::int64_t at, bool dropped) {
  if (dropped)
    for (const std::int64_t second : {0, 1, 3, 7, 15}) life.beats.push_back({at + second * kSecond});
  else
    life.beats.insert(life.beats.end(), {{at}, {at + 40 * kMilli, false, false, kPsh | kAck}, {at + 250 * kMilli, false, false, kFin | kAck}});
}

/// Two lives of one 5-tuple: pauses are far enough from the window that two seconds of clock difference on both sides decide nothing.
Life two_talks(std::int64_t window, bool apart, bool dropped) {
  Life life;
  add_talk(life, 0, dropped);
  add_talk(life, life.beats.back().at + (apart ? window + 8 * kSecond : window - 8 * kSecond), dropped);
  life.connections = apart ? 2 : 1;
  return life;
}

/// The window to the nanosecond, seen by one node.
Life at_the_window(std::int64_t window, bool apart) {
  return {{{0, true, true}, {window + (apart ? 1 : 0), true, true}}, apart ? 2u : 1u};
}

/// Never silent for as long as the window, and longer than any shard.
Life long_talk(std::int64_t window, std::uint32_t beats, bool dropped) {
  Life life;
  for (std::uint32_t i = 0; i < beats; ++i)
    life.beats.push_back({i * (window - 15 * kSecond), dropped || i == 0, false, static_cast<std::uint8_t>(i == 0 ? kSyn : kPsh | kAck)});
  return life;
}

struct Ends {
  const End* client;
  const End* server;
  std::uint16_t client_port = 0;
  bool v6 = false;
};

}  // namespace

struct Lives::State {
  const Cluster& cluster;
  std::mt19937_64& random;
  Sending& sending;
  std::map<std::string, End> outside;                                  // by address
  std::map<std::tuple<const End*, const End*, Wire, std::uint16_t>, std::uint16_t> used_ports;
  std::map<std::tuple<const End*, const End*, bool>, std::int64_t> quiet_from;  // ICMP has no ports: when its last life is over
  std::deque<std::string> services;
  // Of the life that is being written.
  const Pair* pair = nullptr;
  Ends ends;
  bool egress_dropped = false, ingress_dropped = false, reports_egress = false, reports_ingress = false;
  std::string_view service;
  std::int64_t first = 0, last = 0;
  bool any = false;

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); }
  [[nodiscard]] bool dropped() const { return egress_dropped || ingress_dropped; }
  [[nodiscard]] bool inside(const End* end) const { return !end->node.empty(); }
  const End* end_in(const Side& side, bool client);
  void choose_ends();
  Life draw_life();
  std::int64_t choose_start(const Life&);
  FlowLine blank(const End& seen_by, bool reply) const;
  void send(FlowLine line, std::int64_t at);
  void trace(const End& seen_by, bool reply, const Beat&, std::int64_t at);
  void verdict(bool egress, bool drop, const Beat&, std::int64_t at);
  void sock(std::int64_t at);
  void beat(const Beat&, std::int64_t at);
  void lone_beat(const Beat&, std::int64_t at);
  void count(std::map<EdgeKey, EdgeCount>& counts, std::uint64_t connections) const;
};

const End* Lives::State::end_in(const Side& side, bool client) {
  if (const App* app = cluster.app(side)) return &app->pods[below(static_cast<std::uint32_t>(app->pods.size()))].end;
  const std::string address = address_in(side, client, below(8));
  return &outside.try_emplace(address, world_end(address)).first->second;
}

void Lives::State::choose_ends() {
  ends = {end_in(pair->client, true), end_in(pair->server, false)};
  ends.v6 = inside(ends.client) && inside(ends.server) && below(4) == 0;
  if (pair->wire != Wire::Icmp)
    ends.client_port = static_cast<std::uint16_t>(32768 + used_ports[std::tuple(ends.client, ends.server, pair->wire, pair->port)]++);
}

Life Lives::State::draw_life() {
  const std::int64_t window = (pair->wire == Wire::Tcp ? 60 : 30) * kSecond;
  Life life;
  switch (below(pair->wire == Wire::Icmp ? 3 : 10)) {
    case 0: return long_talk(window, 2 + below(8), dropped());
    case 1: return two_talks(window, false, dropped());
    // Without ports a second life that counts would have to keep away from all others of the two pods.
    case 2: return two_talks(window, pair->wire != Wire::Icmp, dropped());
    case 3: return at_the_window(window, false);
    case 4: return at_the_window(window, true);
    case 5:
      add_talk(life, 0, dropped());
      // Its beginning was not recorded.
      if (!dropped()) life.beats.erase(life.beats.begin());
      return life;
    default: add_talk(life, 0, dropped()); return life;
  }
}

std::int64_t Lives::State::choose_start(const Life& life) {
  const auto span = static_cast<std::int64_t>(cluster.plan.seconds) * kSecond;
  std::int64_t start = kStart + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(span));
  if (pair->wire != Wire::Icmp) return start;
  std::int64_t& quiet = quiet_from[std::tuple(std::min(ends.client, ends.server), std::max(ends.client, ends.server), ends.v6)];
  start = std::max(quiet, kStart) + static_cast<std::int64_t>(random() % (20 * kSecond));
  quiet = start + life.beats.back().at + 40 * kSecond;
  return start;
}

FlowLine Lives::State::blank(const End& seen_by, bool reply) const {
  FlowLine line;
  line.node = seen_by.node;
  line.from = reply ? ends.server : ends.client;
  line.to = reply ? ends.client : ends.server;
  line.v6 = ends.v6;
  line.wire = pair->wire;
  line.source_port = reply ? pair->port : ends.client_port;
  line.destination_port = reply ? ends.client_port : pair->port;
  if (pair->wire == Wire::Icmp) line.icmp_type = ends.v6 ? (reply ? 129 : 128) : (reply ? 0 : 8);
  line.service = reply || &seen_by != ends.client ? std::string_view() : service;
  return line;
}

/// Into the file of the node, as its clock sees it; some lines twice, some late.
void Lives::State::send(FlowLine line, std::int64_t at) {
  const std::string node(line.node);
  line.time = at + sending.skew[node];
  line.uuid_high = random();
  line.uuid_low = random();
  if (!line.sock) {
    first = any ? std::min(first, line.time) : line.time;
    last = any ? std::max(last, line.time) : line.time;
    any = true;
  }
  std::vector<Sent>& file = sending.nodes[node];
  const std::int64_t late = below(5) == 0 ? static_cast<std::int64_t>(random() % (3 * kSecond)) : 0;
  file.push_back({line.time + late, line});
  if (below(50) == 0) file.push_back({line.time + late + below(2) * kSecond, line});
}

void Lives::State::trace(const End& seen_by, bool reply, const Beat& beat, std::int64_t at) {
  FlowLine line = blank(seen_by, reply);
  const bool arrives = line.to == &seen_by;
  line.sub_type = arrives ? 0 : 11;
  line.direction = reply && !arrives ? "INGRESS" : "EGRESS";
  line.point = arrives ? "TO_ENDPOINT" : "TO_NETWORK";
  line.reason = reply ? "REPLY" : beat.verdict ? "NEW" : "ESTABLISHED";
  line.replied = reply ? Replied::Yes : Replied::No;
  line.flags = static_cast<std::uint8_t>(beat.flags | (reply ? kAck : 0));
  line.interface = arrives ? std::string_view(seen_by.interface) : R"({"index":2,"name":"eth0"})";
  send(line, at);
}

/// The policy's own event; for a drop also the datapath's, as both are recorded.
void Lives::State::verdict(bool egress, bool drop, const Beat& beat, std::int64_t at) {
  FlowLine line = blank(egress ? *ends.client : *ends.server, false);
  line.event_type = 5;
  line.direction = egress ? "EGRESS" : "INGRESS";
  line.flags = beat.flags;
  if (!drop) {
    line.match_type = 2;
    send(line, at);
    return;
  }
  line.verdict = "DROPPED";
  line.drop_reason = 133;
  line.drop_text = "POLICY_DENIED";
  line.replied = Replied::Absent;
  send(line, at);
  line.event_type = 1;
  line.sub_type = 133;
  if (!beat.lone) send(line, at + kMilli / 10);
}

/// The socket load balancer turns the service's address into the pod's: no connection of the network.
void Lives::State::sock(std::int64_t at) {
  FlowLine line = blank(*ends.client, false);
  line.sock = true;
  line.verdict = "TRANSLATED";
  line.event_type = 7;
  line.sub_type = 2;
  line.replied = Replied::Absent;
  line.source_port = 0;
  send(line, at);
}

void Lives::State::beat(const Beat& beat, std::int64_t at) {
  const bool same_node = ends.client->node == ends.server->node;
  if (inside(ends.client)) {
    if (!service.empty() && beat.verdict) sock(at);
    if (reports_egress && beat.verdict) verdict(true, egress_dropped, beat, at + kMilli);
    if (egress_dropped) return;
    if (!same_node) trace(*ends.client, false, beat, at + 2 * kMilli);
  }
  if (inside(ends.server)) {
    if (reports_ingress && beat.verdict) verdict(false, ingress_dropped, beat, at + 3 * kMilli);
    if (ingress_dropped) return;
    trace(*ends.server, false, beat, at + 4 * kMilli);
    if (!same_node) trace(*ends.server, true, beat, at + 5 * kMilli);
  }
  if (inside(ends.client)) trace(*ends.client, true, beat, at + 6 * kMilli);
}

void Lives::State::lone_beat(const Beat& beat, std::int64_t at) {
  if (dropped()) return verdict(egress_dropped, true, beat, at);
  trace(inside(ends.server) ? *ends.server : *ends.client, false, beat, at);
}

void Lives::State::count(std::map<EdgeKey, EdgeCount>& counts, std::uint64_t connections) const {
  const auto name = [&](const Side& side) {
    const App* app = cluster.app(side);
    return app == nullptr ? std::string("entity:world") : app->namespace_name + "/" + app->name;
  };
  EdgeKey key{name(pair->client), name(pair->server), pair->wire == Wire::Udp ? "UDP" : "TCP", pair->port};
  if (pair->wire == Wire::Icmp) {
    key.protocol = ends.v6 ? "ICMPv6" : "ICMP";
    key.port = ends.v6 ? 128 : 8;
  }
  EdgeCount& sum = counts[key];
  sum.first = sum.connections == 0 ? first : std::min(sum.first, first);
  sum.last = sum.connections == 0 ? last : std::max(sum.last, last);
  sum.connections += connections;
}

Lives::Lives(const Cluster& cluster, std::mt19937_64& random, Sending& sending)
    : state_(std::make_unique<State>(State{cluster, random, sending, {}, {}, {}, {}})) {}
Lives::~Lives() = default;

std::map<EdgeKey, EdgeCount> Lives::live(const Pair& pair) {
  State& state = *state_;
  const App *client = state.cluster.app(pair.client), *server = state.cluster.app(pair.server);
  state.pair = &pair;
  state.egress_dropped = state.cluster.egress_denied(pair, false);
  state.ingress_dropped = !state.egress_dropped && state.cluster.ingress_denied(pair, false);
  state.reports_egress = client != nullptr && denies_egress(client->regime());
  state.reports_ingress = server != nullptr && denies_ingress(server->regime(), false);
  state.service = {};
  if (pair.service)
    state.service = state.services.emplace_back(fmt::format(R"({{"name":"{}","namespace":"{}"}})", server->name, server->namespace_name));
  std::map<EdgeKey, EdgeCount> counts;
  for (std::uint32_t i = 0; i < pair.connections; ++i) {
    state.choose_ends();
    const Life life = state.draw_life();
    const std::int64_t start = state.choose_start(life);
    state.any = false;
    for (const Beat& beat : life.beats) beat.lone ? state.lone_beat(beat, start + beat.at) : state.beat(beat, start + beat.at);
    state.count(counts, life.connections);
  }
  return counts;
}

}  // namespace weir::perf
