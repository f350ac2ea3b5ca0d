#include "serve/plain_request.h"

#include <gtest/gtest.h>

#include <string>

#include "plain_endpoint.h"

namespace mx::serve {
namespace {

bool is_plain(const std::string& json, size_t size = 24) {
  return read_plain_request(json, size, *plain_endpoint()).has_value();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(PlainRequest, TellsRowsPlacesAndOutputs) {
  const auto request = read_plain_request(plain_json(2), 24, *plain_endpoint());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->rows, 2);
  EXPECT_EQ(request->size, 24u);
  EXPECT_EQ(request->key, key_of_rows({{3}}));
  EXPECT_EQ(request->inputs[0].size, 24u);
  ASSERT_EQ(request->outputs.size(), 2u);
  EXPECT_EQ(request->outputs[1].name, "pair");
  EXPECT_FALSE(request->id);
}

TEST(PlainRequest, ComesAloneWhereRowsAreNotJoined) {
  EXPECT_EQ(read_plain_request(plain_json(2), 24, *plain_endpoint(false))->key, "");
}

TEST(PlainRequest, TakesOutputsByTheirNamesInTheOrderOfTheRequest) {
  const std::string wishes =
      R"(,"id":"a","outputs":[{"name":"pair","parameters":{"binary_data":true}},)"
      R"({"name":"sum","parameters":{"binary_data":true}}])";
  const auto request = read_plain_request(plain_json(2, wishes), 24, *plain_endpoint());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->id, "a");
  ASSERT_EQ(request->outputs.size(), 2u);
  EXPECT_EQ(request->outputs[0].output, 1u);
  EXPECT_EQ(request->outputs[1].output, 0u);
  EXPECT_EQ(request->outputs[1].name, "sum");
}

TEST(PlainRequest, LeavesToOthersWhateverIsNotPlain) {
  const std::string json = plain_json(2);
  ASSERT_TRUE(is_plain(json));
  for (const auto& [from, to] : std::initializer_list<std::pair<std::string, std::string>>{
           {"\"data\"", "\"other\""},
           {"FP32", "FP64"},
           {"[2,3]", "[2,4]"},
           {"[2,3]", "[2]"},
           {"[2,3]", "[0,3]"},
           {"[2,3]", "[-2,3]"},
           {"[2,3]", "[2.0,3]"},
           {"[2,3]", "[18446744073709551615,3]"},
           {"[2,3]", "[4611686018427387904,3]"},
           {"[2,3]", "\"2,3\""},
           {"24", "23"},
           {"24", "\"24\""},
           {"binary_data_size\":24", "binary_data_size\":24,\"content_type\":\"np\""},
           {"binary_data_size\":24", "shared_memory_region\":\"a\""},
           {"\"inputs\"", "\"input\""},
           {"true", "false"},
           {"true", "1"},
           {"binary_data_output", "sequence_id"},
           {"{\"inputs\"", "{\"more\":1,\"inputs\""},
           {"{\"inputs\"", "{\"id\":1,\"inputs\""},
           {"{\"inputs\"", "{\"outputs\":{},\"inputs\""},
           {"{\"inputs\"", "{\"outputs\":[{\"name\":\"none\"}],\"inputs\""},
           {"{\"inputs\"",
            "{\"outputs\":[{\"name\":\"pair\",\"parameters\":"
            "{\"classification\":1}}],\"inputs\""},
           {"}}]", "}}]]"},
       }) {
    EXPECT_FALSE(is_plain(replaced(json, from, to))) << replaced(json, from, to);
  }
  EXPECT_FALSE(is_plain(json, 25));
  EXPECT_FALSE(is_plain(json.substr(0, json.size() - 1)));
  EXPECT_FALSE(is_plain(""));
  EXPECT_FALSE(is_plain(std::string(100000, '[')));
  EXPECT_FALSE(is_plain("\xff"));
}

TEST(PlainRequest, RefusesAnInputThatIsThereTwice) {
  auto endpoint = plain_endpoint();
  endpoint->inputs.push_back({"more", "FP32", 4, {3}});
  std::string json = plain_json(2);
  const size_t start = json.find("[{") + 1, end = json.find("}}]") + 2;
  const std::string input = json.substr(start, end - start);
  json.insert(start, input + ",");
  EXPECT_FALSE(read_plain_request(json, 48, *endpoint));
  EXPECT_TRUE(read_plain_request(replaced(json, "\"data\"", "\"more\""), 48, *endpoint));
}

}  // namespace
}  // namespace mx::serve
