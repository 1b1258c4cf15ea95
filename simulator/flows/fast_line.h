#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "simulator/flows/record.h"

namespace weir::simulator {

/// A party and whether it lives on the node that recorded it.
struct FastParty {
  PartyId id;
  bool local = false;
};

/// What FastLine asks the ordinary decoder for, once for each text it has not seen.
class SlowDecoder {
 public:
  virtual ~SlowDecoder() = default;
  /// A `source` or `destination` object; false: no JSON. kPadding bytes behind it are readable.
  virtual bool party(std::string_view object, FastParty& party) = 0;
  /// A flow without what FastLine reads itself. False: no JSON, it has what FastLine reads, or its record points to texts.
  virtual bool rest(std::string_view object, Record& record) = 0;
};

/// Recorded lines as Hubble prints them, fast: the endpoints and all that follows them repeat, and most of a line is that.
/// What was seen before is compared and not parsed again.
///
/// A line is `{"flow":{` (or `{`), then time, uuid, verdict, addresses, ports, source and destination in any order, each at
/// most once and without escapes, then anything. For every line it gives what the ordinary decoder gives, or says no.
class FastLine {
 public:
  explicit FastLine(SlowDecoder&);
  ~FastLine();
  /// False: read the line the ordinary way. `size` bytes and kPadding more are readable.
  [[nodiscard]] bool decode(const char* text, std::size_t size, Record& record);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
