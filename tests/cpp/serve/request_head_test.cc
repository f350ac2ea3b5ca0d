#include "serve/request_head.h"

#include <gtest/gtest.h>

#include <string>

namespace mx::serve {
namespace {

std::string head(const std::string& more = "", const std::string& first = "POST /a HTTP/1.1",
                 const std::string& length = "10") {
  return first + "\r\nHost: a\r\nContent-Length: " + length +
         "\r\nInference-Header-Content-Length: 4\r\n" + more + "\r\n";
}

TEST(RequestHead, TellsWhatIsAskedFor) {
  const auto read = read_request_head(head("X-Request-Id: seven\r\n"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->target, "/a");
  EXPECT_EQ(read->length, 10u);
  EXPECT_EQ(read->json_length, 4u);
  EXPECT_EQ(read->identifier, "seven");
}

TEST(RequestHead, TakesNoIdentifierThatIsNoLine) {
  EXPECT_EQ(read_request_head(head("X-Request-Id: \xe4\r\n"))->identifier, "");
  EXPECT_EQ(read_request_head(head("X-Request-Id: " + std::string(200, 'a') + "\r\n"))->identifier,
            "");
}

TEST(RequestHead, LeavesToOthersWhateverIsNotPlain) {
  ASSERT_TRUE(read_request_head(head()));
  EXPECT_TRUE(read_request_head(head("Connection: keep-alive\r\n")));
  for (const char* more :
       {"Connection: close\r\n", "Transfer-Encoding: chunked\r\n", "Content-Encoding: gzip\r\n",
        "Expect: 100-continue\r\n", "Upgrade: h2c\r\n", "Content-Length: 10\r\n",
        "Content-Length: 11\r\n", "Inference-Header-Content-Length: 4\r\n", "no header\r\n",
        " folded\r\n", "a\x01: b\r\n"}) {
    EXPECT_FALSE(read_request_head(head(more))) << more;
  }
  for (const char* first : {"GET /a HTTP/1.1", "POST /a HTTP/1.0", "POST /a", "POST  /a HTTP/1.1",
                            "\r\nPOST /a HTTP/1.1x", "post /a HTTP/1.1", ""}) {
    EXPECT_FALSE(read_request_head(head("", first))) << first;
  }
  for (const char* length : {"3", "-1", "+10", "0x10", "99999999999999999999999", "1 0", ""})
    EXPECT_FALSE(read_request_head(head("", "POST /a HTTP/1.1", length))) << length;
  EXPECT_FALSE(read_request_head(head() + "more"));
  EXPECT_FALSE(read_request_head("\r\n\r\n"));
}

}  // namespace
}  // namespace mx::serve
