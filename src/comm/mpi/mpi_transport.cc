// libmxnet_mpi.so: messages by MPI. All calls come from the one thread that opened it.
#include <mpi.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "comm/transport.h"

namespace mx::comm {
namespace {

constexpr size_t kLargestPart = size_t{1} << 30;  // MPI counts with int

void check(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string(code, text, &length);
  fail(ErrorKind::kInternal, "comm: ", call, " failed (", text, ")");
}

/// A message in parts of at most kLargestPart.
class MpiRequest final : public Request {
 public:
  MpiRequest(size_t bytes, bool receives) : bytes_(bytes), receives_(receives) {}

  /// Calls begin(offset, count, request) for each part; one empty part for an empty message.
  template <typename Begin>
  void begin_parts(Begin&& begin) {
    size_t offset = 0;
    do {
      const size_t count = std::min(bytes_ - offset, kLargestPart);
      parts_.push_back(MPI_REQUEST_NULL);
      begin(offset, static_cast<int>(count), &parts_.back());
      offset += count;
    } while (offset < bytes_);
  }

  bool is_done() override {
    while (done_ < parts_.size()) {
      MPI_Status status;
      int flag = 0;
      const int code = MPI_Test(&parts_[done_], &flag, &status);
      if (code == MPI_ERR_TRUNCATE) wrong_size("more");
      check(code, "MPI_Test");
      if (!flag) return false;
      if (receives_) {
        int count = 0;
        MPI_Get_count(&status, MPI_BYTE, &count);
        const size_t wanted = std::min(bytes_ - done_ * kLargestPart, kLargestPart);
        if (static_cast<size_t>(count) < wanted) wrong_size("fewer");
      }
      ++done_;
    }
    return true;
  }

 private:
  [[noreturn]] void wrong_size(const char* how) const {
    fail(ErrorKind::kValue, "the message has ", how, " than the ", bytes_,
         " bytes that this rank expects; all ranks must use keys of one shape and dtype");
  }

  size_t bytes_, done_ = 0;
  bool receives_;
  std::vector<MPI_Request> parts_;
};

class MpiTransport final : public Transport {
 public:
  explicit MpiTransport(bool finalizes) : finalizes_(finalizes) {
    // A communicator of our own: the user's program may send messages, too.
    check(MPI_Comm_dup(MPI_COMM_WORLD, &comm_), "MPI_Comm_dup");
    MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN);
    MPI_Comm_rank(comm_, &rank_);
    MPI_Comm_size(comm_, &size_);
    learn_hosts();
  }
  int rank() const override { return rank_; }
  int size() const override { return size_; }
  const std::string& host(int rank) const override { return hosts_[static_cast<size_t>(rank)]; }

  std::unique_ptr<Request> send(int peer, int tag, const void* data, size_t bytes) override {
    auto request = std::make_unique<MpiRequest>(bytes, false);
    request->begin_parts([&](size_t offset, int count, MPI_Request* part) {
      check(MPI_Isend(static_cast<const char*>(data) + offset, count, MPI_BYTE, peer, tag, comm_,
                      part),
            "MPI_Isend");
    });
    return request;
  }

  std::unique_ptr<Request> receive(int peer, int tag, void* data, size_t bytes) override {
    auto request = std::make_unique<MpiRequest>(bytes, true);
    request->begin_parts([&](size_t offset, int count, MPI_Request* part) {
      check(MPI_Irecv(static_cast<char*>(data) + offset, count, MPI_BYTE, peer, tag, comm_, part),
            "MPI_Irecv");
    });
    return request;
  }

  bool has_message(int tag, int& peer, size_t& bytes) override {
    int flag = 0, count = 0;
    MPI_Status status;
    check(MPI_Iprobe(MPI_ANY_SOURCE, tag, comm_, &flag, &status), "MPI_Iprobe");
    if (!flag) return false;
    MPI_Get_count(&status, MPI_BYTE, &count);
    peer = status.MPI_SOURCE;
    bytes = static_cast<size_t>(count);
    return true;
  }

  void finish() override {
    MPI_Comm_free(&comm_);
    if (finalizes_) MPI_Finalize();
  }

  void end_job() override { MPI_Abort(MPI_COMM_WORLD, 1); }

 private:
  void learn_hosts() {
    char name[MPI_MAX_PROCESSOR_NAME] = "";
    int length = 0;
    MPI_Get_processor_name(name, &length);
    std::vector<char> all(sizeof name * static_cast<size_t>(size_));
    check(MPI_Allgather(name, sizeof name, MPI_CHAR, all.data(), sizeof name, MPI_CHAR, comm_),
          "MPI_Allgather");
    for (int i = 0; i < size_; ++i) hosts_.emplace_back(&all[static_cast<size_t>(i) * sizeof name]);
  }

  bool finalizes_;
  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0, size_ = 1;
  std::vector<std::string> hosts_;
};

Transport* open(int version) {
  require(version == kTransportVersion, "speaks version ", kTransportVersion,
          " and libmxnet.so version ", version, "; expected equal ones");
  int initialized = 0, level = 0;
  MPI_Initialized(&initialized);
  if (!initialized) {
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &level), "MPI_Init_thread");
    return new MpiTransport(true);
  }
  MPI_Query_thread(&level);
  require(level == MPI_THREAD_MULTIPLE,
          "the program has initialised MPI for one thread; expected MPI_THREAD_MULTIPLE");
  return new MpiTransport(false);
}

}  // namespace
}  // namespace mx::comm

extern "C" __attribute__((visibility("default"))) mx::comm::Transport* mx_open_transport(
    int version, char* why, size_t why_size) {
  try {
    return mx::comm::open(version);
  } catch (const std::exception& error) {
    std::snprintf(why, why_size, "%s", error.what());
    return nullptr;
  }
}
