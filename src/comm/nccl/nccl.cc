// libmxnet_nccl.so: GpuCollectives by NVIDIA's NCCL.
#include <nccl.h>

#include <cstdio>
#include <cstring>
#include <utility>

#include "base/env.h"
#include "comm/gpu_collectives.h"
#include "device/device.h"
#include "device/vendor_library.h"
#include "device/vendor_stream.h"

namespace mx::comm {
namespace {

/// The functions of NCCL that are used, of the library that was found.
struct Functions {
  Functions() {
    const VendorLibrary library("nccl", {"libnccl.so.2"}, {"nvidia/nccl/lib"},
                                env::text("REMX_NCCL_LIBRARY"));
    library.load(get_unique_id, "ncclGetUniqueId");
    library.load(init_rank, "ncclCommInitRank");
    library.load(abort, "ncclCommAbort");
    library.load(group_start, "ncclGroupStart");
    library.load(group_end, "ncclGroupEnd");
    library.load(reduce, "ncclReduce");
    library.load(broadcast, "ncclBroadcast");
    library.load(error_text, "ncclGetErrorString");
  }
  decltype(&ncclGetUniqueId) get_unique_id;
  decltype(&ncclCommInitRank) init_rank;
  decltype(&ncclCommAbort) abort;
  decltype(&ncclGroupStart) group_start;
  decltype(&ncclGroupEnd) group_end;
  decltype(&ncclReduce) reduce;
  decltype(&ncclBroadcast) broadcast;
  decltype(&ncclGetErrorString) error_text;

  void check(ncclResult_t result, const char* call) const {
    if (result != ncclSuccess)
      fail(ErrorKind::kDevice, "nccl: ", call, " failed (", error_text(result), ")");
  }

  /// Makes the calls of `work` one operation.
  template <typename Work>
  void as_one(Work&& work) const {
    check(group_start(), "ncclGroupStart");
    try {
      work();
    } catch (...) {
      group_end();  // a group that stays open would swallow later calls
      throw;
    }
    check(group_end(), "ncclGroupEnd");
  }
};

ncclDataType_t type_of(DType dtype) {
  switch (dtype) {
    case DType::kFloat32:
      return ncclFloat32;
    case DType::kFloat64:
      return ncclFloat64;
    case DType::kFloat16:
      return ncclFloat16;
    case DType::kBfloat16:
      return ncclBfloat16;
    case DType::kUint8:
      return ncclUint8;
    case DType::kInt8:
      return ncclInt8;
    case DType::kInt32:
      return ncclInt32;
    case DType::kInt64:
      return ncclInt64;
    default:
      fail(ErrorKind::kValue, "nccl: dtype=", dtype_name(dtype),
           " cannot be added up; expected a floating or integer type");
  }
}

class NcclGroup final : public GpuCollectives {
 public:
  NcclGroup(const Functions& nccl, const std::string& id, std::vector<int> gpus, int first,
            int size)
      : nccl_(nccl), gpus_(std::move(gpus)), comms_(gpus_.size()) {
    ncclUniqueId unique;
    require(id.size() == sizeof unique, "nccl: id has ", id.size(), " bytes; expected ",
            sizeof unique);
    std::memcpy(&unique, id.data(), sizeof unique);
    nccl_.as_one([&] {
      for (size_t i = 0; i < gpus_.size(); ++i) {
        stream_of(i);
        nccl_.check(nccl_.init_rank(&comms_[i], size, unique, first + static_cast<int>(i)),
                    "ncclCommInitRank");
      }
    });
  }
  ~NcclGroup() override {
    for (ncclComm_t comm : comms_)
      if (comm) nccl_.abort(comm);
  }

  void run(const std::vector<GpuCall>& calls) override {
    nccl_.as_one([&] {
      for (const GpuCall& call : calls) enqueue(call);
    });
  }

 private:
  /// The stream of a GPU, which becomes the current one of this thread.
  cudaStream_t stream_of(size_t member) const {
    auto* stream =
        dynamic_cast<VendorStream*>(device_interface(DeviceType::kGpu).stream(gpus_[member]));
    internal_check(stream, "nccl: the stream of a GPU is none of a vendor");
    return static_cast<cudaStream_t>(stream->native());
  }

  void enqueue(const GpuCall& call) const {
    const auto member = static_cast<size_t>(call.member), count = static_cast<size_t>(call.count);
    const ncclDataType_t type = type_of(call.dtype);
    const cudaStream_t stream = stream_of(member);
    if (call.kind == GpuCall::Kind::kReduce)
      nccl_.check(
          nccl_.reduce(call.in, call.out, count, type, ncclSum, call.root, comms_[member], stream),
          "ncclReduce");
    else
      nccl_.check(
          nccl_.broadcast(call.in, call.out, count, type, call.root, comms_[member], stream),
          "ncclBroadcast");
  }

  const Functions& nccl_;
  std::vector<int> gpus_;
  std::vector<ncclComm_t> comms_;
};

class Nccl final : public GpuCollectivesLibrary {
 public:
  std::string new_id() override {
    ncclUniqueId id;
    functions_.check(functions_.get_unique_id(&id), "ncclGetUniqueId");
    return {reinterpret_cast<const char*>(&id), sizeof id};
  }
  std::unique_ptr<GpuCollectives> join(const std::string& id, const std::vector<int>& gpus,
                                       int first, int size) override {
    return std::make_unique<NcclGroup>(functions_, id, gpus, first, size);
  }

 private:
  Functions functions_;
};

}  // namespace
}  // namespace mx::comm

extern "C" __attribute__((visibility("default"))) mx::comm::GpuCollectivesLibrary*
mx_open_gpu_collectives(int version, char* why, size_t why_size) {
  try {
    mx::require(version == mx::comm::kGpuCollectivesVersion, "speaks version ",
                mx::comm::kGpuCollectivesVersion, " and libmxnet.so version ", version,
                "; expected equal ones");
    return new mx::comm::Nccl();
  } catch (const std::exception& error) {
    std::snprintf(why, why_size, "%s", error.what());
    return nullptr;
  }
}
