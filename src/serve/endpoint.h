#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "serve/job_queue.h"

namespace mx::serve {

/// An input or output of a network.
struct TensorInfo {
  std::string name;
  std::string datatype;  ///< the name that the Open Inference Protocol has for its dtype
  size_t item_size = 0;  ///< bytes of an element
  Shape row_shape;       ///< its shape without the batch; -1 where any size will do
};

/// A version of a model that takes tensors, as the express lane sees it. Nobody changes it.
struct Endpoint {
  uint64_t number = 0;  ///< by which its owner knows it
  std::string model, version;
  std::vector<TensorInfo> inputs, outputs;
  bool joins = false;  ///< whether requests may share a batch
  Clock::duration timeout{};
  std::shared_ptr<JobQueue> queue;
  /// What an answer to a request that the queue has no room for says behind its identifier.
  std::string refusal;
};

using EndpointPtr = std::shared_ptr<const Endpoint>;
/// By the paths that requests ask for, such as "/v2/models/lenet/infer".
using Endpoints = std::unordered_map<std::string, EndpointPtr>;

}  // namespace mx::serve
