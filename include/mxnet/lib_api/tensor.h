#pragma once
// Arrays and resources, as a library's functions get them.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#define MX_LIBRARY_VERSION 11
#define MX_NUM_CPU_RANDOM_STATES 1024
#define MX_NUM_GPU_RANDOM_STATES 32768

namespace mxnet {
namespace ext {

enum MXReturnValue { MX_FAIL = 0, MX_SUCCESS = 1 };

/// Numbers of dtypes; other numbers may come too.
enum MXDType {
  kFloat32 = 0,
  kFloat64 = 1,
  kFloat16 = 2,
  kUint8 = 3,
  kInt32 = 4,
  kInt8 = 5,
  kInt64 = 6,
  kUNSET = 100
};

enum MXStorageType { kDefaultStorage = 0, kRowSparseStorage = 1, kCSRStorage = 2 };

/// What went wrong, for the caller: MX_ERROR_MSG << "text".
class MXerrorMsgs {
 public:
  static MXerrorMsgs* get() {
    static MXerrorMsgs instance;
    return &instance;
  }
  std::stringstream& add(const char* file, int line) {
    messages_.emplace_back();
    messages_.back() << file << "[" << line << "]: ";
    return messages_.back();
  }
  int size() { return static_cast<int>(messages_.size()); }
  const std::string* get(int index) {
    texts_[index] = messages_.at(static_cast<size_t>(index)).str();
    return &texts_[index];
  }

 private:
  std::vector<std::stringstream> messages_;
  std::map<int, std::string> texts_;
};

#define MX_ERROR_MSG mxnet::ext::MXerrorMsgs::get()->add(__FILE__, __LINE__)

struct MXContext {
  MXContext() = default;
  MXContext(std::string type, int id) : dev_type(std::move(type)), dev_id(id) {}
  static MXContext CPU(int id = 0) { return {"cpu", id}; }
  static MXContext GPU(int id = 0) { return {"gpu", id}; }

  std::string dev_type = "null";
  int dev_id = -1;
};

/// What a sparse tensor stores.
struct MXSparse {
  void* data = nullptr;
  int64_t data_len = 0;
  int64_t* indices = nullptr;
  int64_t indices_len = 0;
  int64_t* indptr = nullptr;
  int64_t indptr_len = 0;

  /// Row-sparse without `pointers`, else CSR.
  void set(void* values, const int64_t* dims, int ndim, void* index, int64_t num_indices,
           void* pointers = nullptr, int64_t num_pointers = 0) {
    data = values;
    indices = static_cast<int64_t*>(index);
    indices_len = num_indices;
    data_len = num_indices;
    if (pointers) {
      indptr = static_cast<int64_t*>(pointers);
      indptr_len = num_pointers;
    } else {
      for (int axis = 1; axis < ndim; ++axis) data_len *= dims[axis];
    }
  }
};

struct MXTensor {
  MXTensor() = default;
  MXTensor(void* data, std::vector<int64_t> dims, MXDType type, size_t version, MXContext context,
           MXStorageType storage = kDefaultStorage)
      : data_ptr(data),
        shape(std::move(dims)),
        dtype(type),
        verID(version),
        ctx(std::move(context)),
        stype(storage) {}

  /// The elements; for a sparse tensor MXSparse.
  template <typename T>
  T* data() {
    return static_cast<T*>(data_ptr);
  }
  int64_t size() const {
    int64_t count = 1;
    for (int64_t dim : shape) count *= dim;
    return count;
  }
  bool isSame(const MXTensor& other) const {
    return data_ptr == other.data_ptr && dtype == other.dtype && verID == other.verID &&
           ctx.dev_type == other.ctx.dev_type && ctx.dev_id == other.ctx.dev_id &&
           shape == other.shape && stype == other.stype;
  }

  void* data_ptr = nullptr;
  std::vector<int64_t> shape;
  MXDType dtype = kUNSET;
  size_t verID = 0;
  MXContext ctx;
  MXStorageType stype = kDefaultStorage;
};

using TensorMap = std::unordered_map<std::string, MXTensor>;
using Attributes = std::unordered_map<std::string, std::string>;

typedef void* (*xpu_malloc_t)(void*, int);
typedef void (*sparse_malloc_t)(void*, int, int, int, void**, int64_t**, int64_t**);
typedef void (*nd_malloc_t)(const void*, const int64_t*, int, const char*, int, int, const char*,
                            int, void**);
typedef void* mx_stream_t;
typedef void* mx_gpu_rand_t;
typedef std::mt19937 mx_cpu_rand_t;

/// Memory and random numbers for one call of a compute function.
class OpResource {
 public:
  OpResource(xpu_malloc_t cpu, void* cpu_owner, xpu_malloc_t gpu, void* gpu_owner, void* stream,
             sparse_malloc_t sparse, void* sparse_owner, void* cpu_random, void* gpu_random)
      : cpu_(cpu),
        gpu_(gpu),
        cpu_owner_(cpu_owner),
        gpu_owner_(gpu_owner),
        stream_(stream),
        sparse_(sparse),
        sparse_owner_(sparse_owner),
        cpu_random_(cpu_random),
        gpu_random_(gpu_random) {}

  void* alloc_cpu(int size) const { return cpu_(cpu_owner_, size); }
  void* alloc_gpu(int size) const { return gpu_(gpu_owner_, size); }
  mx_stream_t get_cuda_stream() const { return stream_; }
  /// Makes room in output `index`, which is sparse.
  void alloc_sparse(MXSparse* tensor, int index, int indices_len, int indptr_len = 0) const {
    sparse_(sparse_owner_, index, indices_len, indptr_len, &tensor->data, &tensor->indices,
            &tensor->indptr);
    tensor->indices_len = indices_len;
    tensor->indptr_len = indptr_len;
  }
  /// MX_NUM_CPU_RANDOM_STATES generators, seeded by mx.random.seed.
  mx_cpu_rand_t* get_cpu_rand_states() const { return static_cast<mx_cpu_rand_t*>(cpu_random_); }
  mx_gpu_rand_t* get_gpu_rand_states() const { return static_cast<mx_gpu_rand_t*>(gpu_random_); }

 private:
  xpu_malloc_t cpu_, gpu_;
  void *cpu_owner_, *gpu_owner_, *stream_;
  sparse_malloc_t sparse_;
  void *sparse_owner_, *cpu_random_, *gpu_random_;
};

/// Makes arrays for the variables that a pass adds.
class PassResource {
 public:
  PassResource(TensorMap* args, TensorMap* aux, nd_malloc_t allocate, const void* owner)
      : args_(args), aux_(aux), allocate_(allocate), owner_(owner) {}

  MXTensor* alloc_arg(const std::string& name, const std::vector<int64_t>& shape,
                      const MXContext& ctx, MXDType dtype) const {
    return add(args_, name, shape, ctx, dtype, 1);
  }
  MXTensor* alloc_aux(const std::string& name, const std::vector<int64_t>& shape,
                      const MXContext& ctx, MXDType dtype) const {
    return add(aux_, name, shape, ctx, dtype, 0);
  }

 private:
  MXTensor* add(TensorMap* map, const std::string& name, const std::vector<int64_t>& shape,
                const MXContext& ctx, MXDType dtype, int is_arg) const {
    void* data = nullptr;
    allocate_(owner_, shape.data(), static_cast<int>(shape.size()), ctx.dev_type.c_str(),
              ctx.dev_id, dtype, name.c_str(), is_arg, &data);
    return &((*map)[name] = MXTensor(data, shape, dtype, 0, ctx));
  }

  TensorMap *args_, *aux_;
  nd_malloc_t allocate_;
  const void* owner_;
};

}  // namespace ext
}  // namespace mxnet
