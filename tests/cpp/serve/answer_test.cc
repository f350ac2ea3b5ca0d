#include "serve/answer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "plain_endpoint.h"

namespace mx::serve {
namespace {

TensorJobPtr job(const std::shared_ptr<const PlainRequest>& request) {
  return std::make_shared<TensorJob>(plain_endpoint(), request, Body(1, 0), 0);
}

std::shared_ptr<const PlainRequest> request(int rows, std::optional<std::string> id = {}) {
  auto read =
      read_plain_request(plain_json(rows), static_cast<size_t>(rows) * 12, *plain_endpoint());
  read->id = std::move(id);
  return std::make_shared<const PlainRequest>(std::move(*read));
}

TEST(AnswerBodies, CutRowsOutOfTheOutputs) {
  const float sums[] = {1, 2, 3};
  const int8_t pairs[] = {1, 2, 3, 4, 5, 6};
  AnswerBodies bodies({{reinterpret_cast<const char*>(sums), {3}, "FP32", 4},
                       {reinterpret_cast<const char*>(pairs), {3, 2}, "INT8", 1}});
  const auto first = bodies.next(*job(request(1)), false);
  const auto second = bodies.next(*job(request(2, "a\"b")), false);
  EXPECT_EQ(first.body.substr(0, first.json_size),
            R"({"model_name":"m","model_version":"1","outputs":[)"
            R"({"name":"sum_output","datatype":"FP32","shape":[1],)"
            R"("parameters":{"binary_data_size":4}},)"
            R"({"name":"pair","datatype":"INT8","shape":[1,2],)"
            R"("parameters":{"binary_data_size":2}}]})");
  EXPECT_EQ(second.body.substr(0, second.json_size),
            R"({"model_name":"m","model_version":"1","outputs":[)"
            R"({"name":"sum_output","datatype":"FP32","shape":[2],)"
            R"("parameters":{"binary_data_size":8}},)"
            R"({"name":"pair","datatype":"INT8","shape":[2,2],)"
            R"("parameters":{"binary_data_size":4}}],"id":"a\"b"})");
  ASSERT_EQ(second.body.size(), second.json_size + 12);
  EXPECT_EQ(std::memcmp(second.body.data() + second.json_size, sums + 1, 8), 0);
  EXPECT_EQ(second.body.substr(second.json_size + 8), std::string("\3\4\5\6"));
  EXPECT_THROW(bodies.next(*job(request(1)), false), Error);
}

TEST(AnswerBodies, GiveOneThatIsAloneEverything) {
  const float sums[] = {1, 2};
  AnswerBodies bodies(
      {{reinterpret_cast<const char*>(sums), {2}, "FP32", 4}, {nullptr, {0, 2}, "INT8", 1}});
  const auto answer = bodies.next(*job(request(1)), true);
  EXPECT_EQ(answer.body.size(), answer.json_size + 8);
}

TEST(AnswerHead, IsThatOfTheEventLoop) {
  EXPECT_EQ(answer_head({"{}1234", 2}, "now", "id"),
            "HTTP/1.1 200 OK\r\ndate: now\r\nx-request-id: id\r\ncontent-length: 6\r\n"
            "content-type: application/octet-stream\r\ninference-header-content-length: 2\r\n\r\n");
}

}  // namespace
}  // namespace mx::serve
