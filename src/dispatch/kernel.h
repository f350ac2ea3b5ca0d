#pragma once
// The only header of the core that a kernel needs.
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/dtype.h"
#include "base/parallel.h"
#include "base/param.h"
#include "base/shape.h"
#include "base/storage_kind.h"
#include "device/device.h"
#include "dispatch/layout.h"
#include "memory/storage.h"

namespace mx {

class Op;
class RandomState;
class SparseTensor;

/// Type of a tensor as kernels and the graph compiler see it.
struct TensorDesc {
  Shape shape;
  DType dtype = DType::kFloat32;
  Layout layout = Layout::kPlain;
  StorageKind storage = StorageKind::kDefault;
  bool operator==(const TensorDesc&) const = default;
};

/// A tensor that a kernel reads or writes; it owns nothing and is contiguous.
struct Tensor {
  void* data = nullptr;
  Shape shape;
  DType dtype = DType::kFloat32;
  Layout layout = Layout::kPlain;

  template <typename T>
  T* as() const {
    return static_cast<T*>(data);
  }
  int64_t size() const { return shape.size(); }
  int ndim() const { return shape.ndim(); }
};

/// What to do with a result.
enum class WriteMode : int8_t {
  kNull,  ///< nobody wants it; the kernel may skip it
  kWrite,
  kAdd,  ///< add to what is there; only kernels that said can_add() see it
};

/// Scratch memory of one kernel call.
class Workspace {
 public:
  explicit Workspace(Device device) : device_(device) {}
  /// `bytes` of uninitialised memory, aligned to 64, until the kernel returns.
  void* get(size_t bytes) {
    buffers_.push_back(allocate_buffer(bytes, device_));
    return buffers_.back()->data();
  }
  template <typename T>
  T* get_array(int64_t count) {
    return static_cast<T*>(get(static_cast<size_t>(count) * sizeof(T)));
  }

 private:
  Device device_;
  std::vector<BufferPtr> buffers_;
};

/// Everything beside the tensors that a kernel call may use.
struct KernelContext {
  Device device;
  Stream* stream = nullptr;  ///< nullptr on the CPU
  bool is_train = false;
  RandomState* random = nullptr;           ///< of the device; set for operators marked random()
  std::span<const WriteMode> write_modes;  ///< one for each output; kWrite or kNull unless can_add
  Workspace* scratch = nullptr;
  bool is_finite = false;  ///< all that the run reads is known to be finite

  bool wants(size_t output) const {
    return output >= write_modes.size() || write_modes[output] != WriteMode::kNull;
  }
  bool adds(size_t output) const {
    return output < write_modes.size() && write_modes[output] == WriteMode::kAdd;
  }
};

using Inputs = std::span<const Tensor>;
using Outputs = std::span<const Tensor>;

/// The one type of a kernel. Inputs that the operator mutates (auxiliary state) are written through
/// their `data`. Must not keep the tensors.
using KernelFn = void (*)(const Params& params, KernelContext& context, Inputs in, Outputs out);

/// The type of a kernel for sparse arrays (dispatch/sparse_tensor.h): it makes the parts of its
/// sparse outputs itself. At least one input or output is sparse; dense outputs are written as by a
/// KernelFn. Additions to outputs are made for it.
using SparseKernelFn = void (*)(const Params& params, KernelContext& context,
                                std::span<SparseTensor> in, std::span<SparseTensor> out);

/// For operators whose outputs' shapes follow from data (trait "shape_from_data"): the shapes,
/// from inputs that are ready. The kernel runs afterwards, with outputs of these shapes.
using MeasureFn = std::vector<Shape> (*)(const Params& params, KernelContext& context, Inputs in);

/// What a kernel is asked about before it is chosen.
struct KernelQuery {
  const Op& op;
  const Params& params;
  std::span<const TensorDesc> in, out;
  bool is_train = false;
};

/// A kernel made ready for fixed shapes (a library's primitive, packed tables). run() may be called
/// by many threads at once.
class PreparedKernel {
 public:
  virtual ~PreparedKernel() = default;
  virtual void run(const Params& params, KernelContext& context, Inputs in, Outputs out) = 0;
};
using PreparedPtr = std::shared_ptr<PreparedKernel>;

/// Layouts that a kernel wants, one for each input and output.
struct LayoutChoice {
  std::vector<Layout> in, out;
};

/// One way to compute one operator on one kind of device. Among the kernels of an operator the one
/// with the highest priority that does not refuse is used.
struct Kernel {
  std::string op, name;
  DeviceType device = DeviceType::kCpu;
  int priority = 0;
  /// nullptr to accept, else the reason for refusing in a few words. May be empty: accepts all.
  const char* (*refuse)(const KernelQuery& query) = nullptr;
  KernelFn run = nullptr;
  /// Instead of run: makes a kernel ready for the query's shapes; cached by dispatch and the
  /// runner.
  PreparedPtr (*prepare)(const KernelQuery& query) = nullptr;
  /// Which layouts it would like, given what the inputs have now; the graph compiler alone asks.
  /// A kernel without it sees plain tensors only.
  LayoutChoice (*choose_layouts)(const KernelQuery& query) = nullptr;
  bool adds = false;  ///< handles WriteMode::kAdd itself
  /// Instead of run: a kernel for sparse arrays alone. `refuse` says which storage kinds it takes.
  SparseKernelFn run_sparse = nullptr;
  MeasureFn measure = nullptr;
};

/// Registers a kernel:
///     static const KernelBuilder reg = KernelBuilder("softmax", "native").run(softmax);
class KernelBuilder {
 public:
  KernelBuilder(std::string op, std::string name, DeviceType device = DeviceType::kCpu);
  KernelBuilder& run(KernelFn fn);
  KernelBuilder& prepare(PreparedPtr (*fn)(const KernelQuery&));
  KernelBuilder& run_sparse(SparseKernelFn fn);
  KernelBuilder& measure(MeasureFn fn);
  KernelBuilder& refuse(const char* (*fn)(const KernelQuery&));
  KernelBuilder& choose_layouts(LayoutChoice (*fn)(const KernelQuery&));
  KernelBuilder& priority(int value);
  KernelBuilder& can_add();

 private:
  Kernel* kernel_;
};

/// Priorities by convention.
inline constexpr int kNativePriority = 0;    ///< plain loops, always there
inline constexpr int kLibraryPriority = 10;  ///< oneDNN, cuDNN
inline constexpr int kTunedPriority = 20;  ///< our own kernels where they are faster than a library

}  // namespace mx
