// decode_bench [BYTES]: the rate of decoding lines beside simdjson's bare parse_many over the same bytes in the same run, on
// a generated recording and, when WEIR_FLOWS is set, on real ones repeated. Exit code 1 when it falls below its bound.
//
// All is in memory and takes turns, and the best of the rounds counts: other work on the machine only slows things down.

#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "simulator/flows/decode.h"
#include "simulator/flows/line_reader.h"
#include "tests/perf/recording.h"

namespace {

using weir::simulator::kPadding;

constexpr double kLeastRatio = 0.6;
constexpr int kRounds = 5;

struct Times {
  double bare = 1e9, slow = 1e9, fast = 1e9;
  std::size_t lines = 0, by_fast = 0;
};

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// All recordings of a folder, again and again, to `bytes`.
std::string repeated(const std::filesystem::path& folder, const std::string& part, std::size_t bytes) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".jsonl" && entry.path().filename().string().find(part) != std::string::npos) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::string once, all;
  for (const auto& path : paths) once += text_of(path);
  while (!once.empty() && all.size() < bytes) all += once;
  return all;
}

/// Of the processor, so that a busy machine counts for less.
template <class Work>
double seconds_of(Work work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

void bare_parse(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::document_stream stream;
  if (parser.parse_many(text.data(), text.size(), simdjson::dom::DEFAULT_BATCH_SIZE).get(stream) != simdjson::SUCCESS) std::exit(5);
  std::size_t documents = 0;
  for (auto document : stream) documents += document.error() == simdjson::SUCCESS;
  if (documents == 0) std::exit(5);
}

void decode(const std::string& text, bool fast, Times& times) {
  weir::simulator::Interned interned;
  weir::simulator::Decoder decoder(interned);
  decoder.use_fast(fast);
  weir::simulator::Record record;
  const char *at = text.data(), *end = at + text.size();
  times.lines = times.by_fast = 0;
  while (at < end) {
    const void* mark = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    const char* stop = mark == nullptr ? end : static_cast<const char*>(mark);
    if (!decoder.decode(at, static_cast<std::size_t>(stop - at), record)) std::exit(5);
    ++times.lines;
    times.by_fast += decoder.was_fast();
    at = stop + 1;
  }
}

bool measure(const char* what, std::string text) {
  if (text.empty()) return true;
  text.reserve(text.size() + kPadding + simdjson::SIMDJSON_PADDING);
  Times times;
  for (int round = 0; round < kRounds; ++round) {
    times.bare = std::min(times.bare, seconds_of([&] { bare_parse(text); }));
    times.slow = std::min(times.slow, seconds_of([&] { decode(text, false, times); }));
    times.fast = std::min(times.fast, seconds_of([&] { decode(text, true, times); }));
  }
  const auto lines = static_cast<double>(times.lines);
  const double ratio = times.bare / times.fast;
  std::printf("%-10s %6.0f B/line  parse_many %5.0f ns  simdjson path %5.0f ns (%.2f)  decoder %5.0f ns (%.2f)  fast %.1f %% of lines\n", what,
              static_cast<double>(text.size()) / lines, times.bare / lines * 1e9, times.slow / lines * 1e9, times.bare / times.slow,
              times.fast / lines * 1e9, ratio, 100 * static_cast<double>(times.by_fast) / lines);
  return ratio >= kLeastRatio;
}

}  // namespace

int main(int count, char** arguments) {
  weir::perf::Plan plan;
  plan.bytes = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 64'000'000;
  const std::filesystem::path path = std::filesystem::temp_directory_path() / ("weir-decode-" + std::to_string(::getpid()) + ".jsonl");
  weir::perf::write_recording(plan, path);
  std::string text = text_of(path);
  std::filesystem::remove(path);
  bool good = measure("generated", std::move(text));
  if (const char* flows = std::getenv("WEIR_FLOWS"); flows != nullptr) {
    const std::filesystem::path folder = flows;
    good = measure("EKS", repeated(folder / "nt531", "", plan.bytes)) && good;
    for (const char* kind : {"tcp", "redirected", "http", "dns"}) good = measure(kind, repeated(folder / "hubble-otel", kind, plan.bytes)) && good;
  } else {
    std::printf("SKIPPED: WEIR_FLOWS is not set, no real recordings\n");
  }
  std::printf("%s (at least %.1f of parse_many)\n", good ? "ok" : "FAILED", kLeastRatio);
  return good ? 0 : 1;
}
