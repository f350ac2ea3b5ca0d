#include "dispatch/meeting.h"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/fork_safe_mutex.h"
#include "engine/engine.h"

namespace mx {
namespace {

/// One copy: where it is, what it brings, and how its operation ends once it has begun.
struct Copy {
  Device device;
  NDArray in, out;
  std::optional<Completion> completion;
};

/// The copies of one step. Guarded by the mutex of the table.
struct Meeting {
  MeetingParam param;
  std::vector<Copy> copies;
  int ready = 0;
  std::exception_ptr error;  ///< the step was left

  bool is_full() const { return copies.size() == static_cast<size_t>(param.ndev); }
};
using MeetingPtr = std::shared_ptr<Meeting>;

/// Meetings whose copies have not all been pushed, by key. A child of fork() begins with none: what
/// was not finished is the parent's.
struct Table {
  pid_t process = getpid();
  std::map<std::string, MeetingPtr> open;
};

ForkSafeMutex& table_mutex() {
  static auto* mutex = new ForkSafeMutex;  // never destroyed, as threads may come at exit
  return *mutex;
}

Table& table() {
  static Table* current = new Table;
  if (current->process != getpid()) current = new Table;  // the parent's operations are not ours
  return *current;
}

/// Every copy's output = the sum of all inputs.
void add_up(Meeting& meeting) {
  std::sort(meeting.copies.begin(), meeting.copies.end(), [](const Copy& a, const Copy& b) {
    return std::pair(a.device.type, a.device.id) < std::pair(b.device.type, b.device.id);
  });
  const int64_t size = meeting.copies[0].in.size();
  std::vector<double> sums(static_cast<size_t>(size), 0.0);
  for (const Copy& copy : meeting.copies)
    for (int64_t i = 0; i < size; ++i)
      sums[static_cast<size_t>(i)] += static_cast<const double*>(copy.in.data())[i];
  for (const Copy& copy : meeting.copies) {
    copy.out.chunk()->make_unique(false);
    std::copy(sums.begin(), sums.end(), static_cast<double*>(copy.out.data()));
  }
}

/// Ends what has begun. Called without the mutex: an operation that ends may start others.
void complete(const std::vector<Completion>& completions, const std::exception_ptr& error) {
  for (const Completion& completion : completions) completion(error);
}

std::vector<Completion> take_completions(Meeting& meeting) {
  std::vector<Completion> taken;
  for (Copy& copy : meeting.copies) {
    if (copy.completion) taken.push_back(*copy.completion);
    copy.completion.reset();
  }
  return taken;
}

/// The operation of the copy on `device` has begun: its input is ready. The last one adds up;
/// nobody else looks at the meeting then.
void arrive(const MeetingPtr& meeting, Device device, const Completion& completion) {
  {
    std::lock_guard lock(table_mutex());
    if (!meeting->error) {
      for (Copy& copy : meeting->copies)
        if (copy.device == device) copy.completion = completion;
      if (++meeting->ready < meeting->param.ndev) return;
    }
  }
  if (meeting->error) return completion(meeting->error);
  std::exception_ptr error;
  try {
    add_up(*meeting);
  } catch (...) {
    error = std::current_exception();
  }
  complete(take_completions(*meeting), error);
}

/// Goes with the operation of a copy. Where that ends without having begun, as its input has
/// failed, the others cannot have their sum.
struct Attendance {
  MeetingPtr meeting;
  Device device;
  bool came = false;

  Attendance(MeetingPtr meeting, Device device) : meeting(std::move(meeting)), device(device) {}
  Attendance(const Attendance&) = delete;
  Attendance& operator=(const Attendance&) = delete;
  ~Attendance() {
    if (came) return;
    std::vector<Completion> ended;
    {
      std::lock_guard lock(table_mutex());
      if (!meeting->error)
        meeting->error = std::make_exception_ptr(
            Error(ErrorKind::kValue,
                  concat("SyncBatchNorm: key=", meeting->param.key, ": the copy on ", device,
                         " has no data, because of an earlier error; expected all copies")));
      ended = take_completions(*meeting);
    }
    complete(ended, meeting->error);
  }
};

/// What joining has changed, to be done when the mutex is free: it takes no other lock.
struct Joined {
  MeetingPtr meeting, left;
  std::vector<Completion> ended;  ///< of the meeting that was left
  int opened = 0, closed = 0;
};

/// Gives the meeting up of which `device` has begun another step.
void leave(Meeting& meeting, Device device, Joined& joined) {
  meeting.error = std::make_exception_ptr(
      Error(ErrorKind::kValue,
            concat("SyncBatchNorm: key=", meeting.param.key, ": the copy on ", device,
                   " came again when ", meeting.copies.size(), " of ", meeting.param.ndev,
                   " copies had come; expected one on each device before the next step")));
  joined.ended = take_completions(meeting);
  ++joined.closed;
}

/// Finds the meeting that the copy on a device belongs to.
Joined join(const MeetingParam& p, const NDArray& in, const NDArray& out) {
  const Device device = in.device();
  Joined joined;
  std::lock_guard lock(table_mutex());
  MeetingPtr& open = table().open[p.key];
  if (open && std::any_of(open->copies.begin(), open->copies.end(),
                          [&](const Copy& copy) { return copy.device == device; })) {
    leave(*open, device, joined);
    joined.left = std::move(open);
    open = nullptr;
  }
  if (!open) {
    open = std::make_shared<Meeting>();
    open->param = p;
    ++joined.opened;
  }
  require(open->param.ndev == p.ndev, "SyncBatchNorm: ndev=", p.ndev, " with key=", p.key,
          ", of which another copy says ", open->param.ndev, "; expected one number");
  require(open->copies.empty() || open->copies[0].in.shape() == in.shape(),
          "SyncBatchNorm: key=", p.key, ": data on ", device,
          " have other channels than on the other devices; expected as many");
  open->copies.push_back({device, in, out, std::nullopt});
  joined.meeting = open;
  if (open->is_full()) {
    table().open.erase(p.key);
    ++joined.closed;
  }
  return joined;
}

}  // namespace

void meet(const MeetingParam& p, const NDArray& in, const NDArray& out) {
  require(in.device().is_host(), "SyncBatchNorm: ndev=", p.ndev, " on ", in.device(),
          " is not there; expected 1, or copies on the CPU");
  require(!Engine::get().is_naive(), "SyncBatchNorm: ndev=", p.ndev,
          " with MXNET_ENGINE_TYPE=NaiveEngine, where a copy ends before the next one begins; "
          "expected another engine");
  const Joined joined = join(p, in, out);
  for (int i = 0; i < joined.opened; ++i) Engine::get().expect_push();
  for (int i = 0; i < joined.closed; ++i) Engine::get().end_expected_push();
  if (joined.left) complete(joined.ended, joined.left->error);
  const auto attendance = std::make_shared<Attendance>(joined.meeting, in.device());
  Var* const reads[] = {&in.var()};
  Var* const writes[] = {&out.var()};
  // Not in the lane for computing, which a process that forks waits for.
  Engine::get().push_async(
      [attendance](const Completion& done) {
        attendance->came = true;
        arrive(attendance->meeting, attendance->device, done);
      },
      reads, writes, {"SyncBatchNorm", Lane::kCommunication});
}

}  // namespace mx
