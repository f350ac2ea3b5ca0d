#include "comm/report.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "base/error.h"

namespace mx::comm {
namespace {

Report some_report() {
  Report report;
  report.rank = 2;
  report.size = 4;
  report.step = 7;
  report.samples = 224.5;
  report.waited_for = 1;
  report.waited = 0.25;
  report.host = "node\t7";
  report.last = "push 'a\nb'";
  return report;
}

TEST(Report, IsOneLineOfFields) {
  EXPECT_EQ(report_text("secret", some_report()),
            "secret\t2\t4\truns\t7\t224.5\t1\t0.25\tnode 7\tpush 'a b'\t");
}

TEST(Reporter, SendsToEachAddress) {
  const int receiver = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(bind(receiver, reinterpret_cast<sockaddr*>(&address), length), 0);
  getsockname(receiver, reinterpret_cast<sockaddr*>(&address), &length);
  const std::string port = std::to_string(ntohs(address.sin_port));
  Reporter reporter("word " + port + " 127.0.0.1 127.0.0.1");
  EXPECT_TRUE(reporter.is_wanted());
  reporter.send(some_report());
  for (int i = 0; i < 2; ++i) {
    char text[512];
    const ssize_t size = recv(receiver, text, sizeof text, MSG_DONTWAIT);
    ASSERT_GT(size, 0);
    EXPECT_EQ(std::string(text, static_cast<size_t>(size)), report_text("word", some_report()));
  }
  close(receiver);
  reporter.send(some_report());  // nobody listens, which is no error
  reporter.send(some_report());
}

TEST(Reporter, SpeaksToNobodyWhereNobodyAsks) { EXPECT_FALSE(Reporter("").is_wanted()); }

TEST(Reporter, NamesTheVariableThatDoesNotFit) {
  for (const char* wrong : {"word", "word 80", "word 80 name.of.a.machine", "word port 127.0.0.1"})
    try {
      Reporter reporter(wrong);
      ADD_FAILURE() << wrong;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("environment: REMX_MONITOR="));
    }
}

}  // namespace
}  // namespace mx::comm
