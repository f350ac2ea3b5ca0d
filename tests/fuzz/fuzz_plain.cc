// libFuzzer target: any bytes are a plain request of the express lane or none. What is plain lies
// within its body. tests/fuzz/run.sh builds and runs it.
#include <cstdint>
#include <string>
#include <string_view>

#include "serve/plain_request.h"
#include "serve/request_head.h"

namespace {

using namespace mx::serve;

void check(bool holds) {
  if (!holds) __builtin_trap();
}

Endpoint make_endpoint() {
  Endpoint endpoint;
  endpoint.inputs = {{"data", "FP32", 4, {3}}, {"more", "INT8", 1, {-1, 2}}};
  endpoint.outputs = {{"sum_output", "FP32", 4, {}}, {"pair", "INT8", 1, {2}}};
  endpoint.joins = true;
  return endpoint;
}

void check_plain(const PlainRequest& request, size_t size) {
  check(request.rows > 0 && request.size == size);
  check(request.inputs.size() == 2 && request.row_shapes.size() == 2 && !request.outputs.empty());
  size_t sum = 0;
  for (const PlainRequest::Place& place : request.inputs) {
    check(place.offset <= size && place.size <= size - place.offset);
    sum += place.size;
  }
  check(sum == size);
  check(request.inputs[0].size == 12 * static_cast<size_t>(request.rows));
  for (const PlainRequest::Wish& wish : request.outputs) check(wish.output < 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Endpoint endpoint = make_endpoint();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t end = text.find("\r\n\r\n");
  std::string_view json = text;
  if (end != std::string_view::npos) {
    json = text.substr(end + 4);
    if (const auto head = read_request_head(text.substr(0, end + 4)))
      check(head->json_length <= head->length);
  }
  for (const size_t bytes : {size_t{14}, size_t{28}, size_t{32}}) {
    if (const auto request = read_plain_request(json, bytes, endpoint))
      check_plain(*request, bytes);
  }
  return 0;
}
