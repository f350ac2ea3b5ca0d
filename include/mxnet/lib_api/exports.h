#pragma once
// The C functions that a library exports. They translate between plain pointers, the same for every
// compiler, and the classes of this header. No exception leaves them.
#include "registry.h"

namespace mxnet {
namespace ext {
namespace exports {

using Keys = const char* const*;

inline Attributes attributes(Keys keys, Keys values, int count) {
  Attributes result;
  for (int i = 0; i < count; ++i) result[keys[i]] = values[i];
  return result;
}

/// Memory that the caller gives back with _opCallFree.
template <typename T>
T* allocate(size_t count) {
  return static_cast<T*>(std::malloc((count ? count : 1) * sizeof(T)));
}
inline char* copy_text(const std::string& text) {
  char* result = allocate<char>(text.size() + 1);
  std::memcpy(result, text.c_str(), text.size() + 1);
  return result;
}
inline int* copy_numbers(const std::vector<int>& numbers, int* count) {
  int* result = allocate<int>(numbers.size());
  std::copy(numbers.begin(), numbers.end(), result);
  *count = static_cast<int>(numbers.size());
  return result;
}

/// 1 where `body` returns MX_SUCCESS. What it throws becomes a message.
template <typename Body>
int guarded(const Body& body) {
  try {
    return body() == MX_SUCCESS;
  } catch (const std::exception& error) {
    MX_ERROR_MSG << error.what();
  } catch (...) {
    MX_ERROR_MSG << "something that is no std::exception was thrown";
  }
  return 0;
}

/// The arrays of one side of a compute function. Keeps what sparse tensors point to.
class TensorArguments {
 public:
  TensorArguments(const int64_t** shapes, int* ndim, void** data, int* dtypes, size_t* versions,
                  const char** devices, int* device_ids, int count, int* kinds, void** indices,
                  void** indptr, int64_t* num_indices, int64_t* num_indptr)
      : sparse_(static_cast<size_t>(count)) {
    for (int i = 0; i < count; ++i) {
      const std::vector<int64_t> shape(shapes[i], shapes[i] + ndim[i]);
      void* contents = data[i];
      if (kinds[i] != kDefaultStorage) {
        MXSparse& sparse = sparse_[static_cast<size_t>(i)];
        sparse.set(data[i], shapes[i], ndim[i], indices[i], num_indices[i],
                   kinds[i] == kCSRStorage ? indptr[i] : nullptr, num_indptr[i]);
        contents = &sparse;
      }
      tensors.emplace_back(contents, shape, static_cast<MXDType>(dtypes[i]), versions[i],
                           MXContext(devices[i], device_ids[i]),
                           static_cast<MXStorageType>(kinds[i]));
    }
  }

  Tensors tensors;

 private:
  std::vector<MXSparse> sparse_;
};

inline UnsignedShapes shapes_from(unsigned** lists, int* ndim, int count) {
  UnsignedShapes result;
  for (int i = 0; i < count; ++i) result.emplace_back(lists[i], lists[i] + ndim[i]);
  return result;
}
inline void give_shapes(const UnsignedShapes& shapes, unsigned*** lists, int** ndim) {
  *lists = allocate<unsigned*>(shapes.size());
  *ndim = allocate<int>(shapes.size());
  for (size_t i = 0; i < shapes.size(); ++i) {
    (*lists)[i] = allocate<unsigned>(shapes[i].size());
    std::copy(shapes[i].begin(), shapes[i].end(), (*lists)[i]);
    (*ndim)[i] = static_cast<int>(shapes[i].size());
  }
}

inline TensorMap tensor_map(Keys names, int count, void* const* data, const int64_t* const* shapes,
                            const int* ndim, const int* dtypes, const size_t* versions,
                            Keys devices, const int* device_ids) {
  TensorMap result;
  for (int i = 0; i < count; ++i)
    result[names[i]] =
        MXTensor(data[i], {shapes[i], shapes[i] + ndim[i]}, static_cast<MXDType>(dtypes[i]),
                 versions[i], MXContext(devices[i], device_ids[i]));
  return result;
}

using GraphPtr = std::unique_ptr<Graph>;

/// Asks a function that changes lists of numbers: types or storage kinds.
template <typename Function>
int infer_codes(Function infer, Keys keys, Keys values, int count, int* in, int num_in, int* out,
                int num_out) {
  return guarded([&] {
    std::vector<int> ins(in, in + num_in), outs(static_cast<size_t>(num_out), -1);
    const MXReturnValue result = infer(attributes(keys, values, count), &ins, &outs);
    std::copy(ins.begin(), ins.begin() + num_in, in);
    std::copy(outs.begin(), outs.begin() + num_out, out);
    return result;
  });
}

}  // namespace exports
}  // namespace ext
}  // namespace mxnet

/// Defined by the library: called once with the version of MXNet, 10901.
extern "C" mxnet::ext::MXReturnValue initialize(int version);

#define MX_LIBRARY_FUNCTION extern "C" __attribute__((visibility("default"), used)) inline

#include "graph_exports.h"
#include "operator_exports.h"
