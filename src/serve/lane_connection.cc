#include "serve/lane_connection.h"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

namespace mx::serve {
namespace {

using boost::system::error_code;

constexpr size_t kLongestJson = 16384;  // of a plain request
constexpr std::string_view kEmptyLine = "\r\n\r\n";

}  // namespace

LaneConnection::LaneConnection(ExpressLane& lane, boost::asio::ip::tcp::socket socket, uint64_t id,
                               int visits)
    : lane_(lane), socket_(std::move(socket)), id_(id), visits_(visits) {
  ++lane_.open_;
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
}

void LaneConnection::start() { wait_for_request(lane_.settings_.idle_timeout); }

// Reading.

void LaneConnection::wait_for_request(Clock::duration patience) {
  state_ = State::kIdle;
  deadline_ = Clock::now() + patience;
  wait_for_bytes();
}

void LaneConnection::wait_for_bytes() {
  socket_.async_wait(boost::asio::ip::tcp::socket::wait_read,
                     [self = shared_from_this()](const error_code& error) {
                       if (!error) self->receive();
                     });
}

void LaneConnection::receive() {
  if (state_ == State::kIdle || state_ == State::kHead) {
    if (const size_t size = receive_into(lane_.scratch_.data(), lane_.scratch_.size()))
      take_head({lane_.scratch_.data(), size});
  }
  while (state_ == State::kBody) {
    const size_t size = receive_into(body_.data() + received_, body_.size() - received_);
    if (!size) return;
    received_ += size;
    take_body();
  }
}

/// How many bytes have come. Where there are none it waits for some, or closes at the end of the
/// stream.
size_t LaneConnection::receive_into(char* to, size_t size) {
  error_code error;
  const size_t received = socket_.read_some(boost::asio::buffer(to, size), error);
  if (!error) return received;
  if (error == boost::asio::error::would_block || error == boost::asio::error::interrupted) {
    wait_for_bytes();
  } else {
    close();
  }
  return 0;
}

void LaneConnection::take_head(std::string_view bytes) {
  if (state_ == State::kIdle) {
    head_.clear();
    deadline_ = Clock::now() + lane_.settings_.read_timeout;
    state_ = State::kHead;
  }
  size_t searched = 0;
  if (!head_.empty()) {
    searched = head_.size() - std::min(head_.size(), kEmptyLine.size() - 1);
    head_ += bytes;
    bytes = head_;
  }
  const size_t end = bytes.find(kEmptyLine, searched);
  if (end == std::string_view::npos) {
    if (bytes.size() > lane_.settings_.max_header) return leave(std::string(bytes));
    if (head_.empty()) head_ = bytes;
    return wait_for_bytes();
  }
  const size_t head_size = end + kEmptyLine.size();
  std::optional<RequestHead> head = read_request_head(bytes.substr(0, head_size));
  if (head) endpoint_ = lane_.endpoint(head->target);
  if (!head || !endpoint_ || head_size > lane_.settings_.max_header ||
      head->length > lane_.settings_.max_body || head->json_length > kLongestJson ||
      bytes.size() - head_size > head->length)
    return leave(std::string(bytes));
  const std::string_view rest = bytes.substr(head_size);
  request_head_ = std::move(*head);
  request_ = nullptr;
  body_ = Body(request_head_.length, request_head_.json_length);
  std::memcpy(body_.data(), rest.data(), rest.size());
  received_ = rest.size();
  if (bytes.data() == head_.data()) {
    head_.resize(head_size);
  } else {
    head_ = bytes.substr(0, head_size);
  }
  state_ = State::kBody;
  take_body();
}

/// Looks at what has come of a body.
void LaneConnection::take_body() {
  const size_t json_length = request_head_.json_length;
  if (!request_ && received_ >= json_length) {
    request_ = lane_.plain_request(request_head_.target, {body_.data(), json_length},
                                   body_.size() - json_length, *endpoint_);
    if (!request_) return leave(received());
  }
  if (received_ == body_.size()) submit();
}

void LaneConnection::submit() {
  job_ = std::make_shared<TensorJob>(std::move(endpoint_), std::move(request_), std::move(body_),
                                     request_head_.json_length);
  job_->lane = lane_.weak_from_this();
  job_->connection = id_;
  job_->identifier = std::move(request_head_.identifier);
  state_ = State::kBusy;
  deadline_ = job_->since + job_->endpoint->timeout;
  JobQueue& queue = *job_->endpoint->queue;
  const JobQueue::Put outcome = queue.put(job_);
  if (outcome == JobQueue::Put::kTaken) return;
  // Under too much load an answer has to be cheap. Jobs of Python are forgotten by Python.
  if (outcome == JobQueue::Put::kFull && !queue.has_ended()) return refuse_request();
  // The version was replaced, or there is room for the event loop.
  std::string bytes = head_;
  bytes.append(job_->body().data(), job_->body().size());
  job_ = nullptr;
  leave(std::move(bytes));
}

void LaneConnection::refuse_request() {
  const EndpointPtr endpoint = job_->endpoint;
  lane_.count_refusal(endpoint->number);
  write(
      first_lines("503 Service Unavailable", lane_.date_, identifier_of(*job_)) + endpoint->refusal,
      lane_.is_ending_);
}

std::string LaneConnection::identifier_of(const TensorJob& job) const {
  return job.identifier.empty() ? lane_.new_identifier() : job.identifier;
}

// Leaving.

std::string LaneConnection::received() const {
  std::string bytes = head_;
  if (state_ == State::kBody) bytes.append(body_.data(), received_);
  return bytes;
}

void LaneConnection::leave(std::string bytes, bool is_late) {
  error_code error;
  const int socket = socket_.release(error);
  if (error) return close();
  lane_.emit(Departure{socket, std::move(bytes), visits_, is_late});
  end_here();
}

// Answering.

void LaneConnection::complete(const TensorJob& job, const AnswerBodies::Answer& answer) {
  if (state_ != State::kBusy || job_.get() != &job) return;
  std::string bytes = answer_head(answer, lane_.date_,
                                  job.identifier.empty() ? lane_.new_identifier() : job.identifier);
  bytes += answer.body;
  write(std::move(bytes), lane_.is_ending_);
}

void LaneConnection::fail(const TensorJob& job, Failure failure) {
  if (state_ != State::kBusy || job_.get() != &job) return;
  failure.connection = id_;
  failure.endpoint = job.endpoint;
  failure.since = job.since;
  failure.identifier = identifier_of(job);
  job_ = nullptr;
  deadline_.reset();
  state_ = State::kFailing;
  lane_.emit(std::move(failure));
}

void LaneConnection::answer_failure(std::string bytes, bool is_last) {
  if (state_ == State::kFailing) write(std::move(bytes), is_last);
}

void LaneConnection::write(std::string bytes, bool is_last) {
  job_ = nullptr;
  deadline_.reset();
  out_ = std::move(bytes);
  is_last_ = is_last;
  state_ = State::kWriting;
  boost::asio::async_write(
      socket_, boost::asio::buffer(out_),
      [self = shared_from_this()](const error_code& error, size_t) { self->written(error); });
}

void LaneConnection::written(const error_code& error) {
  if (state_ != State::kWriting) return;
  if (error || is_last_ || lane_.is_ending_) return close();
  out_.clear();
  wait_for_request(lane_.settings_.idle_timeout);
}

// Ending.

void LaneConnection::close() {
  if (state_ == State::kClosed) return;
  error_code ignored;
  socket_.close(ignored);
  --lane_.open_;
  end_here();
}

void LaneConnection::end_here() {
  const auto self = shared_from_this();
  state_ = State::kClosed;
  deadline_.reset();
  job_ = nullptr;
  lane_.drop(id_);
}

void LaneConnection::end() {
  if (state_ == State::kIdle || state_ == State::kHead) close();
}

void LaneConnection::look_at_time(Clock::time_point now) {
  if (!deadline_ || now < *deadline_) return;
  if (state_ == State::kHead || state_ == State::kBody) {
    leave(received(), /*is_late=*/true);
  } else if (state_ == State::kBusy) {
    job_->is_over = true;
    Failure failure;
    failure.status = 504;
    fail(*job_, std::move(failure));
  } else {
    close();
  }
}

}  // namespace mx::serve
