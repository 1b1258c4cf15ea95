#include <catch2/catch.hpp>

#include "cli/arguments.h"
#include "cli/replay_arguments.h"
#include "cli/replay_question.h"
#include "simulator/flows/filter.h"

using namespace weir;
using namespace weir::cli;

namespace {

Parsed parse(const std::vector<std::string>& words) {
  std::vector<const char*> argv = {"weir", "replay"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  return parse_arguments(static_cast<int>(argv.size()), argv.data());
}

using Words = std::vector<std::string>;
using Flags = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("the flags of replay", "[cli]") {
  const Parsed parsed = parse({"policies", "--flows", "a.log", "b.log", "--without", "shop/a,shop/b", "--without", "c", "--with", "new.yaml", "--enforce", "shop",
                               "--audit", "x", "--label-pod", "shop/web", "app=b", "--label-pod", "shop/web", "tier-", "--plan", "--sampled", "10", "--shard", "2/3",
                               "--partial", "p", "--threads", "2", "--base", "old"});
  REQUIRE_FALSE(parsed.done);
  const ReplayOptions& replay = parsed.request.replay;
  CHECK(parsed.request.common.paths == Words{"policies"});
  CHECK(replay.flows == Words{"a.log", "b.log"});
  CHECK(replay.without == Words{"shop/a", "shop/b", "c"});
  CHECK(replay.with == Words{"new.yaml"});
  CHECK(replay.enforce == Words{"shop"});
  CHECK(replay.audit == Words{"x"});
  CHECK(replay.label_pods == Flags{{"shop/web", "app=b"}, {"shop/web", "tier-"}});
  CHECK(replay.plan);
  CHECK(replay.sampled == 10);
  CHECK(replay.shard == "2/3");
  CHECK(replay.partial == "p");
  CHECK(replay.threads == 2);
  // A flag that may be repeated takes one word: the path behind it stays a path.
  CHECK(parse({"--without", "shop/a", "policies", "--flows", "f"}).request.common.paths == Words{"policies"});
}

TEST_CASE("filters keep their order", "[cli]") {
  const Parsed parsed = parse({"p", "--flows", "f", "-n", "shop", "--not", "--from-pod", "shop/web", "--verdict", "DROPPED", "--not", "--port=53", "--verdict", "AUDIT", "-l", "a=b", "-4", "--reply"});
  REQUIRE_FALSE(parsed.done);
  CHECK(parsed.request.replay.filters == Flags{{"namespace", "shop"}, {"not", ""}, {"from-pod", "shop/web"}, {"verdict", "DROPPED"}, {"not", ""}, {"port", "53"},
                                               {"verdict", "AUDIT"}, {"label", "a=b"}, {"ipv4", ""}, {"reply", ""}});
  CHECK(selection_of(parsed.request.replay) == "--namespace=shop\n--not\n--from-pod=shop/web\n--verdict=DROPPED\n--not\n--port=53\n--verdict=AUDIT\n--label=a=b\n--ipv4\n--reply\n");
}

TEST_CASE("every filter that the help names is one that flows can be asked for", "[cli]") {
  for (const HubbleFlag& flag : hubble_flags()) {
    INFO(flag.name);
    // What the value must be differs; that the flag is known does not depend on it.
    const auto filter = simulator::FlowFilter::parse({{std::string(flag.name), flag.takes_value ? "1" : ""}});
    if (filter) continue;
    CHECK(filter.error().message.find("is no filter of hubble") == std::string::npos);
    CHECK(filter.error().message.find("is not supported") == std::string::npos);
  }
}

TEST_CASE("a part by its number", "[cli]") {
  CHECK(*parse_shard("1/1") == std::pair<std::size_t, std::size_t>(0, 1));
  CHECK(*parse_shard("3/7") == std::pair<std::size_t, std::size_t>(2, 7));
  for (const char* wrong : {"0/3", "4/3", "1", "/3", "1/", "a/b", "1/0", "-1/3", "1/3/5", "1/99999999999999999999"}) {
    INFO(wrong);
    const auto shard = parse_shard(wrong);
    REQUIRE_FALSE(shard);
    CHECK(shard.error().exit_code == 2);
  }
}

TEST_CASE("questions that cannot be asked", "[cli]") {
  struct Case { std::string why; Words words; std::string message; };
  const auto c = GENERATE(values<Case>({
      {"no recording", {"p"}, "`--flows FILE...` or `--merge FILE...` is missing"},
      {"both", {"p", "--flows", "f", "--merge", "m"}, "`--merge` adds up parts; it takes no `--flows`"},
      {"a filter for parts", {"p", "--merge", "m", "--port", "1"}, "`--merge` adds up parts; `--shard` and filters were for making them"},
      {"a plan against a base", {"p", "--flows", "f", "--plan", "--base", "b"}, "`--plan` compares with the recording; it takes no `--base`"},
      {"a report of a part", {"p", "--flows", "f", "--partial", "x", "--report", "json=y"}, "`--partial` makes no report; `--report` is for `--merge`"},
      {"a plan of a part", {"p", "--flows", "f", "--partial", "x", "--plan"}, "`--partial` makes no report; `--plan` is for `--merge`"},
      {"a format", {"p", "--flows", "f", "-o", "sarif"}, "replay prints text, json, csv, dot, markdown or html, not `sarif`"},
      {"a format of a plan", {"p", "--flows", "f", "--plan", "-o", "csv"}, "replay prints text, json or markdown, not `csv`"},
      {"a report without a file", {"p", "--flows", "f", "--report", "json="}, "`--report json=` wants FORMAT=FILE with text, json, csv, dot, markdown or html"},
      {"fine", {"p", "--flows", "f", "--report", "html=x.html", "--report", "csv=x.csv", "-o", "markdown"}, ""},
      {"a part needs no policies", {"--flows", "f", "--partial", "x"}, ""}}));
  INFO(c.why);
  const Parsed parsed = parse(c.words);
  REQUIRE_FALSE(parsed.done);
  CHECK(wrong_question(parsed.request) == c.message);
}

TEST_CASE("a part carries the policies it was made for", "[cli]") {
  const Parsed made = parse({"policies", "inventory.yaml", "--base", "old", "--without", "shop/a", "--with", "n.yaml", "--enforce", "a", "--audit", "b", "--label-pod", "shop/web",
                             "app=b", "--labels", "inventory", "--dialect", "k8s", "--set", "cluster_name=x", "--flows", "f", "--partial", "x"});
  REQUIRE_FALSE(made.done);
  const Parsed merging = parse({"--merge", "a", "b", "-o", "json", "--all", "--min-coverage", "50", "--plan", "--sampled", "4", "-q"});
  REQUIRE_FALSE(merging.done);
  const auto request = with_policies(merging.request, policy_arguments(made.request));
  REQUIRE(request);
  CHECK(request->common.paths == Words{"policies", "inventory.yaml"});
  CHECK(request->replay.base == Words{"old"});
  CHECK(request->replay.without == Words{"shop/a"});
  CHECK(request->replay.with == Words{"n.yaml"});
  CHECK(request->replay.enforce == Words{"a"});
  CHECK(request->replay.audit == Words{"b"});
  CHECK(request->replay.label_pods == Flags{{"shop/web", "app=b"}});
  CHECK(request->replay.labels == "inventory");
  CHECK(request->common.dialect == "k8s");
  CHECK(request->common.settings == Words{"cluster_name=x"});
  CHECK(request->common.output == "json");
  CHECK(request->common.quiet);
  CHECK(request->replay.merge == Words{"a", "b"});
  CHECK(request->replay.all);
  CHECK(request->replay.min_coverage == 50);
  CHECK(request->replay.plan);
  CHECK(request->replay.sampled == 4);
  CHECK(request->replay.partial.empty());
  // Policies of the command line come first, and parts made without any need them.
  CHECK(with_policies(made.request, {"other"})->common.paths == Words{"policies", "inventory.yaml"});
  const auto none = with_policies(merging.request, {});
  REQUIRE_FALSE(none);
  CHECK(none.error().exit_code == 2);
}
