#include "profile/profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace mx::profile {
namespace {

class ProfileTest : public testing::Test {
 protected:
  void SetUp() override {
    trace(true);
    statistics(true);
    set_active(kUser | kImperative | kSymbolic, true);
  }
  void TearDown() override { set_active(0, false); }

  static std::vector<nlohmann::json> intervals() {
    std::vector<nlohmann::json> found;
    const auto parsed = nlohmann::json::parse(trace(true));
    for (const auto& event : parsed["traceEvents"])
      if (event["ph"] == "X") found.push_back(event);
    return found;
  }
};

TEST_F(ProfileTest, IntervalsOfAThreadNestOuterFirst) {
  {
    const Span outer("outer");
    const Span inner("inner");
  }
  const auto found = intervals();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0]["name"], "outer");
  EXPECT_LE(found[0]["ts"].get<double>(), found[1]["ts"].get<double>());
  EXPECT_GE(found[0]["ts"].get<double>() + found[0]["dur"].get<double>(),
            found[1]["ts"].get<double>() + found[1]["dur"].get<double>());
}

TEST_F(ProfileTest, TextIsEscaped) {
  {
    Span span("a\"\\\n\x01");
    ASSERT_TRUE(static_cast<bool>(span));
    span.add("key\t", "value\"");
    span.add("number", 1e300);
  }
  const auto found = intervals();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["name"], "a\"\\\n\x01");
  EXPECT_EQ(found[0]["args"]["key\t"], "value\"");
  EXPECT_EQ(found[0]["args"]["number"], 1e300);
}

TEST_F(ProfileTest, NodesMakeOperatorsSymbolic) {
  set_active(kSymbolic, false);
  { const Span eager("eager"); }
  {
    const NodeScope node("fc1");
    const Span symbolic("symbolic");
  }
  const auto found = intervals();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["args"]["node"], "fc1");
}

TEST_F(ProfileTest, ThreadsHaveRowsOfTheirOwn) {
  std::thread([] {
    name_thread("other");
    const Span span("there");
  }).join();
  { const Span span("here"); }
  const auto found = intervals();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NE(found[0]["tid"], found[1]["tid"]);
}

TEST_F(ProfileTest, StatisticsCountAndBegin) {
  for (int i = 0; i < 3; ++i) const Span span("three");
  record_counter(kUser, "domain", "counter", 5);
  record_counter(kUser, "domain", "counter", 2);
  const auto all = statistics(true);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "counter");
  EXPECT_EQ(all[0].least, 2);
  EXPECT_EQ(all[0].most, 5);
  EXPECT_EQ(all[1].count, 3);
  EXPECT_TRUE(statistics(false).empty());
}

TEST_F(ProfileTest, NothingIsRecordedWhileItIsOff) {
  set_active(0, false);
  { const Span span("off"); }
  record_instant("domain", "off", 'p');
  EXPECT_TRUE(intervals().empty());
}

}  // namespace
}  // namespace mx::profile
