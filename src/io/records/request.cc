#include "io/records/request.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "base/error.h"
#include "engine/waiting.h"

namespace mx::records {

struct Request::State {
  std::vector<uint8_t> bytes;
  std::mutex mutex;
  std::condition_variable_any done_changed;
  std::exception_ptr error;  // guarded by mutex, as is done
  bool done = false;

  void read(const Pieces& pieces) {
    std::exception_ptr failed;
    try {
      for (const auto& [source, of_one] : pieces) source->read(of_one);
    } catch (...) {
      failed = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    error = failed;
    done = true;
    done_changed.notify_all();
  }
};

Request::Request(std::vector<uint8_t> bytes, Pieces pieces, std::stop_token stop)
    : state_(std::make_shared<State>()), stop_(std::move(stop)) {
  state_->bytes = std::move(bytes);
  std::thread([state = state_, pieces = std::move(pieces)] { state->read(pieces); }).detach();
}

const std::vector<uint8_t>& Request::wait() const {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  const auto is_done = [&] { return state.done; };
  while (!state.done_changed.wait_for(lock, stop_, kPollInterval, is_done)) {
    require(!stop_.stop_requested(), "a remote file is not waited for: its reader ends");
    lock.unlock();
    poll_wait();
    lock.lock();
  }
  if (state.error) std::rethrow_exception(state.error);
  return state.bytes;
}

}  // namespace mx::records
