#include "base/env.h"

#include <cstdlib>

#include "base/error.h"
#include "base/param_codec.h"

namespace mx::env {

const std::vector<Variable>& all() {
  static const auto* table = new std::vector<Variable>{
      {"MXNET_ENGINE_TYPE", "ThreadedEnginePerDevice",
       "NaiveEngine runs every operation at once in the calling thread; any other value overlaps."},
      {"MXNET_CPU_WORKER_NTHREADS", "1", "Threads that run queued operations on the CPU."},
      {"MXNET_BACKWARD_DO_MIRROR", "auto",
       "1 recomputes cheap results in the backward pass to save memory, 0 keeps them; auto decides "
       "by the size of the graph."},
      {"MXNET_EXEC_ENABLE_INPLACE", "1", "0 keeps operators from writing over their inputs."},
      {"MXNET_EXEC_MEMORY_SHARING", "1", "0 gives every intermediate result its own memory."},
      {"MXNET_SUBGRAPH_BACKEND", "MKLDNN",
       "NONE switches the inference compiler's fusions off when a symbol is bound."},
      {"MXNET_STORAGE_FALLBACK_LOG_VERBOSE", "0",
       "1 prints a line where an operator without a kernel for sparse arrays works on dense "
       "copies."},
      {"MXNET_GLUON_REPO", "", "Where downloads of models and data come from."},
      {"MXNET_HOME", "~/.mxnet", "Where downloaded files are kept."},
      {"MXNET_PROFILER_AUTOSTART", "0",
       "1 records from the import on and writes the trace at the end of the process."},
      {"MXNET_PROFILER_MODE", "0", "With MXNET_PROFILER_AUTOSTART: 1 records all, 0 graphs."},
      {"MXNET_CHECK_NAN", "0",
       "1 looks at every result: the first operator that makes NaN or Inf out of finite inputs is "
       "an "
       "error that names it and the user's line."},
      {"MXNET_GPU_MEM_POOL_TYPE", "Naive",
       "Unpooled keeps no freed memory of GPUs for reuse; Naive and Round keep it."},
      {"MXNET_GPU_MEM_POOL_RESERVE", "5",
       "Percent of a GPU's memory that is left to others: kept memory is given back where less "
       "would be free."},
      {"REMX_CPU_MEM_POOL_LIMIT_MB", "512", "Freed CPU memory that is kept for reuse, in MB."},
      {"REMX_CPU_LEVEL", "",
       "Highest level of instruction sets whose CPU kernels are used: x86-64-v2, x86-64-v3 or "
       "x86-64-v4; read when the library is loaded. Empty: the best that the processor has."},
      {"REMX_QUEUE_LIMIT_MB", "256",
       "Memory that queued operations may keep, in MB; whoever pushes more waits for them."},
      {"REMX_MAP_FILES", "0",
       "1 maps parameter files instead of reading them: processes share their pages, but the files "
       "must not be written in place while they are in use."},
      {"REMX_INFERENCE_CACHE", "8",
       "Shapes for which a model that is reshaped keeps its compiled graphs and packed weights."},
      {"REMX_INFERENCE_DTYPE", "float32",
       "bfloat16 lets inference graphs compute convolutions, dense layers and what is between them "
       "in "
       "bfloat16; outputs and the parameters that users see stay float32."},
      {"REMX_WINOGRAD", "1",
       "0 computes 3x3 convolutions of compiled graphs, and their gradients, directly: slower, and "
       "less rounding."},
      {"REMX_VERBOSE", "0", "1 prints each operator, its shapes, the chosen kernel and refusals."},
      {"REMX_CUDA_LIBRARY", "", "Path of libmxnet_cuda.so when it is not beside libmxnet.so."},
      {"REMX_MPI_LIBRARY", "", "Path of libmxnet_mpi.so when it is not beside libmxnet.so."},
      {"REMX_NCCL_LIBRARY", "", "Path of NVIDIA's libnccl.so.2 when the loader does not find it."},
      {"REMX_RANK_TIMEOUT", "10",
       "Seconds without a sign of life of a rank after which a job of several ranks has ended."},
      {"REMX_STALL_TIMEOUT", "600",
       "Seconds that a rank waits for one that lives but does not come; then the job fails."},
      {"REMX_MONITOR", "",
       "Set by remx launch: where ranks tell how far they are (a secret, a port, addresses)."},
      {"OMPI_COMM_WORLD_SIZE", "", "Set by Open MPI's mpirun: this process is one of its ranks."},
      {"PMI_SIZE", "", "The same of MPICH's mpirun and of srun."},
      {"PMIX_RANK", "", "The same of srun --mpi=pmix and of PRRTE."},
      {"REMX_NVIDIA_PATH", "",
       "Folders, separated by colons, that hold the folder nvidia of NVIDIA's Python packages; "
       "cuBLAS, cuDNN and NCCL are looked for there too."},
  };
  return *table;
}

std::string text(std::string_view name) {
  for (const Variable& variable : all())
    if (variable.name == name) {
      const char* value = std::getenv(std::string(name).c_str());
      return value ? value : std::string(variable.fallback);
    }
  fail(ErrorKind::kInternal, "environment variable ", name, " is not in the table of env.cc");
}

int64_t integer(std::string_view name, int64_t least, int64_t most) {
  const std::string value = text(name);
  int64_t number = 0;
  require(codec::parse_int(value, number), "environment: ", name, "=", value,
          " is not a number; expected an integer");
  require(least <= number && number <= most, "environment: ", name, "=", number,
          " is out of range; expected ", least, " to ", most);
  return number;
}

bool flag(std::string_view name) {
  const std::string value = text(name);
  bool on = false;
  require(codec::parse_bool(value, on), "environment: ", name, "=", value,
          " is not a switch; expected 0 or 1");
  return on;
}

}  // namespace mx::env
