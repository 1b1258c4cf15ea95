#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/flows/keys.h"
#include "simulator/flows/parties.h"

namespace weir::simulator {

/// A `source` or `destination` object -> the bytes it is interned by: its fields end to end, each a tag, four bytes of
/// length and the text. Hashing these costs less than building a Party.
class PartyReader {
 public:
  /// `local`: the endpoint ID is not 0. A value that is no object is the empty party.
  template <class Value>
  void read(Value& value, bool& local);
  /// Of what was read last.
  [[nodiscard]] std::string_view key() const { return {scratch_.data(), used_}; }
  [[nodiscard]] Party build() const;

 private:
  void put(char tag, std::string_view text);
  void put_identity(std::int64_t number);
  void put_label(std::string_view label);
  template <class Value>
  void put_workload(Value& value);

  std::vector<char> scratch_ = std::vector<char>(4096);
  std::size_t used_ = 0;
};

/// The first workload: Hubble lists the owner that a person knows first.
template <class Value>
void PartyReader::put_workload(Value& value) {
  bool first = true;
  value.each_item([&](Value& workload) {
    if (!std::exchange(first, false)) return;
    workload.each([&](Key key, Value& member) {
      if (key == Key::Name) put('w', member.text());
      if (key == Key::Kind) put('k', member.text());
    });
  });
}

template <class Value>
void PartyReader::read(Value& value, bool& local) {
  used_ = 0;
  local = false;
  value.each([&](Key key, Value& member) {
    switch (key) {
      case Key::Id: local = member.number(0) != 0; return;
      case Key::Identity: return put_identity(member.number(0));
      case Key::ClusterName: return put('c', member.text());
      case Key::Namespace: return put('n', member.text());
      case Key::PodName: return put('p', member.text());
      case Key::Labels: member.each_item([&](Value& label) { put_label(label.text()); }); return;
      case Key::Workloads: return put_workload(member);
      default: return;
    }
  });
}

}  // namespace weir::simulator
