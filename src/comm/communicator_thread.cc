// What the one thread does that calls the transport.
#include <algorithm>
#include <cstdio>
#include <thread>
#include <utility>

#include "comm/communicator.h"
#include "comm/tags.h"
#include "comm/transfer.h"
#include "profile/profile.h"

namespace mx::comm {
namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenWatches = 20ms;
/// A message that was sent before the news of its sender's end has come when that long is over.
constexpr auto kAfterTheEnd = 1000ms;
constexpr auto kBetweenWarnings = 10s;
constexpr auto kBetweenReports = 250ms;

}  // namespace

void Communicator::run() {
  profile::name_thread("communication");
  int idle_rounds = 0;
  for (;;) {
    bool busy = false;
    try {
      busy = take_new_work();
      busy |= advance_transfers();
      busy |= advance_posts();
      if (Clock::now() >= next_watch_) watch();
      if (is_over()) return;
    } catch (const std::exception& error) {
      declare_failed(error.what());
    }
    idle_rounds = busy ? 0 : idle_rounds + 1;
    rest(idle_rounds);
  }
}

bool Communicator::take_new_work() {
  std::vector<std::unique_ptr<Transfer>> transfers;
  std::vector<std::unique_ptr<Post>> posts;
  {
    std::lock_guard lock(mutex_);
    transfers.swap(ready_);
    posts.swap(posts_);
  }
  // The lane hands on what was ready in the order of priorities; what has gathered here is sorted
  // again, because a more urgent one may have come last.
  std::stable_sort(transfers.begin(), transfers.end(), [](const auto& a, const auto& b) {
    return a->options.priority > b->options.priority;
  });
  for (auto& transfer : transfers) {
    active_.push_back(std::move(transfer));
    start(*active_.back());
  }
  for (auto& post : posts) {
    post->request =
        transport_->send(post->peer, kServiceTag, post->bytes.data(), post->bytes.size());
    sending_.push_back(std::move(post));
  }
  return !transfers.empty() || !posts.empty();
}

void Communicator::start(Transfer& transfer) {
  transfer.started = transfer.warned = Clock::now();
  for (Part& part : transfer.receives) part.receive(*transport_, transfer.options.tag);
  for (Part& part : transfer.sends) part.send(*transport_, transfer.options.tag);
}

bool Communicator::advance_transfers() {
  if (failed_at_ != Clock::time_point()) return false;
  std::vector<std::unique_ptr<Transfer>> done;
  for (auto& transfer : active_) {
    try {
      if (transfer->advance()) done.push_back(std::move(transfer));
    } catch (const std::exception& error) {
      fail(ErrorKind::kValue, "kvstore: ", transfer->options.label, ": ", error.what());
    }
  }
  if (done.empty()) return false;
  std::erase(active_, nullptr);
  for (auto& transfer : done) {
    count_waits(*transfer);
    transfer->completion();
  }
  return true;
}

void Communicator::count_waits(const Transfer& transfer) {
  if (!transfer.options.tells_who_is_slow) return;
  for (const Part& part : transfer.receives) {
    Wait& wait = waits_[static_cast<size_t>(part.message.peer)];
    const auto begin = std::max(transfer.started, wait.until);
    if (part.ended <= begin) continue;
    wait.seconds += std::chrono::duration<double>(part.ended - begin).count();
    wait.until = part.ended;
  }
}

bool Communicator::advance_posts() {
  std::erase_if(sending_, [](const auto& post) { return post->request->is_done(); });
  bool busy = false;
  int peer = 0;
  size_t bytes = 0;
  while (transport_->has_message(kServiceTag, peer, bytes)) {
    auto post = std::make_unique<Post>(Post{peer, std::string(bytes, '\0'), {}});
    post->request = transport_->receive(peer, kServiceTag, post->bytes.data(), bytes);
    receiving_.push_back(std::move(post));
    busy = true;
  }
  // In the order in which they were sent: a later one that is done waits for earlier ones.
  while (!receiving_.empty() && receiving_.front()->request->is_done()) {
    deliver(receiving_.front()->peer, std::move(receiving_.front()->bytes));
    receiving_.erase(receiving_.begin());
    busy = true;
  }
  return busy;
}

void Communicator::deliver(int peer, std::string bytes) {
  std::lock_guard lock(mutex_);
  inbox_.emplace_back(peer, std::move(bytes));
  arrived_.notify_one();
}

void Communicator::watch() {
  next_watch_ = Clock::now() + kBetweenWatches;
  Beat own;
  {
    std::lock_guard lock(mutex_);
    own = beat_;
  }
  if (reporter_->is_wanted()) report(own);
  heartbeat_->run(own);
  if (failed_at_ != Clock::time_point()) return;
  if (own.state == Beat::State::kFailed) failed_at_ = Clock::now();
  std::string why = heartbeat_->failure();
  if (why.empty()) why = ended_too_early();
  if (!why.empty()) return declare_failed("kvstore: " + why);
  watch_waiting();
}

void Communicator::report(const Beat& own) {
  Beat::State state = own.state;
  if (failed_at_ != Clock::time_point()) state = Beat::State::kFailed;
  if (Clock::now() < next_report_ && state == reported_) return;
  next_report_ = Clock::now() + kBetweenReports;
  reported_ = state;
  Report report{rank_,           size_, state, own.step, 0, -1, 0, transport_->host(rank_),
                own.last.data(), {}};
  {
    std::lock_guard lock(mutex_);
    report.samples = samples_;
    report.failure = failure_;
  }
  for (size_t peer = 0; peer < waits_.size(); ++peer) {
    const double seconds = std::exchange(waits_[peer].seconds, 0);
    if (seconds <= report.waited) continue;
    report.waited_for = static_cast<int>(peer);
    report.waited = seconds;
  }
  reporter_->send(report);
}

std::string Communicator::ended_too_early() const {
  for (const auto& transfer : active_)
    for (const Part& part : transfer->receives) {
      const int peer = part.message.peer;
      if (part.request && heartbeat_->has_ended(peer) &&
          Clock::now() - heartbeat_->ended_at(peer) > kAfterTheEnd)
        return concat(heartbeat_->describe(peer), " has ended, but ", transfer->options.label,
                      " waits for it; expected equal numbers of steps on all ranks");
    }
  return {};
}

void Communicator::watch_waiting() {
  const auto now = Clock::now();
  for (const auto& transfer : active_) {
    if (now - transfer->warned < kBetweenWarnings) continue;
    for (const Part& part : transfer->receives) {
      if (!part.request) continue;
      const std::string state =
          concat(transfer->options.label, " has waited ",
                 std::chrono::duration_cast<std::chrono::seconds>(now - transfer->started).count(),
                 " s for ", heartbeat_->describe(part.message.peer));
      if (now - transfer->started > patience_) return declare_failed("kvstore: " + state);
      std::fprintf(stderr, "remx: rank %d: %s\n", rank_, state.c_str());
      break;
    }
    transfer->warned = now;
  }
}

void Communicator::declare_failed(const std::string& why) {
  if (failed_at_ != Clock::time_point()) return;
  failed_at_ = Clock::now();
  std::fprintf(stderr, "remx: rank %d: %s\n", rank_, why.c_str());
  std::vector<std::unique_ptr<Transfer>> ready;
  {
    std::lock_guard lock(mutex_);
    failure_ = why;
    ready.swap(ready_);
    arrived_.notify_all();
  }
  // What has started stays: the transport may still write its memory.
  const auto error = std::make_exception_ptr(Error(ErrorKind::kDevice, why));
  for (auto& transfer : active_)
    if (transfer) transfer->completion(error);
  for (auto& transfer : ready) transfer->completion(error);
}

bool Communicator::is_over() {
  if (failed_at_ != Clock::time_point()) {
    if (Clock::now() - failed_at_ < kTimeToLeave) return false;
    transport_->end_job();
  } else {
    if (!active_.empty() || !sending_.empty()) return false;
    {
      std::lock_guard lock(mutex_);
      if (beat_.state != Beat::State::kEnds || !ready_.empty() || !posts_.empty()) return false;
    }
    if (!heartbeat_->said_end() || !heartbeat_->all_have_ended()) return false;
    heartbeat_.reset();
    transport_->finish();
  }
  std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
  return true;
}

void Communicator::rest(int idle_rounds) {
  constexpr int kEagerRounds = 20, kRoundsOfOneLength = 32, kDoublings = 3;
  if (idle_rounds < kEagerRounds) return std::this_thread::yield();
  std::unique_lock lock(mutex_);
  const bool waits = !active_.empty() || !sending_.empty() || !receiving_.empty() || serves_;
  // Who has waited for long waits for another rank's backward: the processor is for this one's.
  const auto pause = 50us * (1 << std::min(idle_rounds / kRoundsOfOneLength, kDoublings));
  const auto time = waits ? pause : std::chrono::microseconds(kBetweenWatches);
  changed_.wait_for(lock, time, [this] { return !ready_.empty() || !posts_.empty(); });
}

}  // namespace mx::comm
