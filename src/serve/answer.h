#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "serve/tensor_job.h"

namespace mx::serve {

/// An output of a batch, in C order.
struct OutputRows {
  const char* data = nullptr;
  Shape shape;
  std::string datatype;
  size_t item_size = 0;
};

/// The bodies of the answers to jobs whose rows stand behind each other in the outputs; one that is
/// alone gets them whole.
class AnswerBodies {
 public:
  explicit AnswerBodies(std::vector<OutputRows> outputs) : outputs_(std::move(outputs)) {}

  struct Answer {
    std::string body;
    size_t json_size = 0;
  };
  /// The answer to the next job. Throws: Error when an output has no row for each of the batch.
  Answer next(const TensorJob& job, bool is_alone);

 private:
  std::string json_for(const TensorJob& job, bool is_alone) const;
  size_t bytes_of(const OutputRows& output, int64_t rows, bool is_alone) const;

  std::vector<OutputRows> outputs_;
  int64_t at_ = 0;
  std::shared_ptr<const PlainRequest> last_request_;  // whose answer has the JSON below
  std::string json_;
};

/// The first lines of an answer, up to its identifier. `status` has a number and a phrase.
std::string first_lines(std::string_view status, std::string_view date,
                        std::string_view identifier);

/// The head of an answer, with the empty line behind it.
std::string answer_head(const AnswerBodies::Answer& answer, std::string_view date,
                        std::string_view identifier);

}  // namespace mx::serve
