// What documents and manifests tell people to type is what this program takes.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "cli/arguments.h"
#include "cli/replay_question.h"

using namespace weir::cli;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The words of a shell command, up to what is not its own: a redirection, another command, a comment.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  bool open = false;
  for (const char c : line + " ") {
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      open = true;
    } else if (c == ' ') {
      if (word == "|" || word == "&&" || word == ";" || word == "#" || word == ":::" || word.starts_with(">") || word.starts_with("2>")) return words;
      if (!word.empty() || open) words.push_back(word);
      word.clear();
      open = false;
    } else {
      word += c;
    }
  }
  return words;
}

/// Every `weir replay ...` of a text that is a command: not the middle of a sentence, which ends in a back tick.
std::vector<std::string> commands_of(std::string text) {
  text = std::regex_replace(text, std::regex(R"(\$\(\([^)]*\)\))"), "1");
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    for (std::size_t at = line.find("weir replay"); at != std::string::npos; at = line.find("weir replay", at + 1)) {
      std::string command = line.substr(at);
      if (at > 0 && line[at - 1] == '`') command = command.substr(0, command.find('`'));
      else if (at > 0 && line[at - 1] != ' ') continue;
      // The quotes of a program around it, in the example of Spark.
      command = command.substr(0, command.find(" && "));
      if (command.find(' ', 12) == std::string::npos && command.size() < 13) continue;
      found.push_back(std::regex_replace(command, std::regex(R"(\{\}/8)"), "1/8"));
    }
  return found;
}

}  // namespace

TEST_CASE("documented commands of replay are commands", "[cli]") {
  const fs::path root = WEIR_SOURCE_DIR;
  std::vector<fs::path> files = {root / "README.md", root / "packaging/kubernetes/replay-job.yaml"};
  for (const auto& entry : fs::directory_iterator(root / "docs/howto")) files.push_back(entry.path());
  int commands = 0;
  for (const fs::path& file : files)
    for (const std::string& command : commands_of(read(file))) {
      if (command.find("...") != std::string::npos || command.find("PATHS") != std::string::npos || command.ends_with("--help")) continue;
      const std::vector<std::string> words = words_of(command);
      std::vector<const char*> argv;
      for (const std::string& word : words) argv.push_back(word.c_str());
      INFO(file.string() << ": " << command);
      const Parsed parsed = parse_arguments(static_cast<int>(argv.size()), argv.data());
      CHECK(parsed.exit_code == 0);
      if (parsed.done) continue;
      CHECK(wrong_question(parsed.request) == "");
      if (!parsed.request.replay.shard.empty()) CHECK(parse_shard(parsed.request.replay.shard));
      ++commands;
    }
  CHECK(commands >= 15);
}

TEST_CASE("a documented command that does not exist is noticed", "[cli]") {
  const auto commands = commands_of("    weir replay p --flows f --shrad 1/2 | x\nsay `weir replay --merge a` or not\nexec weir replay /p --flows /f --shard $((I + 1))/8\n");
  REQUIRE(commands.size() == 3);
  CHECK(commands[1] == "weir replay --merge a");
  CHECK(words_of(commands[2]) == std::vector<std::string>{"weir", "replay", "/p", "--flows", "/f", "--shard", "1/8"});
  CHECK(words_of(commands[0]) == std::vector<std::string>{"weir", "replay", "p", "--flows", "f", "--shrad", "1/2"});
}
