// `weir diff git:REV ...` in a repository made here: a revision is read whole and alone, whatever the working tree holds.
#include <catch2/catch.hpp>

#include "tests/run_program.h"

using namespace weir::tests;
namespace fs = std::filesystem;

namespace {

std::string policy(const std::string& port) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n  podSelector: {}\n"
         "  ingress:\n  - from: [{podSelector: {}}]\n    ports: [{port: " + port + "}]\n";
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

/// Two commits: port 80, then 81; a file that `git archive` would leave out.
struct Repository {
  fs::path path = fs::temp_directory_path() / ("weir-diff-" + std::to_string(::getpid()));

  Repository() {
    fs::remove_all(path);
    write(path / "k8s/policy.yaml", policy("80"));
    write(path / ".gitattributes", "k8s export-ignore\n");
    git({"init", "-q"});
    commit("first");
    write(path / "k8s/policy.yaml", policy("81"));
    commit("second");
  }
  ~Repository() { fs::remove_all(path); }

  std::string git(std::vector<std::string> words) const {
    words.insert(words.begin(), {"/usr/bin/env", "git", "-c", "user.name=t", "-c", "user.email=t@example.com"});
    const Ran ran = run_program(words, path);
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    return ran.out;
  }
  /// Its number; anything goes.
  std::string object(const std::string& type, const std::string& bytes) const {
    write(path / ".git/object", bytes);
    return git({"hash-object", "-t", type, "--literally", "-w", ".git/object"}).substr(0, 40);
  }
  void commit(const std::string& message) const {
    git({"add", "-A"});
    git({"commit", "-q", "-m", message});
  }
  [[nodiscard]] Ran diff(const std::string& weir, const std::string& base, const std::string& head) const {
    return run_program({weir, "diff", base, head, "--relation", "equivalent"}, path);
  }
};

}  // namespace

TEST_CASE("revisions are compared as they were committed", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const Repository repository;
  const Ran changed = repository.diff(*weir, "git:HEAD~1:k8s", "git:HEAD:k8s"), same = repository.diff(*weir, "git:HEAD:k8s", "git:HEAD:k8s");
  INFO(changed.out << changed.err << same.out << same.err);
  CHECK(changed.exit_code == 1);
  CHECK(same.exit_code == 0);
  // What is not committed does not count.
  write(repository.path / "k8s/policy.yaml", policy("82"));
  CHECK(repository.diff(*weir, "git:HEAD:k8s", "git:HEAD:k8s").out == same.out);
  CHECK(repository.diff(*weir, "git:HEAD:k8s", "k8s").exit_code == 1);
  // Nor is the working tree touched.
  CHECK(read_whole(repository.path / "k8s/policy.yaml") == policy("82"));
}

TEST_CASE("a path of a revision lies inside the repository", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const Repository repository;
  for (const std::string& path : {(repository.path / "k8s").string(), std::string("../k8s"), std::string("k8s/../../x"), std::string("--help")}) {
    const Ran ran = repository.diff(*weir, "git:HEAD:" + path, "git:HEAD:k8s");
    INFO(path << ": " << ran.err);
    CHECK(ran.exit_code == 2);
    CHECK(ran.err.find("git:REV:PATH") != std::string::npos);
  }
  const Ran unknown = repository.diff(*weir, "git:nowhere:k8s", "git:HEAD:k8s");
  CHECK(unknown.exit_code == 2);
}

TEST_CASE("to read a revision runs nothing of the repository", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const Repository repository;
  write(repository.path / ".gitattributes", "*.yaml filter=own\n");
  repository.commit("third");
  const std::string touch = "touch '" + (repository.path / "ran").string() + "'";
  for (const char* hook : {"post-checkout", "post-index-change", "fsmonitor-watchman", "reference-transaction"}) {
    const fs::path path = repository.path / ".git/hooks" / hook;
    write(path, "#!/bin/sh\n" + touch + "\n");
    fs::permissions(path, fs::perms::owner_all);
  }
  repository.git({"config", "filter.own.smudge", touch + "; cat"});
  repository.git({"config", "core.fsmonitor", ".git/hooks/fsmonitor-watchman"});
  fs::remove(repository.path / "ran");
  const Ran ran = repository.diff(*weir, "git:HEAD~2:k8s", "git:HEAD");
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 1);
  CHECK_FALSE(fs::exists(repository.path / "ran"));
}

TEST_CASE("nothing is written through a link of a revision", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const Repository repository;
  const auto entry = [](const std::string& head, const std::string& number) {
    std::string out = head + '\0';
    for (std::size_t i = 0; i < number.size(); i += 2) out += static_cast<char>(std::stoi(number.substr(i, 2), nullptr, 16));
    return out;
  };
  // A tree of two entries `x`: a link out of it, and a folder with a link to plant.
  const fs::path outside = repository.path / "outside";
  fs::create_directories(outside);
  const std::string out = repository.object("blob", outside.string());
  const std::string folder = repository.object("tree", entry("120000 planted", out));
  const std::string tree = repository.object("tree", entry("120000 x", out) + entry("40000 x", folder));
  const Ran ran = repository.diff(*weir, "git:" + tree, "git:HEAD:k8s");
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 2);
  CHECK(fs::is_empty(outside));
}

TEST_CASE("a revision has its files, its links and nothing else", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const Repository repository;
  write(repository.path / "linked/real.txt", policy("81"));
  fs::create_symlink("real.txt", repository.path / "linked/one.yaml");
  write(repository.path / "odd [x]/a\tb.yaml", policy("81"));
  repository.commit("third");
  for (const std::string& path : {std::string("git:HEAD:linked"), std::string("git:HEAD:odd [x]"), std::string("git:HEAD:k8s/"), std::string("git:HEAD:./k8s/policy.yaml")}) {
    const Ran ran = repository.diff(*weir, "git:HEAD~1:k8s", path);
    INFO(path << ": " << ran.out << ran.err);
    CHECK(ran.exit_code == 0);
  }
  for (const std::string& path : {std::string("git:HEAD:nowhere"), std::string("git:HEAD:k8"), std::string("git:HEAD:k8s/*.yaml"), std::string("git:HEAD:policy.yaml")}) {
    const Ran ran = repository.diff(*weir, path, "git:HEAD:k8s");
    INFO(path << ": " << ran.out << ran.err);
    CHECK(ran.exit_code == 2);
  }
}
