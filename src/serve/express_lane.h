#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "serve/answer.h"
#include "serve/endpoint.h"
#include "serve/tensor_job.h"

namespace mx::serve {

class LaneConnection;

/// A connection that leaves the lane: its next request is not plain. Whoever takes it owns
/// `socket`, and answers what stands in `bytes` and what comes behind it.
struct Departure {
  int socket = -1;
  std::string bytes;     ///< received and not answered, from the first byte of a request on
  int visits = 0;        ///< how often the connection has been in the lane, as `take` was told
  bool is_late = false;  ///< the rest of the request did not come in time
};

/// A request that was accepted and cannot be computed. Whoever takes it makes its answer.
struct Failure {
  uint64_t connection = 0;
  EndpointPtr endpoint;
  std::string identifier;
  Clock::time_point since;
  int status = 500;     ///< of HTTP
  std::string message;  ///< empty where its time is over
  int retry_after = 0;  ///< seconds; 0 to say nothing
};

/// Requests that a queue had no room for, and that have been answered.
struct Refusals {
  uint64_t endpoint = 0;  ///< its number
  size_t count = 0;
};

using LaneEvent = std::variant<Departure, Failure, Refusals>;

/// Answers the plain requests on connections without Python: requests of the Open Inference
/// Protocol in bytes, for networks. At any other request the connection leaves the lane, with what
/// has come.
///
/// Who owns what: a connection belongs to the lane from `take` until it is closed or leaves. A
/// request belongs to its connection, from the moment when it is put into a queue to the queue,
/// then to the runner that takes it. The first of an answer, an error and the end of its time is
/// what the client gets.
///
/// All sockets belong to a thread of the lane. Thread safety: all public functions, any thread.
class ExpressLane : public std::enable_shared_from_this<ExpressLane> {
 public:
  struct Settings {
    size_t max_header = 0, max_body = 0;
    Clock::duration read_timeout{};  ///< for a request to come whole
    Clock::duration idle_timeout{};  ///< between two requests
  };

  /// Throws: std::system_error.
  static std::shared_ptr<ExpressLane> start(Settings settings);
  ~ExpressLane();

  /// What is answered from now on.
  void set_endpoints(Endpoints endpoints);

  /// Readable while there are events.
  int event_descriptor() const { return event_descriptor_; }
  /// What has happened since the last call.
  std::vector<LaneEvent> take_events();

  /// Takes a connection on which nothing is under way, and its descriptor with it.
  void take(int socket, int visits);
  /// Answers a request that has failed; `is_last` closes the connection behind it.
  void answer(uint64_t connection, std::string bytes, bool is_last);

  /// Answers jobs, which all came from this lane.
  void complete(std::vector<std::pair<TensorJobPtr, AnswerBodies::Answer>> answers);
  void fail(std::vector<TensorJobPtr> jobs, const Failure& failure);

  /// Closes the connections behind their answers, and all that come.
  void end();
  /// Connections that are here, with those whose departure nobody has taken.
  size_t open() const { return open_; }
  /// Whether it ends, so that connections are closed behind their answers.
  bool is_ending() const { return is_ending_; }
  /// Closes all connections and ends the thread.
  void stop();

 private:
  friend class LaneConnection;
  using Tcp = boost::asio::ip::tcp;

  explicit ExpressLane(Settings settings);
  template <typename Function>
  void in_thread(Function function);
  LaneConnection* find(uint64_t connection);

  void tick();
  void tell_time();

  // For connections, in the lane's thread.
  EndpointPtr endpoint(const std::string& target) const;
  std::shared_ptr<const PlainRequest> plain_request(const std::string& target,
                                                    std::string_view json, size_t size,
                                                    const Endpoint& endpoint);
  void emit(LaneEvent event);
  void count_refusal(uint64_t endpoint);
  std::string new_identifier();
  void drop(uint64_t connection);

  const Settings settings_;
  boost::asio::io_context context_{1};
  boost::asio::steady_timer timer_;
  std::vector<char> scratch_;  ///< where bytes are received first
  std::unordered_map<uint64_t, std::shared_ptr<LaneConnection>> connections_;
  uint64_t last_connection_ = 0;
  Endpoints endpoints_;
  std::unordered_map<std::string, std::shared_ptr<const PlainRequest>> known_requests_;
  std::string date_, identifier_prefix_;
  uint32_t identifiers_ = 0;

  std::mutex events_mutex_;
  std::vector<LaneEvent> events_;
  int event_descriptor_ = -1;
  std::atomic<size_t> open_{0};
  std::atomic<bool> is_ending_{false};
  std::thread thread_;
};

}  // namespace mx::serve
