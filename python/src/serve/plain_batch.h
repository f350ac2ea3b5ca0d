#pragma once
#include <nanobind/nanobind.h>

#include <vector>

#include "serve/tensor_job.h"

namespace mx::python {

/// The plain requests of a batch, one behind the other.
class PlainBatch {
 public:
  explicit PlainBatch(std::vector<serve::TensorJobPtr> jobs);

  int64_t rows() const { return rows_; }
  size_t size() const { return jobs_.size(); }
  nanobind::object row_shapes() const;
  /// Seconds since they came, of those that are waited for.
  std::vector<double> ages(double now) const;
  /// The bytes of the inputs of the only request, without a copy.
  nanobind::object view() const;
  /// Copies the rows of each input to the start of an array.
  void gather(const nanobind::list& rooms) const;
  void complete(const nanobind::list& outputs);
  void fail(int status, const std::string& message, int retry_after);

 private:
  template <typename Answer>
  void for_each_lane(const Answer& answer);

  std::vector<serve::TensorJobPtr> jobs_;
  int64_t rows_ = 0;
};

}  // namespace mx::python
