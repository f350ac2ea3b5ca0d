#include "serve/express_lane.h"

#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <random>
#include <system_error>

#include "io/formats/scoped_file.h"
#include "serve/lane_connection.h"

namespace mx::serve {
namespace {

using boost::system::error_code;

constexpr size_t kScratch = 65536;
constexpr size_t kMostKnown = 256;
constexpr auto kTick = std::chrono::milliseconds(250);
constexpr auto kShortestTick = std::chrono::milliseconds(10);

std::string random_prefix() {
  char text[9];
  std::snprintf(text, sizeof text, "%08x", std::random_device{}());
  return text;
}

/// The lane's thread leaves signals to the program.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

std::shared_ptr<ExpressLane> ExpressLane::start(Settings settings) {
  std::shared_ptr<ExpressLane> lane(new ExpressLane(std::move(settings)));
  lane->in_thread([](ExpressLane& self) { self.tick(); });
  lane->thread_ = std::thread([context = &lane->context_] {
    block_signals();
    const auto stays = boost::asio::make_work_guard(*context);
    for (;;) {
      try {
        context->run();
        return;
      } catch (const std::exception&) {
        // Memory is short. The connection that wanted it is closed when its time is over.
      }
    }
  });
  return lane;
}

ExpressLane::ExpressLane(Settings settings)
    : settings_(std::move(settings)),
      timer_(context_),
      scratch_(kScratch),
      identifier_prefix_(random_prefix()) {
  event_descriptor_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (event_descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

ExpressLane::~ExpressLane() {
  stop();
  close(event_descriptor_);
}

/// Runs a function of the lane in its thread. Jobs may hold the last reference meanwhile.
template <typename Function>
void ExpressLane::in_thread(Function function) {
  boost::asio::post(context_, [weak = weak_from_this(), function = std::move(function)]() mutable {
    if (const std::shared_ptr<ExpressLane> self = weak.lock()) function(*self);
  });
}

void ExpressLane::stop() {
  is_ending_ = true;
  if (!thread_.joinable()) return;
  boost::asio::post(context_, [this] { context_.stop(); });
  thread_.join();
  context_.restart();
  context_.poll();  // takes connections that are on their way, and closes them
  for (const auto& [id, connection] : std::exchange(connections_, {})) connection->close();
  for (const LaneEvent& event : take_events()) {
    if (const Departure* departure = std::get_if<Departure>(&event)) close(departure->socket);
  }
}

void ExpressLane::end() {
  is_ending_ = true;
  in_thread([](ExpressLane& self) {
    std::vector<std::shared_ptr<LaneConnection>> all;
    for (const auto& [id, connection] : self.connections_) all.push_back(connection);
    for (const auto& each : all) each->end();
  });
}

// Connections.

void ExpressLane::take(int socket, int visits) {
  in_thread([owned = std::make_unique<ScopedFile>(socket), visits](ExpressLane& self) mutable {
    Tcp::socket taken(self.context_);
    error_code error;
    taken.assign(Tcp::v4(), owned->fd, error);  // nobody asks which family it is
    if (error) return;
    owned->fd = -1;
    if (!self.is_ending_) {
      const uint64_t id = ++self.last_connection_;
      const auto connection = std::make_shared<LaneConnection>(self, std::move(taken), id, visits);
      self.connections_.emplace(id, connection);
      connection->start();
    }
  });
}

LaneConnection* ExpressLane::find(uint64_t connection) {
  const auto found = connections_.find(connection);
  return found == connections_.end() ? nullptr : found->second.get();
}

void ExpressLane::drop(uint64_t connection) { connections_.erase(connection); }

void ExpressLane::tick() {
  tell_time();
  const Clock::time_point now = Clock::now();
  std::vector<std::shared_ptr<LaneConnection>> all;
  for (const auto& [id, connection] : connections_) all.push_back(connection);
  for (const auto& each : all) each->look_at_time(now);
  timer_.expires_after(
      std::clamp<Clock::duration>(settings_.read_timeout / 4, kShortestTick, kTick));
  timer_.async_wait([this](const error_code& error) {
    if (!error) tick();
  });
}

void ExpressLane::tell_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts;
  gmtime_r(&now, &parts);
  char text[64];
  const size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  date_.assign(text, size);
}

// What is plain.

void ExpressLane::set_endpoints(Endpoints endpoints) {
  in_thread([endpoints = std::move(endpoints)](ExpressLane& self) mutable {
    self.endpoints_ = std::move(endpoints);
    self.known_requests_.clear();
  });
}

EndpointPtr ExpressLane::endpoint(const std::string& target) const {
  const auto found = endpoints_.find(target);
  return found == endpoints_.end() ? nullptr : found->second;
}

/// Clients send the same JSON with every request; one that identifies its request is not kept.
std::shared_ptr<const PlainRequest> ExpressLane::plain_request(const std::string& target,
                                                               std::string_view json, size_t size,
                                                               const Endpoint& endpoint) {
  std::string key = target;
  key += '\0';
  key += json;
  if (const auto found = known_requests_.find(key); found != known_requests_.end())
    return found->second->size == size ? found->second : nullptr;
  std::optional<PlainRequest> read = read_plain_request(json, size, endpoint);
  if (!read) return nullptr;
  auto request = std::make_shared<const PlainRequest>(std::move(*read));
  if (request->id) return request;
  if (known_requests_.size() >= kMostKnown) known_requests_.clear();
  known_requests_.emplace(std::move(key), request);
  return request;
}

std::string ExpressLane::new_identifier() {
  char text[9];
  std::snprintf(text, sizeof text, "%08x", identifiers_++);
  return identifier_prefix_ + text;
}

// Between the lane and others.

void ExpressLane::emit(LaneEvent event) {
  const std::lock_guard lock(events_mutex_);
  events_.push_back(std::move(event));
  if (events_.size() == 1) eventfd_write(event_descriptor_, 1);
}

/// Counts what nobody has taken yet in one event.
void ExpressLane::count_refusal(uint64_t endpoint) {
  {
    const std::lock_guard lock(events_mutex_);
    for (LaneEvent& event : events_) {
      Refusals* refusals = std::get_if<Refusals>(&event);
      if (!refusals || refusals->endpoint != endpoint) continue;
      ++refusals->count;
      return;
    }
  }
  emit(Refusals{endpoint, 1});
}

std::vector<LaneEvent> ExpressLane::take_events() {
  const std::lock_guard lock(events_mutex_);
  eventfd_t count;
  eventfd_read(event_descriptor_, &count);
  for (const LaneEvent& event : events_) open_ -= std::holds_alternative<Departure>(event);
  return std::exchange(events_, {});
}

void ExpressLane::answer(uint64_t connection, std::string bytes, bool is_last) {
  in_thread([connection, is_last, bytes = std::move(bytes)](ExpressLane& self) mutable {
    if (LaneConnection* found = self.find(connection))
      found->answer_failure(std::move(bytes), is_last);
  });
}

void ExpressLane::complete(std::vector<std::pair<TensorJobPtr, AnswerBodies::Answer>> answers) {
  in_thread([answers = std::move(answers)](ExpressLane& self) {
    for (const auto& [job, answer] : answers) {
      if (LaneConnection* found = self.find(job->connection)) found->complete(*job, answer);
    }
  });
}

void ExpressLane::fail(std::vector<TensorJobPtr> jobs, const Failure& failure) {
  in_thread([jobs = std::move(jobs), failure](ExpressLane& self) {
    for (const TensorJobPtr& job : jobs) {
      if (LaneConnection* found = self.find(job->connection)) found->fail(*job, failure);
    }
  });
}

}  // namespace mx::serve
