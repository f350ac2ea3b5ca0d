#include "ops/reduce/histogram.h"

#include "base/checked.h"
#include "ops/elemwise/common.h"

namespace mx {

void HistogramParam::validate(std::string_view op) const {
  if (!bin_cnt) return;
  require(range.has_value(), op, ": range is missing; expected two numbers with bin_cnt");
  require(range->size() == 2 && (*range)[0] < (*range)[1], op,
          ": range=", codec::Codec<std::vector<double>>::print(*range),
          " is no range; expected two ascending numbers");
}

namespace {

void infer_histogram_shape(ShapeContext& c) {
  const auto& count = c.params<HistogramParam>().bin_cnt;
  if (count) {
    const int64_t edges = (Checked(*count) + 1).get(c.op_name(), "bin_cnt", *count);
    c.set_out(0, {*count});
    return c.set_out(1, {edges});
  }
  const Shape& bins = c.in(1);
  if (bins.has_rank() && (bins.ndim() != 1 || bins[0] == 0 || bins[0] == 1))
    c.fail_in(1, "are no edges of bins; expected one axis with two or more");
  c.set_out(1, bins);
  if (bins.is_known()) c.set_out(0, {bins[0] - 1});
}

void infer_histogram_dtype(DTypeContext& c) {
  c.set_out(0, DType::kInt64);
  c.set_out(1, c.in(0));
  if (c.num_in() > 1) c.set_in(1, c.in(0));
}

const OpBuilder histogram =
    OpBuilder("_histogram")
        .alias("_npi_histogram")
        .doc(
            "How many elements of data fall into each bin, and the edges of the bins. A bin has "
            "its lower edge, the last one its upper edge too.")
        .params<HistogramParam>()
        .input("data", "Array of any shape.")
        .input("bins", "Ascending edges; without bin_cnt.")
        .input_used([](const Params& params, size_t input) {
          return input == 0 || !params.as<HistogramParam>().bin_cnt;
        })
        .num_outputs([](const Params&) { return 2u; })
        .infer_shape(infer_histogram_shape)
        .infer_dtype(infer_histogram_dtype)
        .zero_gradient("counts do not change with the elements");

}  // namespace
}  // namespace mx
