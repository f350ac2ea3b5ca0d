#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/endpoint.h"

namespace mx::serve {

/// What the JSON of a plain request asks for. Requests with equal texts share one.
struct PlainRequest {
  struct Place {
    size_t offset = 0, size = 0;  ///< among the bytes behind the JSON
  };
  struct Wish {
    size_t output = 0;  ///< which one of the endpoint's
    std::string name;   ///< what the request calls it
  };
  int64_t rows = 0;
  size_t size = 0;            ///< bytes of all inputs
  std::string key;            ///< of its job
  std::vector<Place> inputs;  ///< in the order of the endpoint's
  std::vector<Shape> row_shapes;
  std::vector<Wish> outputs;
  std::optional<std::string> id;
};

/// What is asked for by a request of the Open Inference Protocol in bytes: `text` is its JSON, and
/// `size` bytes of tensors stand behind it.
///
/// Nothing for whatever is not plain: another dtype than the network's, a name or a member that is
/// not known, an output in JSON, a shape that does not fit, text that is no JSON. Such requests are
/// looked at anew elsewhere, so that refusals are worded in one place.
std::optional<PlainRequest> read_plain_request(std::string_view text, size_t size,
                                               const Endpoint& endpoint);

}  // namespace mx::serve
