#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "comm/heartbeat.h"
#include "comm/report.h"
#include "comm/transport.h"
#include "engine/engine.h"
#include "ndarray/ndarray.h"

namespace mx::comm {

/// Arrays that go to, or come from, one other rank in one message, one after the other.
struct Message {
  int peer;
  std::vector<NDArray> arrays;
};

struct TransferOptions {
  int tag = 0;                     ///< from kFirstFreeTag on; equal on both sides
  int priority = 0;                ///< among transfers that are ready, the highest starts first
  std::string label;               ///< what it is, for messages: "push 'fc1_weight'"
  bool tells_who_is_slow = false;  ///< its messages come when their senders have computed
};

/// The job's ranks and the one thread that sends and receives for this one. What users can rely on
/// stands in docs/scaling.md. Thread safety: any.
class Communicator {
 public:
  /// Opened at the first call. Throws: DeviceError where MPI is wanted and not usable.
  static Communicator& get();
  ~Communicator() = delete;  // lives as long as the process

  int rank() const { return rank_; }
  int size() const { return size_; }

  /// Queues an operation that sends and receives messages and ends when all of them are through. It
  /// starts when its arrays are ready; transfers of one tag run one after the other, in the order
  /// of these calls. All arrays are dense and on the host; those that are received are written,
  /// each byte by one message at most. Throws: ValueError for a wrong rank, tag or array; later, at
  /// a wait, what went wrong.
  void transfer(std::vector<Message> sends, std::vector<Message> receives, TransferOptions options);

  /// What this rank is doing, for the messages of others: it pushes ...
  void note_push(const std::string& label);
  /// ... and has ended a step that used so many samples. Steps are those that were noted, or the
  /// pushes of a program that notes none.
  void note_step(double samples);
  /// The next message that `post` sent to this rank, with its sender; nothing after `timeout`.
  /// Throws: ValueError after a rank has failed.
  std::optional<std::pair<int, std::string>> next_post(std::chrono::milliseconds timeout);
  /// Sends bytes to whoever calls next_post there; to this rank as well.
  void post(int peer, std::string bytes);

  /// Begins the end: says to all ranks that this one comes to its end, or has failed.
  void begin_end(bool failed);
  /// Waits until all ranks have said so and everything is sent; false after `timeout`.
  bool wait_for_end(std::chrono::milliseconds timeout);
  /// Why the job has failed; empty while it has not.
  std::string failure() const;

 private:
  struct Part;
  struct Transfer;
  struct Post;
  Communicator();
  Var& order_of(int tag);
  void submit(std::unique_ptr<Transfer> transfer);
  void open();
  void run();
  bool take_new_work();
  void start(Transfer& transfer);
  bool advance_transfers();
  bool advance_posts();
  void deliver(int peer, std::string bytes);
  void count_waits(const Transfer& transfer);
  void watch();
  void report(const Beat& own);
  void watch_waiting();
  std::string ended_too_early() const;
  void declare_failed(const std::string& why);
  bool is_over();
  void rest(int idle_rounds);

  std::unique_ptr<Transport> transport_;  ///< of the thread alone, as everything up to mutex_
  std::unique_ptr<Heartbeat> heartbeat_;
  std::unique_ptr<Reporter> reporter_;
  /// How long this rank has waited for each other one since the last report. Waits that overlap
  /// count once: until is where the last one ended.
  struct Wait {
    double seconds = 0;
    Clock::time_point until;
  };
  std::vector<Wait> waits_;
  Beat::State reported_ = Beat::State::kRuns;
  Clock::time_point next_report_;
  int rank_ = 0, size_ = 1;
  std::vector<std::unique_ptr<Transfer>> active_;
  std::vector<std::unique_ptr<Post>> sending_, receiving_;
  std::chrono::seconds patience_{};  ///< with ranks that live and do not come
  Clock::time_point failed_at_, next_watch_;

  mutable std::mutex mutex_;  ///< of everything below
  std::condition_variable changed_, arrived_;
  std::vector<std::unique_ptr<Transfer>> ready_;  ///< a heap, the most urgent first
  std::vector<std::unique_ptr<Post>> posts_;
  std::deque<std::pair<int, std::string>> inbox_;
  std::unordered_map<int, std::unique_ptr<Var>> order_;  ///< by tag
  Beat beat_;
  double samples_ = 0;
  bool notes_steps_ = false;
  bool serves_ = false;  ///< somebody asks for posts
  std::string failure_;
  bool opened_ = false, ended_ = false;
};

}  // namespace mx::comm
