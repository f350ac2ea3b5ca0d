#include <unistd.h>

#include "base/env.h"
#include "comm/open_plugin.h"
#include "comm/transport.h"

namespace mx::comm {
namespace {

/// A job of one rank: there is nobody to send to.
class AloneTransport final : public Transport {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  const std::string& host(int) const override { return host_; }
  std::unique_ptr<Request> send(int peer, int, const void*, size_t) override { nobody(peer); }
  std::unique_ptr<Request> receive(int peer, int, void*, size_t) override { nobody(peer); }
  bool has_message(int, int&, size_t&) override { return false; }
  void finish() override {}
  void end_job() override {}

 private:
  [[noreturn]] static void nobody(int peer) {
    fail(ErrorKind::kInternal, "comm: there is no rank ", peer, "; the job has one rank");
  }
  static std::string host_name() {
    char name[256] = "";
    gethostname(name, sizeof name - 1);
    return name;
  }
  std::string host_ = host_name();
};

}  // namespace

bool is_rank_of_mpi() {
  // Open MPI and PRRTE; MPICH, Intel MPI and `srun --mpi=pmi2`; `srun --mpi=pmix`.
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"})
    if (!env::text(name).empty()) return true;
  return false;
}

std::unique_ptr<Transport> open_transport() {
  if (!is_rank_of_mpi()) return std::make_unique<AloneTransport>();
  std::string tried;
  const PluginName name{"REMX_MPI_LIBRARY", "libmxnet_mpi.so", "mx_open_transport"};
  if (Transport* transport = open_plugin<OpenTransportFn>(name, kTransportVersion, tried))
    return std::unique_ptr<Transport>(transport);
  fail(ErrorKind::kDevice, "comm: MPI is not usable (", tried,
       "); expected libmxnet_mpi.so beside libmxnet.so and Open MPI's library, which `apt-get "
       "install openmpi-bin` brings");
}

}  // namespace mx::comm
