#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "comm/transport.h"

namespace mx::comm {

using Clock = std::chrono::steady_clock;

/// Between the news that the job has failed and its end: the time for errors to be shown ...
inline constexpr std::chrono::milliseconds kTimeToLeave{1500};
/// ... and how long the launcher may take to end all ranks then.
inline constexpr std::chrono::milliseconds kTimeToEnd{500};

/// What a rank says of itself every second.
struct Beat {
  enum class State : uint32_t { kRuns, kEnds, kFailed };
  State state = State::kRuns;
  int64_t step = 0;              ///< how often something was pushed
  std::array<char, 112> last{};  ///< what was pushed last
};

/// Tells all ranks that this one lives and how far it is, and notices who does not.
/// Thread safety: the thread of the transport.
class Heartbeat {
 public:
  Heartbeat(Transport& transport, std::chrono::milliseconds silence);

  /// Sends and receives what is due. `own` goes out once a second, or at once when its state
  /// changed.
  void run(const Beat& own);
  /// Says who has been silent for too long or ended by an error; empty when all is well.
  std::string failure() const;
  /// "rank=1 (host node7, step 12, last push 'fc1_weight')".
  std::string describe(int rank) const;
  bool has_ended(int rank) const;
  /// When the news that a rank has ended came.
  Clock::time_point ended_at(int rank) const { return peers_[static_cast<size_t>(rank)].ended_at; }
  bool all_have_ended() const;
  /// Whether everybody has been told that this rank has come to its end.
  bool said_end() const { return sent_.state != Beat::State::kRuns && sending_.empty(); }

 private:
  struct Peer {
    Beat last, incoming;
    std::unique_ptr<Request> request;
    Clock::time_point heard, ended_at;
  };
  void send(const Beat& own);
  void receive(int rank);

  Transport& transport_;
  std::chrono::milliseconds silence_;
  std::vector<Peer> peers_;  ///< by rank; that of this rank is not used
  Beat sent_;
  Clock::time_point next_;
  std::vector<std::unique_ptr<Request>> sending_;
};

}  // namespace mx::comm
