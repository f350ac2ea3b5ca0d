#include "serve/answer.h"

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace mx::serve {
namespace {

Shape shape_for(const OutputRows& output, int64_t rows, bool is_alone) {
  Shape shape = output.shape;
  if (!is_alone) shape.front() = rows;
  return shape;
}

}  // namespace

size_t AnswerBodies::bytes_of(const OutputRows& output, int64_t rows, bool is_alone) const {
  size_t bytes = output.item_size;
  for (const int64_t size : shape_for(output, rows, is_alone)) bytes *= static_cast<size_t>(size);
  return bytes;
}

AnswerBodies::Answer AnswerBodies::next(const TensorJob& job, bool is_alone) {
  const PlainRequest& request = *job.request;
  for (const OutputRows& output : outputs_) {
    require(is_alone || (!output.shape.empty() && output.shape.front() >= at_ + job.rows),
            "serve: an output has no row for each of a batch");
  }
  if (job.request != last_request_) {
    json_ = json_for(job, is_alone);
    last_request_ = job.request;
  }
  Answer answer{json_, json_.size()};
  for (const PlainRequest::Wish& wish : request.outputs) {
    const OutputRows& output = outputs_.at(wish.output);
    const size_t before = is_alone ? 0 : bytes_of(output, at_, false);
    answer.body.append(output.data + before, bytes_of(output, job.rows, is_alone));
  }
  at_ += job.rows;
  return answer;
}

std::string AnswerBodies::json_for(const TensorJob& job, bool is_alone) const {
  using Json = nlohmann::ordered_json;
  Json described = Json::array();
  for (const PlainRequest::Wish& wish : job.request->outputs) {
    const OutputRows& output = outputs_.at(wish.output);
    described.push_back(
        {{"name", wish.name},
         {"datatype", output.datatype},
         {"shape", shape_for(output, job.rows, is_alone)},
         {"parameters", {{"binary_data_size", bytes_of(output, job.rows, is_alone)}}}});
  }
  Json document = {{"model_name", job.endpoint->model},
                   {"model_version", job.endpoint->version},
                   {"outputs", std::move(described)}};
  if (job.request->id) document["id"] = *job.request->id;
  return document.dump(-1, ' ', /*ensure_ascii=*/true);
}

std::string first_lines(std::string_view status, std::string_view date,
                        std::string_view identifier) {
  std::string lines = "HTTP/1.1 ";
  for (const std::string_view each :
       {status, std::string_view("\r\ndate: "), date, std::string_view("\r\nx-request-id: "),
        identifier, std::string_view("\r\n")})
    lines += each;
  return lines;
}

std::string answer_head(const AnswerBodies::Answer& answer, std::string_view date,
                        std::string_view identifier) {
  std::string head = first_lines("200 OK", date, identifier);
  head += "content-length: " + std::to_string(answer.body.size());
  head += "\r\ncontent-type: application/octet-stream\r\ninference-header-content-length: ";
  head += std::to_string(answer.json_size) + "\r\n\r\n";
  return head;
}

}  // namespace mx::serve
