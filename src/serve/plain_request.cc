#include "serve/plain_request.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>

namespace mx::serve {
namespace {

using Json = nlohmann::json;

constexpr int64_t kMostItems = int64_t{1} << 40;
constexpr std::string_view kEnding = "_output";  // that names of outputs may leave out

bool has_only(const Json& object, std::initializer_list<std::string_view> names) {
  if (!object.is_object()) return false;
  return std::all_of(object.items().begin(), object.items().end(), [&](const auto& item) {
    return std::find(names.begin(), names.end(), item.key()) != names.end();
  });
}

const Json* member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

/// A member that has to be text.
std::optional<std::string> text_in(const Json& object, const char* name) {
  const Json* value = member(object, name);
  if (!value || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

/// A switch among the parameters of an object; nothing where they hold anything else.
std::optional<bool> switch_in(const Json& object, const char* name, bool otherwise) {
  const Json* parameters = member(object, "parameters");
  if (!parameters) return otherwise;
  if (!has_only(*parameters, {name})) return std::nullopt;
  const Json* value = member(*parameters, name);
  if (!value) return otherwise;
  if (!value->is_boolean()) return std::nullopt;
  return value->get<bool>();
}

/// The shape of an input with the batch, if it fits the network and holds anything.
std::optional<Shape> shape_in(const Json& input, const TensorInfo& info) {
  const Json* given = member(input, "shape");
  if (!given || !given->is_array() || given->size() != info.row_shape.size() + 1)
    return std::nullopt;
  Shape shape;
  int64_t items = 1;
  for (const Json& size : *given) {
    if (!size.is_number_unsigned() || size > kMostItems || size == 0) return std::nullopt;
    shape.push_back(size.get<int64_t>());
    if (shape.back() > kMostItems / items) return std::nullopt;
    items *= shape.back();
  }
  for (size_t i = 0; i < info.row_shape.size(); ++i) {
    if (info.row_shape[i] != -1 && info.row_shape[i] != shape[i + 1]) return std::nullopt;
  }
  return shape;
}

/// Reads one input behind those that stand before it. Gives whether it is plain.
bool read_input(const Json& input, const Endpoint& endpoint, size_t& offset,
                std::vector<Shape>& shapes, PlainRequest& request) {
  if (!has_only(input, {"name", "shape", "datatype", "parameters"})) return false;
  const std::optional<std::string> name = text_in(input, "name");
  const auto info = std::find_if(endpoint.inputs.begin(), endpoint.inputs.end(),
                                 [&](const TensorInfo& each) { return each.name == name; });
  if (info == endpoint.inputs.end() || text_in(input, "datatype") != info->datatype) return false;
  const size_t number = static_cast<size_t>(info - endpoint.inputs.begin());
  const Json* parameters = member(input, "parameters");
  if (!shapes[number].empty() || !parameters || !has_only(*parameters, {"binary_data_size"}))
    return false;
  const std::optional<Shape> shape = shape_in(input, *info);
  const Json* size = member(*parameters, "binary_data_size");
  if (!shape || !size || !size->is_number_unsigned()) return false;
  size_t bytes = info->item_size;
  for (const int64_t each : *shape) bytes *= static_cast<size_t>(each);
  if (*size != bytes) return false;
  request.inputs[number] = {offset, bytes};
  offset += bytes;
  shapes[number] = *shape;
  return true;
}

bool read_inputs(const Json& document, size_t size, const Endpoint& endpoint,
                 PlainRequest& request) {
  const Json* inputs = member(document, "inputs");
  if (!inputs || !inputs->is_array() || inputs->size() != endpoint.inputs.size()) return false;
  request.inputs.resize(inputs->size());
  std::vector<Shape> shapes(inputs->size());
  size_t offset = 0;
  for (const Json& each : *inputs) {
    if (!read_input(each, endpoint, offset, shapes, request)) return false;
  }
  request.rows = shapes.empty() ? 0 : shapes.front().front();
  for (Shape& shape : shapes) {
    if (shape.front() != request.rows) return false;
    shape.erase(shape.begin());
  }
  if (endpoint.joins) request.key = key_of_rows(shapes);
  request.row_shapes = std::move(shapes);
  request.size = size;
  return request.rows > 0 && offset == size;
}

/// Which output a request means. Gives whether it is wanted in bytes and known.
bool read_output(const Json& output, bool is_binary, const Endpoint& endpoint,
                 PlainRequest& request) {
  if (!has_only(output, {"name", "parameters"})) return false;
  const std::optional<std::string> name = text_in(output, "name");
  if (!name || !switch_in(output, "binary_data", is_binary).value_or(false)) return false;
  for (const std::string& known : {*name, *name + std::string(kEnding)}) {
    for (size_t i = 0; i < endpoint.outputs.size(); ++i) {
      if (endpoint.outputs[i].name != known) continue;
      request.outputs.push_back({i, *name});
      return true;
    }
  }
  return false;
}

bool read_outputs(const Json& document, bool is_binary, const Endpoint& endpoint,
                  PlainRequest& request) {
  const Json* outputs = member(document, "outputs");
  if (outputs && !outputs->is_array()) return false;
  if (outputs && !outputs->empty()) {
    return std::all_of(outputs->begin(), outputs->end(), [&](const Json& each) {
      return read_output(each, is_binary, endpoint, request);
    });
  }
  for (size_t i = 0; i < endpoint.outputs.size(); ++i)
    request.outputs.push_back({i, endpoint.outputs[i].name});
  return is_binary;
}

}  // namespace

std::optional<PlainRequest> read_plain_request(std::string_view text, size_t size,
                                               const Endpoint& endpoint) {
  const Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded() || !has_only(document, {"id", "inputs", "outputs", "parameters"}))
    return std::nullopt;
  PlainRequest request;
  if (document.contains("id")) {
    request.id = text_in(document, "id");
    if (!request.id) return std::nullopt;
  }
  const std::optional<bool> is_binary = switch_in(document, "binary_data_output", false);
  if (!is_binary || !read_inputs(document, size, endpoint, request) ||
      !read_outputs(document, *is_binary, endpoint, request))
    return std::nullopt;
  return request;
}

}  // namespace mx::serve
