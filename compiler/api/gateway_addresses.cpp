#include "compiler/api/gateway_addresses.h"

#include <algorithm>

namespace weir::compiler {
namespace {

void add_addresses(const Node* part, std::vector<ir::IpAddress>& out) {
  const Node* list = part == nullptr ? nullptr : part->find("addresses");
  if (list == nullptr) return;
  for (const Node& item : list->items) {
    const Node* type = item.find("type");
    const Node* value = item.find("value");
    // absent: IPAddress
    if (value == nullptr || (type != nullptr && !type->is_null() && type->text != "IPAddress")) continue;
    if (const auto address = ir::parse_address(value->text)) out.push_back(*address);
  }
}

}  // namespace

std::vector<ir::IpAddress> gateway_addresses(const Node& gateway) {
  std::vector<ir::IpAddress> out;
  add_addresses(gateway.find("spec"), out);
  add_addresses(gateway.find("status"), out);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace weir::compiler
