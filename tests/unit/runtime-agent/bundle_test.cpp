#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <iostream>
#include <set>

#include "backends/ebpf/bundle/crypto.h"
#include "backends/ebpf/bundle/encode.h"
#include "backends/ebpf/bundle/folder.h"
#include "backends/ebpf/bundle/packet.h"
#include "tests/unit/runtime-agent/fixture.h"

using namespace weir;
using namespace weir::agent_test;
namespace fs = std::filesystem;

namespace {

struct Signed {
  TemporaryFolder folder;
  fs::path dir = folder.path / "bundle";
  backends::KeyPair keys = backends::make_keys().value();
  backends::Bundle bundle = small_bundle();
  Signed() { REQUIRE(backends::write_bundle(dir, bundle, keys.private_pem)); }
};

/// xorshift: the same flips in every run.
struct Numbers {
  std::uint64_t state = 0x9e3779b97f4a7c15;
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
  }
};

}  // namespace

TEST_CASE("a bundle reads back as it was written", "[bundle]") {
  const Signed s;
  const auto read = backends::read_bundle(s.dir, s.keys.public_pem);
  if (!read) FAIL(read.error().message);
  CHECK(*read == s.bundle);
  CHECK(backends::generation_in(s.dir) == 1);
}

TEST_CASE("the same bundle and key give the same bytes", "[bundle]") {
  const Signed s;
  const fs::path again = s.folder.path / "again";
  REQUIRE(backends::write_bundle(again, s.bundle, s.keys.private_pem));
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(s.dir)) {
    INFO(entry.path());
    CHECK(bytes_of(entry.path()) == bytes_of(again / entry.path().filename()));
    ++files;
  }
  CHECK(files == 8);
}

// reliability.md C2 row 10
TEST_CASE("every changed byte is refused", "[bundle]") {
  const Signed s;
  Numbers numbers;
  std::size_t mutations = 0, accepted = 0;
  for (const auto& entry : fs::directory_iterator(s.dir)) {
    const std::string good = bytes_of(entry.path());
    // Every byte of small files, a sample of large ones; one bit or the whole byte.
    const std::size_t step = good.size() > 2000 ? good.size() / 500 : 1;
    for (std::size_t i = numbers.next() % step; i < good.size(); i += step) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << numbers.next() % 8));
      put_bytes(entry.path(), bad);
      const auto read = backends::read_bundle(s.dir, s.keys.public_pem);
      accepted += read ? 1 : 0;
      ++mutations;
    }
    put_bytes(entry.path(), good);
  }
  std::cout << "bundle: " << mutations << " single-byte mutations, " << accepted << " accepted\n";
  CHECK(accepted == 0);
  CHECK(mutations > 2000);
  CHECK(backends::read_bundle(s.dir, s.keys.public_pem).has_value());
}

TEST_CASE("forged and damaged bundles are refused", "[bundle]") {
  const Signed s;
  SECTION("another key") {
    const auto other = backends::make_keys().value();
    const auto read = backends::read_bundle(s.dir, other.public_pem);
    REQUIRE_FALSE(read);
    CHECK(read.error().exit_code == 3);
  }
  SECTION("a manifest that is signed but not canonical") {
    const std::string text = bytes_of(s.dir / "manifest.json") + " ";
    put_bytes(s.dir / "manifest.json", text);
    put_bytes(s.dir / "signature", backends::sign(text, s.keys.private_pem).value());
    CHECK_FALSE(backends::read_bundle(s.dir, s.keys.public_pem));
  }
  SECTION("a file that is cut short") {
    const std::string maps = bytes_of(s.dir / "maps.bin");
    put_bytes(s.dir / "maps.bin", maps.substr(0, maps.size() - 1));
    CHECK_FALSE(backends::read_bundle(s.dir, s.keys.public_pem));
  }
  SECTION("a file that is a symbolic link to the right bytes") {
    fs::rename(s.dir / "maps.bin", s.folder.path / "elsewhere");
    fs::create_symlink(s.folder.path / "elsewhere", s.dir / "maps.bin");
    CHECK_FALSE(backends::read_bundle(s.dir, s.keys.public_pem));
  }
  SECTION("the parts of another signed bundle") {
    const fs::path other = s.folder.path / "other";
    auto bundle = s.bundle;
    bundle.generation = 9;
    bundle.maps.ipcache[0].identity = 0;
    REQUIRE(backends::write_bundle(other, bundle, s.keys.private_pem));
    fs::copy_file(other / "maps.bin", s.dir / "maps.bin", fs::copy_options::overwrite_existing);
    CHECK_FALSE(backends::read_bundle(s.dir, s.keys.public_pem));
  }
}

// datapath.md 3: a mask turns a bad index into a wrong cell, so the reader checks every one.
TEST_CASE("a signed bundle with an index out of range is refused", "[bundle]") {
  struct Case {
    const char* why;
    void (*break_it)(backends::Bundle&);
  };
  const auto u32 = [](backends::TableImage& image, std::size_t at, std::uint8_t value) { image.bytes[at] = value; };
  static const auto set = u32;
  const auto c = GENERATE(values<Case>({
      {"a row that leads past the cells", [](backends::Bundle& b) { set(b.maps.tables[5], 1, 0xff); }},
      {"a subject whose rows start past the end", [](backends::Bundle& b) { set(b.maps.tables[1], 1, 0xff); }},
      {"a subject whose remap starts past the end", [](backends::Bundle& b) { set(b.maps.tables[1], 5, 0xff); }},
      {"a page that is not there", [](backends::Bundle& b) { set(b.maps.tables[2], 40, 0x7f); }},
      {"a port class that is not there", [](backends::Bundle& b) { set(b.maps.tables[3], 40, 0x7f); }},
      {"a peer class that is not there", [](backends::Bundle& b) { set(b.maps.tables[0], 5, 0x7f); }},
      {"a local port class past the row", [](backends::Bundle& b) { set(b.maps.tables[4], 7, 0xff); }},
      {"a verdict that is none", [](backends::Bundle& b) { set(b.maps.tables[6], 0, 7); }},
      {"a rule that is not there", [](backends::Bundle& b) { set(b.maps.tables[6], 4, 99); }},
      {"a prefix of an identity that is not there", [](backends::Bundle& b) { b.maps.ipcache[1].identity = 99; }},
      {"a prefix with host bits", [](backends::Bundle& b) { b.maps.ipcache[0].prefix.address.bytes[3] = 9; b.maps.ipcache[0].prefix.length = 8; }},
      {"prefixes out of order", [](backends::Bundle& b) { std::swap(b.maps.ipcache[0], b.maps.ipcache[1]); }},
      {"an endpoint of no subject class", [](backends::Bundle& b) { b.maps.endpoints[0].subject_class = 2; }},
      {"a table that lost its padding", [](backends::Bundle& b) { b.maps.tables[6].bytes.resize(24); }},
      {"a canary for no endpoint", [](backends::Bundle& b) { b.vectors[0].endpoint = 2; }},
      {"names of other identities", [](backends::Bundle& b) { b.identities.pop_back(); }},
  }));
  INFO(c.why);
  auto bundle = small_bundle();
  REQUIRE(backends::check(bundle).empty());
  c.break_it(bundle);
  CHECK_FALSE(backends::check(bundle).empty());
  TemporaryFolder folder;
  CHECK_FALSE(backends::write_bundle(folder.path / "b", bundle, backends::make_keys().value().private_pem));
}

TEST_CASE("damaged map bytes never crash the decoder", "[bundle]") {
  const std::string good = backends::encode_maps(small_bundle().maps);
  Numbers numbers;
  const backends::Bundle whole = small_bundle();
  std::size_t sound = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string bad = good;
    for (std::uint64_t n = 1 + numbers.next() % 3; n > 0; --n)
      bad[numbers.next() % 200] = static_cast<char>(numbers.next());
    if (numbers.next() % 4 == 0) bad.resize(numbers.next() % bad.size());
    auto bundle = whole;
    if (backends::decode_maps(bad, bundle.maps) && backends::check(bundle).empty()) ++sound;
  }
  CHECK(sound < 3000);
}

TEST_CASE("keys are made once and are private", "[bundle]") {
  TemporaryFolder folder;
  REQUIRE(backends::keygen(folder.path));
  struct stat info {};
  REQUIRE(::stat((folder.path / "weir.key").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  const auto again = backends::keygen(folder.path);
  REQUIRE_FALSE(again);
  CHECK(again.error().exit_code == 2);
  const auto key = backends::read_key(folder.path / "weir.pub");
  REQUIRE(key);
  CHECK(key->starts_with("-----BEGIN PUBLIC KEY-----"));
  CHECK(bytes_of(folder.path / "weir.key").starts_with("-----BEGIN PRIVATE KEY-----"));
}

TEST_CASE("a bundle replaces a bundle and nothing else", "[bundle]") {
  const Signed s;
  REQUIRE(backends::write_bundle(s.dir, small_bundle(2), s.keys.private_pem));
  CHECK(backends::generation_in(s.dir) == 2);
  SECTION("a folder of other things is kept") {
    const fs::path mine = s.folder.path / "mine";
    fs::create_directory(mine);
    put_bytes(mine / "letter.txt", "dear");
    CHECK_FALSE(backends::write_bundle(mine, s.bundle, s.keys.private_pem));
    CHECK(bytes_of(mine / "letter.txt") == "dear");
  }
  SECTION("a symbolic link is not followed") {
    fs::create_directory_symlink(s.folder.path, s.folder.path / "link");
    CHECK_FALSE(backends::write_bundle(s.folder.path / "link", s.bundle, s.keys.private_pem));
  }
  SECTION("nothing is left beside it") {
    for (const auto& entry : fs::directory_iterator(s.folder.path)) CHECK(entry.path().filename() == "bundle");
  }
}

// reliability.md C2 row 4
TEST_CASE("names of nodes stay one path component", "[bundle]") {
  struct Case {
    const char* why;
    std::string name, encoded;
  };
  const auto c = GENERATE(values<Case>({
      {"plain", "node-1.example", "node-1.example"},
      {"parent", "..", "%2E."},
      {"slash", "../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"},
      {"empty", "", "%"},
      {"newline", "a\nb", "a%0Ab"},
      {"NUL", std::string("a\0b", 3), "a%00b"},
      {"percent", "a%2F", "a%252F"},
      {"UTF-8", "\xc3\xa9", "%C3%A9"},
  }));
  INFO(c.why);
  CHECK(backends::percent_encoded(c.name) == c.encoded);
}

TEST_CASE("canary packets cover every outcome of every endpoint", "[bundle]") {
  const ir::TableSet tables = small_tables();
  const auto vectors = backends::make_vectors(tables, 1000);
  std::set<std::tuple<std::uint32_t, ir::Direction, ir::Cell>> seen;
  for (const auto& v : vectors) seen.insert({v.endpoint, v.direction, v.expect});
  // three outcomes: allowed, denied by a rule, denied by default
  CHECK(seen.size() == 2 * 2 * 3);
  for (const auto& v : vectors) {
    const ir::Cell& cell =
        ir::lookup(tables, static_cast<std::uint16_t>(v.endpoint), v.direction, v.identity, ir::PortSlot::Tcp, 8080);
    CHECK((cell == v.expect || v.expect.reason == ir::DropReason::PolicyDenied || v.expect.rule == 1));
  }
  CHECK(backends::make_vectors(tables, 5).size() == 5);
}

TEST_CASE("frames have right checksums", "[bundle]") {
  backends::PacketSpec spec;
  spec.source = ir::parse_address("10.0.0.1").value();
  spec.destination = ir::parse_address("10.0.0.2").value();
  spec.destination_port = 8080;
  const std::string frame = backends::make_packet(spec);
  std::uint32_t sum = 0;
  for (std::size_t i = 14; i < 34; i += 2)
    sum += static_cast<std::uint32_t>(static_cast<std::uint8_t>(frame[i]) << 8 | static_cast<std::uint8_t>(frame[i + 1]));
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  CHECK(sum == 0xffff);
  CHECK(frame.size() == 60);
}
