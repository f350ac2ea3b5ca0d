#pragma once
#include <cstddef>
#include <memory>
#include <string>

#include "base/error.h"

namespace mx::comm {

/// A message that is being sent or received.
class Request {
 public:
  virtual ~Request() = default;
  /// Whether the memory of the message is free again (sent), or filled (received).
  /// Throws: InternalError of the library below; ValueError when a message is of another size.
  virtual bool is_done() = 0;
};

/// Messages between the ranks of a job. Between two ranks, messages of one tag arrive in the order
/// in which they were sent. Thread safety: one thread makes it and calls everything.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;
  /// Name of the machine that a rank runs on.
  virtual const std::string& host(int rank) const = 0;
  /// The memory must stay until the request is done.
  virtual std::unique_ptr<Request> send(int peer, int tag, const void* data, size_t bytes) = 0;
  virtual std::unique_ptr<Request> receive(int peer, int tag, void* data, size_t bytes) = 0;
  /// Whether a message of that tag waits, from anybody; then tells its sender and size.
  virtual bool has_message(int tag, int& peer, size_t& bytes) = 0;
  /// The orderly end, which all ranks reach.
  virtual void finish() = 0;
  /// Ends all ranks at once, this one included, with exit code 1.
  virtual void end_job() = 0;
};

/// Version of Transport; libmxnet.so and libmxnet_mpi.so must agree.
inline constexpr int kTransportVersion = 1;

/// What libmxnet_mpi.so offers as `mx_open_transport`: the transport of this process, or nullptr
/// after a reason was written into `why`.
using OpenTransportFn = Transport* (*)(int version, char* why, size_t why_size);

/// The ranks that mpirun, srun or the like started, through libmxnet_mpi.so (REMX_MPI_LIBRARY,
/// beside libmxnet.so, the loader's path); a job of one rank where nothing says that this process
/// is one of several. Throws: DeviceError that lists what was tried.
std::unique_ptr<Transport> open_transport();

/// Whether a launcher of MPI started this process as one of its ranks.
bool is_rank_of_mpi();

}  // namespace mx::comm
