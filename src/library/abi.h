#pragma once
#include <cstddef>
#include <cstdint>

/// The C functions of a shared object that was compiled with lib_api.h of MXNet 1.9.1, under our
/// names. Functions of the library's author are C++ and go through as addresses: the library itself
/// calls them. Arrays of lists have an entry for each list.
namespace mx::library {

inline constexpr int kMxnetVersion = 10901;
inline constexpr int kInterfaceVersion = 11;

/// Some function of the library's author.
using UserFunction = void (*)();
using Keys = const char* const*;

/// Attributes of a node, or options of a call.
struct Attributes {
  Keys keys, values;
  int count;
};

/// Memory from the caller: `bytes` of it.
using Allocate = void* (*)(void* owner, int bytes);
/// Parts of the sparse output `index`.
using AllocateSparse = void (*)(void* owner, int index, int num_indices, int num_indptr,
                                void** data, int64_t** indices, int64_t** indptr);
/// An array for a new parameter of a graph.
using AllocateArray = void (*)(const void* owner, const int64_t* shape, int ndim,
                               const char* device, int device_id, int dtype, const char* name,
                               int is_argument, void** data);

using Initialize = int (*)(int version);
using Count = int (*)();
using GetMessage = void (*)(int index, const char** text);
using Free = void (*)(void* memory);

using GetOperator = void (*)(int index, const char** name, int* is_subgraph_op,
                             const char*** forward_devices, UserFunction** forward,
                             int* num_forward, const char*** backward_devices,
                             UserFunction** backward, int* num_backward,
                             const char*** create_devices, UserFunction** create, int* num_create,
                             UserFunction* parse, UserFunction* infer_type,
                             UserFunction* infer_storage, UserFunction* infer_shape,
                             UserFunction* mutate_inputs);
using CallParse = int (*)(UserFunction parse, Keys keys, Keys values, int count, int* num_in,
                          int* num_out);
using CallInferShape = int (*)(UserFunction infer, Keys keys, Keys values, int count, unsigned** in,
                               int* in_ndim, int num_in, unsigned*** new_in, int** new_in_ndim,
                               unsigned*** out, int** out_ndim, int num_out);
/// For dtypes and for storage kinds.
using CallInferCodes = int (*)(UserFunction infer, Keys keys, Keys values, int count, int* in,
                               int num_in, int* out, int num_out);
using CallMutateInputs = int (*)(UserFunction mutate, Keys keys, Keys values, int count,
                                 int** indices, int* num_indices);
using CallCreate = int (*)(UserFunction create, Keys keys, Keys values, int count,
                           const char* device, int device_id, unsigned** in_shapes, int* in_ndim,
                           int num_in, const int* in_dtypes, void** state);
using CallDestroy = int (*)(void* state);

using CallCompute = int (*)(UserFunction compute, Keys keys, Keys values, int count,
                            const int64_t** in_shapes, int* in_ndim, void** in_data, int* in_dtypes,
                            size_t* in_versions, const char** in_devices, int* in_device_ids,
                            int num_in, const int64_t** out_shapes, int* out_ndim, void** out_data,
                            int* out_dtypes, size_t* out_versions, const char** out_devices,
                            int* out_device_ids, int num_out, Allocate host_memory,
                            void* host_owner, Allocate gpu_memory, void* gpu_owner, void* stream,
                            AllocateSparse sparse_memory, void* sparse_owner, int* in_kinds,
                            int* out_kinds, void** in_indices, void** out_indices, void** in_indptr,
                            void** out_indptr, int64_t* in_num_indices, int64_t* out_num_indices,
                            int64_t* in_num_indptr, int64_t* out_num_indptr, void* host_random,
                            void* gpu_random);
using CallStatefulCompute =
    int (*)(int is_forward, void* state, const int64_t** in_shapes, int* in_ndim, void** in_data,
            int* in_dtypes, size_t* in_versions, const char** in_devices, int* in_device_ids,
            int num_in, const int64_t** out_shapes, int* out_ndim, void** out_data, int* out_dtypes,
            size_t* out_versions, const char** out_devices, int* out_device_ids, int num_out,
            Allocate host_memory, void* host_owner, Allocate gpu_memory, void* gpu_owner,
            void* stream, AllocateSparse sparse_memory, void* sparse_owner, int* in_kinds,
            int* out_kinds, void** in_indices, void** out_indices, void** in_indptr,
            void** out_indptr, int64_t* in_num_indices, int64_t* out_num_indices,
            int64_t* in_num_indptr, int64_t* out_num_indptr, void* host_random, void* gpu_random);

using CountStrategies = int (*)(int partitioner, const char** name);
using GetStrategy = void (*)(int partitioner, int strategy, const char** name,
                             UserFunction* supported_ops, UserFunction* create_selector,
                             UserFunction* review, const char** op_name);
using CallSupportedOps = int (*)(UserFunction supported, const char* graph, int num_ids, int* ids,
                                 Keys keys, Keys values, int count);
using CallCreateSelector = int (*)(UserFunction create, const char* graph, void** selector,
                                   Keys keys, Keys values, int count);
using CallSelect = void (*)(void* selector, int node, int* selected);
using CallSelectEdge = void (*)(void* selector, int node, int other, int* selected);
using CallFilter = void (*)(void* selector, int* candidates, int num_candidates, int** keep,
                            int* num_keep);
using CallReset = void (*)(void* selector);

/// Parameters and auxiliary states are those of the graph, by name.
using CallReview = int (*)(UserFunction review, const char* graph, int id, int* accept, Keys keys,
                           Keys values, int count, char*** new_keys, char*** new_values,
                           int* num_new, Keys param_names, int num_params, void* const* param_data,
                           const int64_t* const* param_shapes, const int* param_ndim,
                           const int* param_dtypes, const size_t* param_versions,
                           Keys param_devices, const int* param_device_ids, Keys state_names,
                           int num_states, void* const* state_data,
                           const int64_t* const* state_shapes, const int* state_ndim,
                           const int* state_dtypes, const size_t* state_versions,
                           Keys state_devices, const int* state_device_ids);
using GetPass = void (*)(int index, UserFunction* pass, const char** name);
using CallPass = int (*)(UserFunction pass, const char* graph, char** new_graph, Keys keys,
                         Keys values, int count, const char* name, Keys param_names, int num_params,
                         void* const* param_data, const int64_t* const* param_shapes,
                         const int* param_ndim, const int* param_dtypes,
                         const size_t* param_versions, Keys param_devices,
                         const int* param_device_ids, Keys state_names, int num_states,
                         void* const* state_data, const int64_t* const* state_shapes,
                         const int* state_ndim, const int* state_dtypes,
                         const size_t* state_versions, Keys state_devices,
                         const int* state_device_ids, AllocateArray allocate, const void* owner);

}  // namespace mx::library
