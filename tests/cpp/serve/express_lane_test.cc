#include "serve/express_lane.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "plain_endpoint.h"

namespace mx::serve {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kPath = "/v2/models/m/infer";

std::string floats(std::vector<float> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

std::string plain(const std::string& json, const std::string& tensors,
                  const std::string& more = "") {
  return std::string("POST ") + kPath +
         " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(json.size() + tensors.size()) +
         "\r\nInference-Header-Content-Length: " + std::to_string(json.size()) + "\r\n" + more +
         "\r\n" + json + tensors;
}

/// A client of the lane.
class Client {
 public:
  explicit Client(ExpressLane& lane, int visits = 1) {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    socket_ = ends[0];
    lane.take(ends[1], visits);
    const timeval limit{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~Client() { close(socket_); }

  Client& send(const std::string& bytes) {
    EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    return *this;
  }
  /// Head and body of the next answer; nothing at the end of the stream.
  std::pair<std::string, std::string> answer() {
    size_t end;
    while ((end = left_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return {};
    }
    const std::string head = left_.substr(0, end + 4);
    const size_t at = head.find("content-length: ");
    const size_t size = at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
    while (left_.size() < head.size() + size) {
      if (!receive()) return {};
    }
    const std::string body = left_.substr(head.size(), size);
    left_.erase(0, head.size() + size);
    return {head, body};
  }
  bool is_closed() { return left_.empty() && !receive(); }

 private:
  bool receive() {
    char bytes[4096];
    const ssize_t size = recv(socket_, bytes, sizeof bytes, 0);
    if (size > 0) left_.append(bytes, static_cast<size_t>(size));
    return size > 0;
  }
  int socket_ = -1;
  std::string left_;
};

class Lane : public testing::Test {
 protected:
  void open(ExpressLane::Settings settings, bool joins = true, size_t queue_size = 100) {
    endpoint_ = plain_endpoint(joins, queue_size);
    lane_ = ExpressLane::start(std::move(settings));
    publish();
  }
  void publish() { lane_->set_endpoints({{kPath, std::make_shared<const Endpoint>(*endpoint_)}}); }
  static ExpressLane::Settings settings() {
    return {.max_header = 4096,
            .max_body = 1 << 20,
            .read_timeout = seconds(20),
            .idle_timeout = seconds(20)};
  }

  /// Computes batches until the queue is closed: sums of rows, and how many rows were joined.
  void compute() {
    runner_ = std::thread([this] {
      for (;;) {
        std::vector<JobPtr> batch = endpoint_->queue->take({.max_rows = 16});
        if (batch.empty()) return;
        std::vector<TensorJobPtr> jobs;
        std::vector<float> sums;
        for (const JobPtr& each : batch) {
          jobs.push_back(std::static_pointer_cast<TensorJob>(each));
          std::vector<float> row(jobs.back()->input(0).size() / sizeof(float));
          std::memcpy(row.data(), jobs.back()->input(0).data(), row.size() * sizeof(float));
          for (size_t i = 0; i < row.size(); i += 3)
            sums.push_back(row[i] + row[i + 1] + row[i + 2]);
        }
        const std::vector<int8_t> pairs(2 * sums.size(), 9);
        const auto rows = static_cast<int64_t>(sums.size());
        AnswerBodies bodies({{reinterpret_cast<const char*>(sums.data()), {rows}, "FP32", 4},
                             {reinterpret_cast<const char*>(pairs.data()), {rows, 2}, "INT8", 1}});
        std::vector<std::pair<TensorJobPtr, AnswerBodies::Answer>> answers;
        for (const TensorJobPtr& job : jobs)
          answers.emplace_back(job, bodies.next(*job, jobs.size() == 1));
        lane_->complete(std::move(answers));
      }
    });
  }

  /// The next event.
  LaneEvent event() {
    while (events_.empty()) {
      pollfd ready{lane_->event_descriptor(), POLLIN, 0};
      EXPECT_EQ(poll(&ready, 1, 20000), 1);
      for (LaneEvent& each : lane_->take_events()) events_.push_back(std::move(each));
    }
    LaneEvent first = std::move(events_.front());
    events_.erase(events_.begin());
    return first;
  }
  Departure departure() { return std::get<Departure>(event()); }

  void TearDown() override {
    if (endpoint_) endpoint_->queue->close();
    if (runner_.joinable()) runner_.join();
    if (lane_) lane_->stop();
  }

  std::shared_ptr<Endpoint> endpoint_;
  std::shared_ptr<ExpressLane> lane_;
  std::thread runner_;
  std::vector<LaneEvent> events_;
};

/// The sum of the first row that an answer tells.
float sum_in(const std::pair<std::string, std::string>& answer) {
  const size_t at = answer.first.find("inference-header-content-length: ");
  EXPECT_NE(at, std::string::npos) << answer.first << answer.second;
  if (at == std::string::npos) return -1;
  float sum = 0;
  std::memcpy(&sum, answer.second.data() + std::stoul(answer.first.substr(at + 33)), sizeof sum);
  return sum;
}

TEST_F(Lane, AnswersPlainRequestsOneAfterTheOther) {
  open(settings());
  compute();
  Client client(*lane_);
  for (float i = 0; i < 50; ++i) {
    client.send(plain(plain_json(1), floats({i, 1, 2})));
    EXPECT_EQ(sum_in(client.answer()), i + 3);
  }
  client.send(plain(plain_json(2), floats({1, 1, 1, 2, 2, 2}), "X-Request-Id: mine\r\n"));
  EXPECT_NE(client.answer().first.find("x-request-id: mine\r\n"), std::string::npos);
}

TEST_F(Lane, AnswersRequestsThatComeInPieces) {
  open(settings());
  compute();
  Client client(*lane_);
  const std::string request = plain(plain_json(1), floats({1, 2, 3}));
  for (const size_t cut : {size_t{1}, size_t{30}, request.find("\r\n\r\n") + 2,
                           request.find("{") + 5, request.size() - 3}) {
    client.send(request.substr(0, cut));
    std::this_thread::sleep_for(milliseconds(20));
    client.send(request.substr(cut));
    EXPECT_EQ(sum_in(client.answer()), 6);
  }
  for (const char each : request) client.send(std::string(1, each));
  EXPECT_EQ(sum_in(client.answer()), 6);
  const int rows = 20000;  // more than the receive buffers hold
  client.send(plain(plain_json(rows), floats(std::vector<float>(3 * rows, 2))));
  EXPECT_EQ(sum_in(client.answer()), 6);
}

TEST_F(Lane, ServesManyClientsAtOnce) {
  open(settings());
  compute();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      Client client(*lane_);
      for (int j = 0; j < 200; ++j) {
        const auto value = static_cast<float>(i * 1000 + j);
        client.send(plain(plain_json(1), floats({value, 0, 0})));
        ASSERT_EQ(sum_in(client.answer()), value);
      }
    });
  }
  for (std::thread& each : threads) each.join();
}

TEST_F(Lane, LetsAConnectionGoAtARequestThatIsNotPlain) {
  open(settings());
  compute();
  Client client(*lane_, 3);
  client.send(plain(plain_json(1), floats({1, 2, 3})));
  EXPECT_EQ(sum_in(client.answer()), 6);
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send(request);
  const Departure left = departure();
  EXPECT_EQ(left.bytes, request);
  EXPECT_EQ(left.visits, 3);
  EXPECT_FALSE(left.is_late);
  EXPECT_EQ(lane_->open(), 0u);
  const std::string answer = "HTTP/1.1 204 No Content\r\n\r\n";
  EXPECT_EQ(write(left.socket, answer.data(), answer.size()), static_cast<ssize_t>(answer.size()));
  EXPECT_EQ(client.answer().first.substr(0, 12), "HTTP/1.1 204");
  lane_->take(left.socket, 4);
  client.send(plain(plain_json(1), floats({1, 2, 4})));
  EXPECT_EQ(sum_in(client.answer()), 7);
}

TEST_F(Lane, HandsOverAllThatHasComeOfARequest) {
  open(settings());
  const std::string json = plain_json(1), tensors = floats({1, 2, 3});
  const std::string two = plain(json, tensors) + plain(json, tensors);
  const std::string strange = plain("{" + json, tensors);
  const std::string elsewhere =
      "POST /else HTTP/1.1\r\nContent-Length: 3\r\nInference-Header-Content-Length: 3\r\n\r\n123";
  const std::string large = plain(json, std::string(2 << 20, 'x')).substr(0, 1000);
  const std::string endless(5000, 'x');
  for (const std::string& bytes : {two, strange, elsewhere, large, endless}) {
    Client client(*lane_);
    client.send(bytes);
    const Departure left = departure();
    EXPECT_EQ(left.bytes, bytes);
    close(left.socket);
    EXPECT_TRUE(client.is_closed());
  }
}

TEST_F(Lane, RefusesWhatAQueueHasNoRoomFor) {
  open(settings(), true, 1);
  Client first(*lane_), second(*lane_);
  const std::string request = plain(plain_json(1), floats({1, 2, 3}), "X-Request-Id: mine\r\n");
  first.send(request);
  while (endpoint_->queue->waiting() == 0) std::this_thread::yield();
  for (int i = 0; i < 3; ++i) {
    const auto [head, body] = second.send(request).answer();
    EXPECT_EQ(head.substr(0, 12), "HTTP/1.1 503");
    EXPECT_NE(head.find("\r\nx-request-id: mine\r\n"), std::string::npos);
    EXPECT_EQ(body, "full");
  }
  size_t refused = 0;
  while (refused < 3) {
    const auto refusals = std::get<Refusals>(event());
    EXPECT_EQ(refusals.endpoint, 7u);
    refused += refusals.count;
  }
  compute();
  EXPECT_EQ(sum_in(first.answer()), 6);
  second.send(request);
  EXPECT_EQ(sum_in(second.answer()), 6);
}

TEST_F(Lane, LetsGoWhatAQueueDoesNotTake) {
  open(settings(), true, 1);
  const std::string request = plain(plain_json(1), floats({1, 2, 3}));
  Client first(*lane_), second(*lane_), third(*lane_);
  first.send(request);
  while (endpoint_->queue->waiting() == 0) std::this_thread::yield();
  const std::vector<JobPtr> taken = endpoint_->queue->take({.max_rows = 1});
  const JobPtr ended = std::make_shared<Job>(1, "");
  ended->is_over = true;
  EXPECT_EQ(endpoint_->queue->put(ended), JobQueue::Put::kTaken);
  for (Client* client : {&second, &third}) {  // there is room once Python has looked; it is closed
    client->send(request);
    const Departure left = departure();
    EXPECT_EQ(left.bytes, request);
    close(left.socket);
    endpoint_->queue->close();
  }
}

TEST_F(Lane, LetsRequestsGoThatComeTooSlowly) {
  auto impatient = settings();
  impatient.read_timeout = milliseconds(50);
  open(impatient);
  const std::string request = plain(plain_json(1), floats({1, 2, 3}));
  for (const size_t size : {size_t{5}, request.size() - 1}) {
    Client client(*lane_);
    client.send(request.substr(0, size));
    const Departure left = departure();
    EXPECT_EQ(left.bytes, request.substr(0, size));
    EXPECT_TRUE(left.is_late);
    close(left.socket);
  }
}

TEST_F(Lane, ClosesIdleConnections) {
  auto impatient = settings();
  impatient.idle_timeout = milliseconds(50);
  open(impatient);
  compute();
  Client client(*lane_);
  client.send(plain(plain_json(1), floats({1, 2, 3})));
  EXPECT_EQ(sum_in(client.answer()), 6);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Lane, TellsOfRequestsWhoseTimeIsOver) {
  open(settings());
  endpoint_->timeout = milliseconds(10);
  publish();
  Client client(*lane_);
  client.send(plain(plain_json(1), floats({1, 2, 3})));
  const auto failure = std::get<Failure>(event());
  EXPECT_EQ(failure.status, 504);
  EXPECT_EQ(failure.endpoint->number, 7u);
  EXPECT_NE(failure.identifier, "");
  compute();  // too late: nobody waits for it
  lane_->answer(failure.connection, "HTTP/1.1 504 Gateway Timeout\r\n\r\n", false);
  EXPECT_EQ(client.answer().first, "HTTP/1.1 504 Gateway Timeout\r\n\r\n");
  endpoint_->timeout = seconds(20);
  publish();
  client.send(plain(plain_json(1), floats({1, 2, 4})));
  EXPECT_EQ(sum_in(client.answer()), 7);
}

TEST_F(Lane, TellsOfRequestsThatFail) {
  open(settings());
  Client client(*lane_);
  client.send(plain(plain_json(1), floats({1, 2, 3})));
  const auto batch = endpoint_->queue->take({.max_rows = 1});
  const auto job = std::static_pointer_cast<TensorJob>(batch.at(0));
  Failure failure;
  failure.status = 400;
  failure.message = "why";
  lane_->fail({job}, failure);
  const auto told = std::get<Failure>(event());
  EXPECT_EQ(told.message, "why");
  lane_->complete({{job, {"late", 0}}});
  lane_->answer(told.connection, "HTTP/1.1 400 Bad Request\r\n\r\n", true);
  EXPECT_EQ(client.answer().first, "HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Lane, EndsBehindTheAnswers) {
  open(settings());
  Client busy(*lane_), idle(*lane_);
  busy.send(plain(plain_json(1), floats({1, 2, 3})));
  while (endpoint_->queue->waiting() == 0) std::this_thread::yield();
  lane_->end();
  EXPECT_TRUE(idle.is_closed());
  compute();
  EXPECT_EQ(sum_in(busy.answer()), 6);
  EXPECT_TRUE(busy.is_closed());
  while (lane_->open() > 0) std::this_thread::yield();
}

TEST_F(Lane, DropsAnswersToClientsThatHaveGone) {
  open(settings());
  {
    Client client(*lane_);
    client.send(plain(plain_json(1), floats({1, 2, 3})));
    while (endpoint_->queue->waiting() == 0) std::this_thread::yield();
  }
  compute();
  Client other(*lane_);
  other.send(plain(plain_json(1), floats({1, 2, 4})));
  EXPECT_EQ(sum_in(other.answer()), 7);
}

TEST_F(Lane, EndsWithRequestsThatWait) {
  open(settings());
  Client client(*lane_);
  client.send(plain(plain_json(1), floats({1, 2, 3})));
  while (endpoint_->queue->waiting() == 0) std::this_thread::yield();
  lane_->stop();
  EXPECT_TRUE(client.is_closed());
  const auto left = endpoint_->queue->take_all();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_NE(std::static_pointer_cast<TensorJob>(left[0])->lane.lock(), nullptr);
  lane_ = nullptr;
  EXPECT_EQ(std::static_pointer_cast<TensorJob>(left[0])->lane.lock(), nullptr);
}

}  // namespace
}  // namespace mx::serve
