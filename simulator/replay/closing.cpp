#include "simulator/replay/closing.h"

#include <algorithm>

namespace weir::simulator {
namespace {

/// Whether policy sees nothing of it but its address.
bool is_world(const Party& party) {
  if (!party.pod.empty()) return false;
  if (party.labels.empty()) return party.identity == 2 || party.identity == 9 || party.identity == 10;  // flows.md 1.3
  return std::any_of(party.labels.begin(), party.labels.end(),
                     [](const std::string& label) { return label == "reserved:world" || label == "reserved:world-ipv4" || label == "reserved:world-ipv6"; });
}

}  // namespace

void generalise(const AddressClasses* addresses, const Parties& parties, PartyId source, PartyId destination, ir::IpAddress& client,
                ir::IpAddress& server) {
  if (addresses == nullptr || client == server) return;
  if (is_world(parties.at(source))) client = addresses->representative(client);
  if (!addresses->servers_by_name() && is_world(parties.at(destination))) server = addresses->representative(server);
}

/// flows.md 1.5 "Comparable": no policy change inside the connection.
bool Closing::changed_between(std::int64_t first, std::int64_t last) const {
  if (sum_.policy_changes.empty()) return false;
  const auto at = sum_.policy_changes.upper_bound(first);
  return at != sum_.policy_changes.end() && *at <= last;
}

void Closing::add_half(const ConnectionKey& key, const Connection& connection, bool client_is_low, std::uint64_t connections,
                       bool policy_changed) {
  Shaped shaped = shape_of(key, connection, client_is_low);
  Shape& shape = shaped.shape;
  shape.policy_changed = policy_changed;
  generalise(addresses_, sum_.interned.parties, shape.source, shape.destination, shape.client, shape.server);
  if (connections != 1) shaped.count.multiply(connections);
  const auto [at, added] = sum_.shapes.try_emplace(shape, shaped.count);
  if (!added) at.value().add(shaped.count);
}

void Closing::add_alike(const ConnectionKey& key, const Connection& connection, std::uint64_t connections, bool policy_changed) {
  if (!connection.halves[0].seen && !connection.halves[1].seen) {
    sum_.unoriented += connections;
    sum_.unoriented_lines += connection.loose_lines * connections;
    return;
  }
  sum_.not_policy += connection.loose_lines * connections;
  for (const bool client_is_low : {true, false})
    if (connection.halves[client_is_low ? 0 : 1].seen) add_half(key, connection, client_is_low, connections, policy_changed);
}

void Closing::add(const ConnectionKey& key, const Connection& connection) {
  add_alike(key, connection, 1, connection.timed && changed_between(connection.first, connection.last));
}

}  // namespace weir::simulator
