#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "serve/endpoint.h"
#include "serve/plain_request.h"

namespace mx::serve {

class ExpressLane;

/// The bytes of a body, of which those behind its JSON start where any number may lie.
class Body {
 public:
  Body() = default;
  /// Throws: std::bad_alloc.
  Body(size_t size, size_t json_size)
      : size_(size), start_((kAlignment - json_size % kAlignment) % kAlignment) {
    const size_t room = (start_ + size + kAlignment - 1) / kAlignment * kAlignment;
    bytes_.reset(static_cast<char*>(std::aligned_alloc(kAlignment, std::max(room, kAlignment))));
    if (!bytes_) throw std::bad_alloc();
  }

  char* data() { return bytes_.get() + start_; }
  const char* data() const { return bytes_.get() + start_; }
  size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  static constexpr size_t kAlignment = 64;
  size_t size_ = 0, start_ = 0;
  std::unique_ptr<char, Free> bytes_;
};

/// A plain request that waits in the queue of its endpoint. The lane makes it, the runner that
/// takes it reads it and answers it; only the lane's thread looks at what is between.
class TensorJob : public Job {
 public:
  TensorJob(EndpointPtr endpoint, std::shared_ptr<const PlainRequest> request, Body body,
            size_t json_size)
      : Job(request->rows, request->key),
        endpoint(std::move(endpoint)),
        request(std::move(request)),
        body_(std::move(body)),
        json_size_(json_size) {}

  /// The bytes of an input, by its number among the endpoint's.
  std::span<const char> input(size_t number) const {
    const PlainRequest::Place& place = request->inputs[number];
    return {body_.data() + json_size_ + place.offset, place.size};
  }
  const Body& body() const { return body_; }

  const EndpointPtr endpoint;
  const std::shared_ptr<const PlainRequest> request;

  // Where the answer goes.
  std::weak_ptr<ExpressLane> lane;
  uint64_t connection = 0;
  std::string identifier;  ///< that the client gave; "" for one that is made

 private:
  const Body body_;
  const size_t json_size_;
};

using TensorJobPtr = std::shared_ptr<TensorJob>;

}  // namespace mx::serve
