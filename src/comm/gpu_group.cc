#include "comm/gpu_group.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "comm/open_plugin.h"
#include "profile/profile.h"

namespace mx::comm {
namespace {

GpuCollectivesLibrary& open_library() {
  std::string tried;
  const PluginName name{"", "libmxnet_nccl.so", "mx_open_gpu_collectives"};
  auto* library = open_plugin<OpenGpuCollectivesFn>(name, kGpuCollectivesVersion, tried);
  if (!library)
    fail(ErrorKind::kDevice, "comm: NCCL is not usable (", tried,
         "); expected libmxnet_nccl.so beside libmxnet.so and NVIDIA's libnccl.so.2, which the "
         "package nvidia-nccl-cu12 or nvidia-nccl-cu13 brings");
  return *library;
}

GpuCall call_of(const GpuTransfer& transfer) {
  const NDArray& known = transfer.in ? transfer.in : transfer.out;
  return {transfer.kind,
          transfer.member,
          transfer.root,
          transfer.in ? transfer.in.data() : transfer.out.data(),
          transfer.out ? transfer.out.data() : nullptr,
          known.size(),
          known.dtype()};
}

void enqueue(GpuCollectives& collectives, const std::vector<GpuTransfer>& transfers) {
  std::vector<GpuCall> calls;
  for (const GpuTransfer& transfer : transfers) {
    // What is received takes the place of all of the array, or of a part of its chunk.
    if (transfer.out) transfer.out.chunk()->make_unique(!transfer.out.is_whole_chunk());
    calls.push_back(call_of(transfer));
  }
  collectives.run(calls);
}

/// The thread that enqueues operations of all groups, one after the other.
class Enqueuer {
 public:
  /// Lives as long as the process.
  static Enqueuer& get() {
    static auto* enqueuer = new Enqueuer();
    return *enqueuer;
  }
  void post(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    changed_.notify_one();
  }
  Var order;  ///< written by all operations, so that they come here in the order of their calls

 private:
  Enqueuer() {
    std::thread([this] { run(); }).detach();
  }
  [[noreturn]] void run() {
    profile::name_thread("gpu transfers");
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !jobs_.empty(); });
      const std::function<void()> job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
    }
  }

  std::mutex mutex_;  ///< of everything below
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
};

}  // namespace

GpuCollectivesLibrary& gpu_collectives() {
  static GpuCollectivesLibrary& library = open_library();
  return library;
}

GpuGroup::GpuGroup(const std::string& id, std::vector<int> gpus, int first, int size)
    : gpus_(std::move(gpus)),
      size_(size),
      collectives_(gpu_collectives().join(id, gpus_, first, size)) {}

void GpuGroup::check(const GpuTransfer& transfer) const {
  require(0 <= transfer.member && static_cast<size_t>(transfer.member) < gpus_.size(),
          "comm.GpuGroup: member=", transfer.member, " is none of the ", gpus_.size(),
          " GPUs of this process; expected a smaller number");
  require(0 <= transfer.root && transfer.root < size_, "comm.GpuGroup: root=", transfer.root,
          " is no member; expected one of ", size_);
  const Device home{DeviceType::kGpu, gpus_[static_cast<size_t>(transfer.member)]};
  require(static_cast<bool>(transfer.in ? transfer.in : transfer.out),
          "comm.GpuGroup: a transfer has no array; expected one");
  for (const NDArray* array : {&transfer.in, &transfer.out})
    require(!*array || (array->is_dense() && array->device() == home),
            "comm.GpuGroup: an array is sparse or not on ", home,
            "; expected dense arrays on the GPU of their member");
  require(!transfer.in || !transfer.out ||
              (transfer.in.size() == transfer.out.size() &&
               transfer.in.dtype() == transfer.out.dtype()),
          "comm.GpuGroup: arrays of one transfer differ in size or dtype; expected equal ones");
}

void GpuGroup::run(std::vector<GpuTransfer> transfers) {
  std::vector<Var*> reads, writes{&Enqueuer::get().order};
  size_t bytes = 0;
  for (const GpuTransfer& transfer : transfers) {
    check(transfer);
    if (transfer.in) reads.push_back(&transfer.in.var());
    if (!transfer.out) continue;
    writes.push_back(&transfer.out.var());
    if (!transfer.out.is_whole_chunk()) reads.push_back(&transfer.out.var());
    bytes += transfer.out.bytes();
  }
  auto start = [collectives = collectives_,
                transfers = std::move(transfers)](const Completion& completion) {
    Enqueuer::get().post([=] {
      std::exception_ptr problem;
      try {
        enqueue(*collectives, transfers);
      } catch (...) {
        problem = std::current_exception();
      }
      completion(problem);
    });
  };
  Engine::get().push_async(std::move(start), reads, writes,
                           {"gpu transfer", Lane::kCommunication, 0, bytes});
}

}  // namespace mx::comm
