#include "simulator/flows/raw_value.h"

namespace weir::simulator {

void RawScanner::skip(int depth) {
  if (at >= end || depth > kDepth) {
    fail();
    return;
  }
  switch (*at) {
    case '"': string(); return;
    case '{':
    case '[': return skip_members(*at == '{' ? '}' : ']', depth + 1);
    case 't': literal("true"); return;
    case 'f': literal("false"); return;
    case 'n': literal("null"); return;
    default:
      if (*at < '0' || *at > '9') fail();
      whole_number();
      return;
  }
}

void RawScanner::skip_members(char close, int depth) {
  if (*++at == close) {
    ++at;
    return;
  }
  while (!bad) {
    if (close == '}') {
      if (*at != '"') return void(fail());
      string();
      if (bad || *at++ != ':') return void(fail());
    }
    skip(depth);
    if (bad) return;
    const char next = *at++;
    if (next == close) return;
    if (next != ',') fail();
  }
}

}  // namespace weir::simulator
