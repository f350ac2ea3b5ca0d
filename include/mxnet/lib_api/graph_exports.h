#pragma once
// C functions for partitioners and passes; exports.h includes this.
#include "exports.h"

#define MX_LIBRARY_ARRAYS(kind)                                                              \
  const char *const *kind##_names, int num_##kind, void *const *kind##_data,                 \
      const int64_t *const *kind##_shapes, const int *kind##_ndim, const int *kind##_dtypes, \
      const size_t *kind##_versions, const char *const *kind##_devices, const int *kind##_ids
#define MX_LIBRARY_ARRAY_MAP(kind)                                                      \
  mxnet::ext::TensorMap kind = mxnet::ext::exports::tensor_map(                         \
      kind##_names, num_##kind, kind##_data, kind##_shapes, kind##_ndim, kind##_dtypes, \
      kind##_versions, kind##_devices, kind##_ids)

MX_LIBRARY_FUNCTION int _partRegSize() {
  return mxnet::ext::Registry<mxnet::ext::CustomPartitioner>::get()->size();
}
MX_LIBRARY_FUNCTION int _partRegGetCount(int index, const char** name) {
  auto& partitioner = mxnet::ext::Registry<mxnet::ext::CustomPartitioner>::get()->get(index);
  *name = partitioner.name;
  return static_cast<int>(partitioner.strategies.size());
}
MX_LIBRARY_FUNCTION void _partRegGet(int index, int strategy, const char** name,
                                     mxnet::ext::supportedOps_t* supported,
                                     mxnet::ext::createSelector_t* selector,
                                     mxnet::ext::reviewSubgraph_t* review, const char** op) {
  auto& partitioner = mxnet::ext::Registry<mxnet::ext::CustomPartitioner>::get()->get(index);
  *name = partitioner.strategies.at(static_cast<size_t>(strategy));
  *op = partitioner.op_names.at(static_cast<size_t>(strategy));
  *supported = partitioner.getSupportedOps(strategy);
  *selector = partitioner.getCreateSelector(strategy);
  *review = partitioner.getReviewSubgraph(strategy);
}

MX_LIBRARY_FUNCTION int _partCallSupportedOps(mxnet::ext::supportedOps_t supported,
                                              const char* json, int num_ids, int* ids,
                                              const char* const* keys, const char* const* values,
                                              int count) {
  using namespace mxnet::ext::exports;
  return guarded([&] {
    const GraphPtr graph(mxnet::ext::Graph::fromString(json));
    std::vector<int> chosen(ids, ids + num_ids);
    const auto result = supported(graph.get(), &chosen, attributes(keys, values, count));
    std::copy(chosen.begin(), chosen.begin() + num_ids, ids);
    return result;
  });
}

MX_LIBRARY_FUNCTION int _partCallCreateSelector(mxnet::ext::createSelector_t create,
                                                const char* json, void** selector,
                                                const char* const* keys, const char* const* values,
                                                int count) {
  using namespace mxnet::ext::exports;
  return guarded([&] {
    // The selector may look at the graph as long as it lives, which is as long as the process.
    mxnet::ext::CustomOpSelector* made = nullptr;
    const auto result =
        create(mxnet::ext::Graph::fromString(json), &made, attributes(keys, values, count));
    *selector = made;
    return result;
  });
}
MX_LIBRARY_FUNCTION void _partCallSelect(void* selector, int node, int* selected) {
  *selected = static_cast<mxnet::ext::CustomOpSelector*>(selector)->Select(node);
}
MX_LIBRARY_FUNCTION void _partCallSelectInput(void* selector, int node, int input, int* selected) {
  *selected = static_cast<mxnet::ext::CustomOpSelector*>(selector)->SelectInput(node, input);
}
MX_LIBRARY_FUNCTION void _partCallSelectOutput(void* selector, int node, int output,
                                               int* selected) {
  *selected = static_cast<mxnet::ext::CustomOpSelector*>(selector)->SelectOutput(node, output);
}
MX_LIBRARY_FUNCTION void _partCallFilter(void* selector, int* candidates, int num_candidates,
                                         int** keep, int* num_keep) {
  std::vector<int> kept;
  static_cast<mxnet::ext::CustomOpSelector*>(selector)->Filter(
      std::vector<int>(candidates, candidates + num_candidates), &kept);
  *keep = mxnet::ext::exports::copy_numbers(kept, num_keep);
}
MX_LIBRARY_FUNCTION void _partCallReset(void* selector) {
  static_cast<mxnet::ext::CustomOpSelector*>(selector)->Reset();
}

MX_LIBRARY_FUNCTION int _partCallReviewSubgraph(mxnet::ext::reviewSubgraph_t review,
                                                const char* json, int id, int* accept,
                                                const char* const* keys, const char* const* values,
                                                int count, char*** new_keys, char*** new_values,
                                                int* num_new, MX_LIBRARY_ARRAYS(args),
                                                MX_LIBRARY_ARRAYS(aux)) {
  using namespace mxnet::ext::exports;
  return guarded([&] {
    MX_LIBRARY_ARRAY_MAP(args);
    MX_LIBRARY_ARRAY_MAP(aux);
    const GraphPtr graph(mxnet::ext::Graph::fromString(json));
    graph->_setParams(&args, &aux);
    bool accepted = false;
    mxnet::ext::Attributes made;
    const auto result = review(graph.get(), id, &accepted, attributes(keys, values, count), &made);
    *accept = accepted;
    *num_new = static_cast<int>(made.size());
    *new_keys = allocate<char*>(made.size());
    *new_values = allocate<char*>(made.size());
    size_t next = 0;
    for (const auto& entry : made) {
      (*new_keys)[next] = copy_text(entry.first);
      (*new_values)[next++] = copy_text(entry.second);
    }
    return result;
  });
}

MX_LIBRARY_FUNCTION int _passRegSize() {
  return mxnet::ext::Registry<mxnet::ext::CustomPass>::get()->size();
}
MX_LIBRARY_FUNCTION void _passRegGet(int index, mxnet::ext::graphPass_t* pass, const char** name) {
  auto& found = mxnet::ext::Registry<mxnet::ext::CustomPass>::get()->get(index);
  *pass = found.pass;
  *name = found.name;
}
MX_LIBRARY_FUNCTION int _passCallGraphPass(mxnet::ext::graphPass_t pass, const char* json,
                                           char** new_json, const char* const* keys,
                                           const char* const* values, int count, const char*,
                                           MX_LIBRARY_ARRAYS(args), MX_LIBRARY_ARRAYS(aux),
                                           mxnet::ext::nd_malloc_t allocate_array,
                                           const void* owner) {
  using namespace mxnet::ext::exports;
  return guarded([&] {
    MX_LIBRARY_ARRAY_MAP(args);
    MX_LIBRARY_ARRAY_MAP(aux);
    mxnet::ext::TensorMap new_args, new_aux;
    mxnet::ext::PassResource resource(&new_args, &new_aux, allocate_array, owner);
    const GraphPtr graph(mxnet::ext::Graph::fromString(json));
    graph->_setParams(&args, &aux);
    graph->_setPassResource(&resource);
    const auto result = pass(graph.get(), attributes(keys, values, count));
    *new_json = copy_text(graph->toString());
    return result;
  });
}
