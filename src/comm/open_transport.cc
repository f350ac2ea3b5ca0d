#include <dlfcn.h>
#include <unistd.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "base/env.h"
#include "comm/transport.h"
#include "device/plugin.h"

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

Transport* try_library(const std::string& path, std::string& tried) {
  const auto add = [&](const std::string& reason) {
    tried += (tried.empty() ? "" : "; ") + reason;
    return nullptr;
  };
  // Global: the parts of Open MPI that are opened later look for its symbols.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (!library) return add(dlerror());
  const auto open = reinterpret_cast<OpenTransportFn>(dlsym(library, "mx_open_transport"));
  if (!open) return add(path + ": has no entry point mx_open_transport");
  char why[512] = "";
  Transport* transport = open(kTransportVersion, why, sizeof why);
  return transport ? transport : add(path + ": " + why);
}

}  // namespace

bool is_rank_of_mpi() {
  // Open MPI and PRRTE; MPICH, Intel MPI and `srun --mpi=pmi2`; `srun --mpi=pmix`.
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"})
    if (!env::text(name).empty()) return true;
  return false;
}

std::unique_ptr<Transport> open_transport() {
  if (!is_rank_of_mpi()) return std::make_unique<AloneTransport>();
  std::vector<std::string> candidates;
  if (const std::string chosen = env::text("REMX_MPI_LIBRARY"); !chosen.empty())
    candidates.push_back(chosen);
  candidates.push_back(folder_of_this_library() + "libmxnet_mpi.so");
  candidates.push_back("libmxnet_mpi.so");
  std::string tried;
  for (const std::string& path : candidates)
    if (Transport* transport = try_library(path, tried))
      return std::unique_ptr<Transport>(transport);
  fail(ErrorKind::kDevice, "comm: MPI is not usable (", tried,
       "); expected libmxnet_mpi.so beside libmxnet.so and Open MPI's library, which `apt-get "
       "install openmpi-bin` brings");
}

}  // namespace mx::comm
