#include "comm/heartbeat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <utility>

namespace mx::comm {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

/// What rank 0 of three ranks sends, and what a test lets the others send.
class FakeTransport final : public Transport {
 public:
  std::map<int, std::deque<Beat>> incoming;
  int sent = 0;

  int rank() const override { return 0; }
  int size() const override { return 3; }
  const std::string& host(int rank) const override { return hosts_[rank]; }
  std::unique_ptr<Request> send(int, int, const void*, size_t) override {
    ++sent;
    return std::make_unique<Done>();
  }
  std::unique_ptr<Request> receive(int peer, int, void* data, size_t) override {
    return std::make_unique<Receive>(incoming[peer], data);
  }
  bool has_message(int, int&, size_t&) override { return false; }
  void finish() override {}
  void end_job() override {}

 private:
  struct Done final : Request {
    bool is_done() override { return true; }
  };
  struct Receive final : Request {
    Receive(std::deque<Beat>& beats, void* data) : beats(beats), data(data) {}
    bool is_done() override {
      if (beats.empty()) return false;
      std::memcpy(data, &beats.front(), sizeof(Beat));
      beats.pop_front();
      return true;
    }
    std::deque<Beat>& beats;
    void* data;
  };
  std::string hosts_[3] = {"a", "b", "c"};
};

Beat beat_of(Beat::State state, int64_t step, const char* last) {
  Beat beat;
  beat.state = state;
  beat.step = step;
  std::strncpy(beat.last.data(), last, beat.last.size() - 1);
  return beat;
}

TEST(Heartbeat, NamesWhoIsSilent) {
  FakeTransport transport;
  Heartbeat heartbeat(transport, 50ms);
  heartbeat.run({});
  EXPECT_EQ(transport.sent, 2);
  transport.incoming[2].push_back(beat_of(Beat::State::kRuns, 7, "push 'x'"));
  EXPECT_THAT(heartbeat.failure(), IsEmpty());
  std::this_thread::sleep_for(60ms);
  transport.incoming[1].push_back(beat_of(Beat::State::kRuns, 9, "push 'y'"));
  heartbeat.run({});
  EXPECT_THAT(heartbeat.failure(), IsEmpty());  // both were heard just now
  std::this_thread::sleep_for(60ms);
  transport.incoming[1].push_back(beat_of(Beat::State::kRuns, 10, "push 'y'"));
  heartbeat.run({});
  EXPECT_THAT(heartbeat.failure(), HasSubstr("rank=2 (host c, step 7, last push 'x') has been"));
}

TEST(Heartbeat, KnowsWhoHasEnded) {
  FakeTransport transport;
  Heartbeat heartbeat(transport, 20ms);
  transport.incoming[1].push_back(beat_of(Beat::State::kEnds, 3, "push 'x'"));
  transport.incoming[2].push_back(beat_of(Beat::State::kEnds, 3, "push 'x'"));
  heartbeat.run({});
  std::this_thread::sleep_for(30ms);
  EXPECT_THAT(heartbeat.failure(), IsEmpty());  // who has ended may be silent
  EXPECT_TRUE(heartbeat.all_have_ended());
  EXPECT_FALSE(heartbeat.said_end());
  heartbeat.run(beat_of(Beat::State::kEnds, 3, ""));
  heartbeat.run(beat_of(Beat::State::kEnds, 3, ""));
  EXPECT_TRUE(heartbeat.said_end());
  EXPECT_EQ(transport.sent, 4);
}

TEST(Heartbeat, NamesWhoHasFailed) {
  FakeTransport transport;
  Heartbeat heartbeat(transport, 1000ms);
  transport.incoming[1].push_back(beat_of(Beat::State::kFailed, 4, ""));
  heartbeat.run({});
  EXPECT_EQ(heartbeat.failure(), "rank=1 (host b, step 4, last nothing) ended with an error");
}

}  // namespace
}  // namespace mx::comm
