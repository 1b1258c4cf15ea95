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
bool Closing::changed_inside(const Connection& connection) const {
  if (!connection.timed || sum_.policy_changes.empty()) return false;
  const auto at = sum_.policy_changes.upper_bound(connection.first);
  return at != sum_.policy_changes.end() && *at <= connection.last;
}

void Closing::add_half(const ConnectionKey& key, const Connection& connection, bool client_is_low) {
  Shaped shaped = shape_of(key, connection, client_is_low);
  Shape& shape = shaped.shape;
  shape.policy_changed = changed_inside(connection);
  generalise(addresses_, sum_.interned.parties, shape.source, shape.destination, shape.client, shape.server);
  const auto [at, added] = sum_.shapes.try_emplace(shape, shaped.count);
  if (!added) at.value().add(shaped.count);
}

void Closing::add(const ConnectionKey& key, const Connection& connection) {
  if (!connection.halves[0].seen && !connection.halves[1].seen) {
    ++sum_.unoriented;
    sum_.unoriented_lines += connection.loose_lines;
    return;
  }
  sum_.not_policy += connection.loose_lines;
  for (const bool client_is_low : {true, false})
    if (connection.halves[client_is_low ? 0 : 1].seen) add_half(key, connection, client_is_low);
}

}  // namespace weir::simulator
