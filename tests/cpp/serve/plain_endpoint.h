#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "serve/endpoint.h"

namespace mx::serve {

/// A network with an input of rows of three floats and two outputs, of which one is a pair.
inline std::shared_ptr<Endpoint> plain_endpoint(bool joins = true, size_t queue_size = 100) {
  auto endpoint = std::make_shared<Endpoint>();
  endpoint->number = 7;
  endpoint->model = "m";
  endpoint->version = "1";
  endpoint->inputs = {{"data", "FP32", 4, {3}}};
  endpoint->outputs = {{"sum_output", "FP32", 4, {}}, {"pair", "INT8", 1, {2}}};
  endpoint->joins = joins;
  endpoint->timeout = std::chrono::seconds(20);
  endpoint->queue = std::make_shared<JobQueue>(queue_size);
  endpoint->refusal = "content-length: 4\r\n\r\nfull";
  return endpoint;
}

/// JSON of a request for `rows` rows, with `more` behind its inputs.
inline std::string plain_json(
    int rows, std::string_view more = R"(,"parameters":{"binary_data_output":true})") {
  const std::string size = std::to_string(rows * 12);
  return R"({"inputs":[{"name":"data","datatype":"FP32","shape":[)" + std::to_string(rows) +
         R"(,3],"parameters":{"binary_data_size":)" + size + "}}]" + std::string(more) + "}";
}

}  // namespace mx::serve
