#pragma once
// C functions for operators; exports.h includes this.
#include "exports.h"

// Arrays of a compute function, as the caller hands them over.
#define MX_LIBRARY_TENSORS(side)                                                           \
  const int64_t **side##_shapes, int *side##_ndim, void **side##_data, int *side##_dtypes, \
      size_t *side##_versions, const char **side##_devices, int *side##_ids, int num_##side
#define MX_LIBRARY_RESOURCES                                                                      \
  mxnet::ext::xpu_malloc_t cpu, void *cpu_owner, mxnet::ext::xpu_malloc_t gpu, void *gpu_owner,   \
      void *stream, mxnet::ext::sparse_malloc_t sparse, void *sparse_owner, int *in_kinds,        \
      int *out_kinds, void **in_indices, void **out_indices, void **in_indptr, void **out_indptr, \
      int64_t *in_num_indices, int64_t *out_num_indices, int64_t *in_num_indptr,                  \
      int64_t *out_num_indptr, void *cpu_random, void *gpu_random
#define MX_LIBRARY_TENSOR_ARGUMENTS(side)                                                         \
  mxnet::ext::exports::TensorArguments side(side##_shapes, side##_ndim, side##_data,              \
                                            side##_dtypes, side##_versions, side##_devices,       \
                                            side##_ids, num_##side, side##_kinds, side##_indices, \
                                            side##_indptr, side##_num_indices, side##_num_indptr)

MX_LIBRARY_FUNCTION int _opVersion() { return MX_LIBRARY_VERSION; }
MX_LIBRARY_FUNCTION int _msgSize() { return mxnet::ext::MXerrorMsgs::get()->size(); }
MX_LIBRARY_FUNCTION void _msgGet(int index, const char** text) {
  *text = mxnet::ext::MXerrorMsgs::get()->get(index)->c_str();
}
MX_LIBRARY_FUNCTION void _opCallFree(void* memory) { std::free(memory); }

MX_LIBRARY_FUNCTION int _opRegSize() {
  return mxnet::ext::Registry<mxnet::ext::CustomOp>::get()->size();
}
MX_LIBRARY_FUNCTION void _opRegGet(
    int index, const char** name, int* is_subgraph_op, const char*** forward_devices,
    mxnet::ext::fcomp_t** forward, int* num_forward, const char*** backward_devices,
    mxnet::ext::fcomp_t** backward, int* num_backward, const char*** create_devices,
    mxnet::ext::createOpState_t** create, int* num_create, mxnet::ext::parseAttrs_t* parse,
    mxnet::ext::inferType_t* type, mxnet::ext::inferSType_t* storage,
    mxnet::ext::inferShape_t* shape, mxnet::ext::mutateInputs_t* mutate) {
  mxnet::ext::CustomOp& op = mxnet::ext::Registry<mxnet::ext::CustomOp>::get()->get(index);
  const auto give = [](auto& table, const char*** devices, auto** functions, int* count) {
    *devices = table.devices.data();
    *functions = table.functions.data();
    *count = static_cast<int>(table.devices.size());
  };
  *name = op.name;
  *is_subgraph_op = op.isSGop;
  give(op.forward, forward_devices, forward, num_forward);
  give(op.backward, backward_devices, backward, num_backward);
  give(op.create, create_devices, create, num_create);
  *parse = op.parse_attrs;
  *type = op.infer_type;
  *storage = op.infer_storage_type;
  *shape = op.infer_shape;
  *mutate = op.mutate_inputs;
}

MX_LIBRARY_FUNCTION int _opCallParseAttrs(mxnet::ext::parseAttrs_t parse, const char* const* keys,
                                          const char* const* values, int count, int* num_in,
                                          int* num_out) {
  using namespace mxnet::ext::exports;
  return guarded([&] { return parse(attributes(keys, values, count), num_in, num_out); });
}

MX_LIBRARY_FUNCTION int _opCallInferShape(mxnet::ext::inferShape_t infer, const char* const* keys,
                                          const char* const* values, int count, unsigned** in,
                                          int* in_ndim, int num_in, unsigned*** new_in,
                                          int** new_in_ndim, unsigned*** out, int** out_ndim,
                                          int num_out) {
  using namespace mxnet::ext::exports;
  return guarded([&] {
    mxnet::ext::UnsignedShapes ins = shapes_from(in, in_ndim, num_in);
    mxnet::ext::UnsignedShapes outs(static_cast<size_t>(num_out));
    const auto result = infer(attributes(keys, values, count), &ins, &outs);
    if (result == mxnet::ext::MX_SUCCESS) {
      give_shapes(ins, new_in, new_in_ndim);
      give_shapes(outs, out, out_ndim);
    }
    return result;
  });
}

MX_LIBRARY_FUNCTION int _opCallInferType(mxnet::ext::inferType_t infer, const char* const* keys,
                                         const char* const* values, int count, int* in, int num_in,
                                         int* out, int num_out) {
  return mxnet::ext::exports::infer_codes(infer, keys, values, count, in, num_in, out, num_out);
}
MX_LIBRARY_FUNCTION int _opCallInferSType(mxnet::ext::inferSType_t infer, const char* const* keys,
                                          const char* const* values, int count, int* in, int num_in,
                                          int* out, int num_out) {
  return mxnet::ext::exports::infer_codes(infer, keys, values, count, in, num_in, out, num_out);
}

MX_LIBRARY_FUNCTION int _opCallMutateInputs(mxnet::ext::mutateInputs_t mutate,
                                            const char* const* keys, const char* const* values,
                                            int count, int** indices, int* num_indices) {
  using namespace mxnet::ext::exports;
  return guarded([&] {
    std::vector<int> updated;
    const auto result = mutate(attributes(keys, values, count), &updated);
    *indices = copy_numbers(updated, num_indices);
    return result;
  });
}

MX_LIBRARY_FUNCTION int _opCallCreateOpState(mxnet::ext::createOpState_t create,
                                             const char* const* keys, const char* const* values,
                                             int count, const char* device, int device_id,
                                             unsigned** in, int* in_ndim, int num_in,
                                             const int* in_dtypes, void** state) {
  using namespace mxnet::ext::exports;
  return guarded([&] {
    mxnet::ext::CustomStatefulOp* made = nullptr;
    const auto result = create(
        attributes(keys, values, count), mxnet::ext::MXContext(device, device_id),
        shapes_from(in, in_ndim, num_in), std::vector<int>(in_dtypes, in_dtypes + num_in), &made);
    *state = made;
    return result;
  });
}
MX_LIBRARY_FUNCTION int _opCallDestroyOpState(void* state) {
  delete static_cast<mxnet::ext::CustomStatefulOp*>(state);
  return 1;
}

MX_LIBRARY_FUNCTION int _opCallFCompute(mxnet::ext::fcomp_t compute, const char* const* keys,
                                        const char* const* values, int count,
                                        MX_LIBRARY_TENSORS(in), MX_LIBRARY_TENSORS(out),
                                        MX_LIBRARY_RESOURCES) {
  using namespace mxnet::ext::exports;
  return guarded([&] {
    MX_LIBRARY_TENSOR_ARGUMENTS(in);
    MX_LIBRARY_TENSOR_ARGUMENTS(out);
    const mxnet::ext::OpResource resource(cpu, cpu_owner, gpu, gpu_owner, stream, sparse,
                                          sparse_owner, cpu_random, gpu_random);
    return compute(attributes(keys, values, count), &in.tensors, &out.tensors, resource);
  });
}

MX_LIBRARY_FUNCTION int _opCallFStatefulCompute(int is_forward, void* state, MX_LIBRARY_TENSORS(in),
                                                MX_LIBRARY_TENSORS(out), MX_LIBRARY_RESOURCES) {
  using namespace mxnet::ext::exports;
  return guarded([&] {
    MX_LIBRARY_TENSOR_ARGUMENTS(in);
    MX_LIBRARY_TENSOR_ARGUMENTS(out);
    const mxnet::ext::OpResource resource(cpu, cpu_owner, gpu, gpu_owner, stream, sparse,
                                          sparse_owner, cpu_random, gpu_random);
    auto* op = static_cast<mxnet::ext::CustomStatefulOp*>(state);
    return is_forward ? op->Forward(&in.tensors, &out.tensors, resource)
                      : op->Backward(&in.tensors, &out.tensors, resource);
  });
}
