#pragma once

#include <string_view>

#include "simulator/flows/record.h"

namespace weir::simulator {

/// The FlowDetail of the line being decoded. Its lists keep their space from line to line.
struct DetailStore {
  FlowDetail detail;
  bool filters = false;  // also what only filters ask for
  bool used = false;     // something was read into it

  void clear();
  HttpDetail& new_http();
  void drop_http();
  DnsDetail& new_dns();
  void drop_dns();
  /// Null: the line has nothing of it.
  [[nodiscard]] const FlowDetail* result() const;

 private:
  HttpDetail spare_http_;
  DnsDetail spare_dns_;
};

/// The 36 letters of a UUID, in either case; zero for anything else.
[[nodiscard]] Uuid parse_uuid(std::string_view);

}  // namespace weir::simulator
