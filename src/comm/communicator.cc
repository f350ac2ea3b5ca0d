#include "comm/communicator.h"

#include <algorithm>
#include <cstring>
#include <thread>
#include <utility>

#include "base/env.h"
#include "comm/tags.h"
#include "comm/transfer.h"

namespace mx::comm {
namespace {

void check_messages(const std::vector<Message>& messages, int rank, int size) {
  for (const Message& message : messages) {
    require(0 <= message.peer && message.peer < size && message.peer != rank,
            "comm.transfer: peer=", message.peer, " is no other rank; expected one of the ", size,
            " ranks that is not ", rank);
    for (const NDArray& array : message.arrays)
      require(array && array.is_dense() && array.device().is_host(),
              "comm.transfer: an array for rank ", message.peer,
              " is sparse, empty or on a GPU; expected dense arrays on the host");
  }
}

}  // namespace

Communicator& Communicator::get() {
  static auto* communicator = new Communicator();
  return *communicator;
}

Communicator::Communicator() {
  patience_ = std::chrono::seconds(env::integer("REMX_STALL_TIMEOUT", 1, 1 << 30));
  std::exception_ptr problem;
  std::thread thread([this, &problem] {
    try {
      open();
    } catch (...) {
      problem = std::current_exception();
    }
    const bool runs = !problem;
    {
      std::lock_guard lock(mutex_);
      opened_ = true;
      changed_.notify_all();
    }
    if (runs) run();
  });
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return opened_; });
  }
  if (problem) {
    thread.join();
    std::rethrow_exception(problem);
  }
  thread.detach();
}

void Communicator::open() {
  const auto silence = std::chrono::seconds(env::integer("REMX_RANK_TIMEOUT", 5, 1 << 30));
  transport_ = open_transport();
  rank_ = transport_->rank();
  size_ = transport_->size();
  heartbeat_ = std::make_unique<Heartbeat>(*transport_, silence - kTimeToLeave - kTimeToEnd);
  reporter_ = std::make_unique<Reporter>(env::text("REMX_MONITOR"));
  waits_.resize(static_cast<size_t>(size_));
}

Var& Communicator::order_of(int tag) {
  std::lock_guard lock(mutex_);
  std::unique_ptr<Var>& var = order_[tag];
  if (!var) var = std::make_unique<Var>();
  return *var;
}

void Communicator::transfer(std::vector<Message> sends, std::vector<Message> receives,
                            TransferOptions options) {
  require(options.tag >= kFirstFreeTag, "comm.transfer: tag=", options.tag,
          " is taken; expected at least ", kFirstFreeTag);
  check_messages(sends, rank_, size_);
  check_messages(receives, rank_, size_);
  std::vector<Var*> reads, writes{&order_of(options.tag)};
  for (const Message& message : sends)
    for (const NDArray& array : message.arrays) reads.push_back(&array.var());
  size_t bytes = 0;
  for (const Message& message : receives)
    for (const NDArray& array : message.arrays) {
      writes.push_back(&array.var());
      if (!array.is_whole_chunk()) reads.push_back(&array.var());
      bytes += array.bytes();
    }
  PushOptions push{"transfer", Lane::kCommunication, options.priority, bytes};
  auto start = [this, sends = std::move(sends), receives = std::move(receives),
                options = std::move(options)](Completion completion) mutable {
    auto transfer = std::make_unique<Transfer>(
        Transfer{std::move(options), {}, {}, std::move(completion), {}, {}});
    for (Message& message : sends) transfer->sends.push_back({std::move(message), {}, {}, {}});
    for (Message& message : receives) {
      for (const NDArray& array : message.arrays)
        array.chunk()->make_unique(!array.is_whole_chunk());
      transfer->receives.push_back({std::move(message), {}, {}, {}});
    }
    submit(std::move(transfer));
  };
  Engine::get().push_async(std::move(start), reads, writes, push);
}

void Communicator::submit(std::unique_ptr<Transfer> transfer) {
  std::unique_lock lock(mutex_);
  if (!failure_.empty() || ended_) {
    const std::string why = ended_ ? "kvstore: the job has ended" : failure_;
    lock.unlock();
    return transfer->completion(std::make_exception_ptr(Error(ErrorKind::kDevice, why)));
  }
  ready_.push_back(std::move(transfer));
  changed_.notify_one();
}

void Communicator::note_step(double samples) {
  std::lock_guard lock(mutex_);
  if (!std::exchange(notes_steps_, true)) beat_.step = 0;
  ++beat_.step;
  samples_ += samples;
}

void Communicator::note_push(const std::string& label) {
  std::lock_guard lock(mutex_);
  if (!notes_steps_) ++beat_.step;
  beat_.last.fill(0);
  std::memcpy(beat_.last.data(), label.data(), std::min(label.size(), beat_.last.size() - 1));
}

void Communicator::post(int peer, std::string bytes) {
  require(0 <= peer && peer < size_, "comm.post: peer=", peer, " is no rank; expected one of ",
          size_);
  std::lock_guard lock(mutex_);
  if (!failure_.empty()) fail(ErrorKind::kDevice, failure_);
  if (peer == rank_) {
    inbox_.emplace_back(peer, std::move(bytes));
    return arrived_.notify_one();
  }
  posts_.push_back(std::make_unique<Post>(Post{peer, std::move(bytes), {}}));
  changed_.notify_one();
}

std::optional<std::pair<int, std::string>> Communicator::next_post(
    std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  serves_ = true;
  arrived_.wait_for(lock, timeout, [this] { return !inbox_.empty() || !failure_.empty(); });
  if (!failure_.empty()) fail(ErrorKind::kDevice, failure_);
  if (inbox_.empty()) return std::nullopt;
  auto post = std::move(inbox_.front());
  inbox_.pop_front();
  return post;
}

void Communicator::begin_end(bool failed) {
  std::lock_guard lock(mutex_);
  if (beat_.state != Beat::State::kFailed)
    beat_.state = failed ? Beat::State::kFailed : Beat::State::kEnds;
  changed_.notify_one();
}

bool Communicator::wait_for_end(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [this] { return ended_; });
}

std::string Communicator::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace mx::comm
