#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "serve/express_lane.h"
#include "serve/request_head.h"

namespace mx::serve {

/// A connection of an express lane. Only the lane's thread touches it.
class LaneConnection : public std::enable_shared_from_this<LaneConnection> {
 public:
  LaneConnection(ExpressLane& lane, boost::asio::ip::tcp::socket socket, uint64_t id, int visits);

  void start();
  /// Answers the request that waits, unless it has been answered.
  void complete(const TensorJob& job, const AnswerBodies::Answer& answer);
  void fail(const TensorJob& job, Failure failure);
  void answer_failure(std::string bytes, bool is_last);
  void close();
  /// Closes it where no request is there; else behind its answer.
  void end();
  void look_at_time(Clock::time_point now);

 private:
  enum class State {
    kIdle,     ///< waits for the first byte of a request
    kHead,     ///< has a part of a head
    kBody,     ///< has a plain head, and not all of the body
    kBusy,     ///< its request is in a queue or computed
    kFailing,  ///< the answer to a request that has failed is being made
    kWriting,
    kClosed,
  };

  void wait_for_request(Clock::duration patience);
  void wait_for_bytes();
  void receive();
  size_t receive_into(char* to, size_t size);
  void take_head(std::string_view bytes);
  void take_body();
  void submit();
  void refuse_request();
  void leave(std::string bytes, bool is_late = false);
  std::string received() const;
  void end_here();
  std::string identifier_of(const TensorJob& job) const;
  void write(std::string bytes, bool is_last);
  void written(const boost::system::error_code& error);

  ExpressLane& lane_;
  boost::asio::ip::tcp::socket socket_;
  const uint64_t id_;
  const int visits_;
  State state_ = State::kIdle;
  std::optional<Clock::time_point> deadline_;

  std::string head_;  ///< as it came
  RequestHead request_head_;
  EndpointPtr endpoint_;
  std::shared_ptr<const PlainRequest> request_;
  Body body_;
  size_t received_ = 0;  ///< bytes of the body
  TensorJobPtr job_;
  std::string out_;
  bool is_last_ = false;
};

}  // namespace mx::serve
