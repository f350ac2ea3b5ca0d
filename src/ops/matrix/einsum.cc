// Einstein's sums.
// lint: no-kernel (a composition of diagonals and contractions)
#include "ops/matrix/einsum.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <span>
#include <string_view>

#include "ops/elemwise/common.h"
#include "ops/matrix/contraction.h"
#include "ops/matrix/diag.h"

namespace mx {
namespace {

using Labels = std::vector<int>;
constexpr std::string_view kEllipsis = "...";

template <typename... Args>
[[noreturn]] void fail_subscripts(const std::string& subscripts, const Args&... message) {
  fail(ErrorKind::kValue, "_npi_einsum: subscripts='", subscripts, "' ", message...);
}

/// Labels of the axes of each input and of the result: letters, and for the axes of an ellipsis -1
/// for the last, -2 for the one before it ...
class Subscripts {
 public:
  std::vector<Labels> inputs;
  Labels output;

  /// Throws: ValueError unless `text` fits arrays of these shapes.
  Subscripts(const std::string& text, std::span<const Shape> shapes) : text_(text) {
    std::string rest = text;
    rest.erase(std::remove(rest.begin(), rest.end(), ' '), rest.end());
    const size_t arrow = rest.find("->");
    read_inputs(rest.substr(0, arrow), shapes);
    if (arrow == std::string::npos)
      output = implicit_output();
    else
      read_output(rest.substr(arrow + 2));
  }

 private:
  void read_inputs(const std::string& terms, std::span<const Shape> shapes) {
    size_t from = 0;
    while (true) {
      const size_t comma = terms.find(',', from);
      const size_t i = inputs.size();
      if (i >= shapes.size()) fail_count(shapes.size());
      inputs.push_back(read_term(terms.substr(from, comma - from), shapes[i].ndim()));
      if (comma == std::string::npos) break;
      from = comma + 1;
    }
    if (inputs.size() != shapes.size()) fail_count(shapes.size());
  }

  [[noreturn]] void fail_count(size_t expected) const {
    fail_subscripts(text_, "has not as many terms as there are arrays; expected ", expected);
  }

  /// One term for an array of `ndim` axes.
  Labels read_term(const std::string& term, int ndim) {
    Labels labels;
    const auto letters =
        static_cast<int>(std::count_if(term.begin(), term.end(), [](char c) { return c != '.'; }));
    const size_t dots = term.find(kEllipsis);
    if (letters > ndim || (letters < ndim && dots == std::string::npos))
      fail_subscripts(text_, "has ", letters, " letters in '", term, "' for an array of ", ndim,
                      " axes");
    const int covered = ndim - letters;
    if (dots != std::string::npos) ellipsis_ = std::max(ellipsis_, covered);
    append(term, covered, labels);
    return labels;
  }

  /// The letters of a term; an ellipsis in it stands for `covered` axes.
  void append(const std::string& term, int covered, Labels& labels) const {
    const size_t dots = term.find(kEllipsis);
    for (size_t i = 0; i < term.size(); ++i) {
      if (i == dots) {
        for (int k = covered; k > 0; --k) labels.push_back(-k);
        i += kEllipsis.size() - 1;
      } else if (std::isalpha(static_cast<unsigned char>(term[i]))) {
        labels.push_back(term[i]);
      } else {
        fail_subscripts(text_, "has '", term[i], "' in it; expected letters, commas, ... and ->");
      }
    }
  }

  void read_output(const std::string& term) {
    append(term, ellipsis_, output);
    if (ellipsis_ > 0 && term.find(kEllipsis) == std::string::npos)
      fail_subscripts(text_,
                      "has no ... in its result; expected one, as the arrays have axes there");
    for (size_t i = 0; i < output.size(); ++i) {
      const char letter = static_cast<char>(output[i]);
      if (output[i] > 0 && count(output[i]) == 0)
        fail_subscripts(text_, "has '", letter, "' in its result only");
      if (std::find(output.begin(), output.begin() + static_cast<int64_t>(i), output[i]) !=
          output.begin() + static_cast<int64_t>(i))
        fail_subscripts(text_, "has '", letter, "' twice in its result");
    }
  }

  /// The axes of ellipses, and the letters that occur once, in the order of the alphabet.
  Labels implicit_output() const {
    Labels result;
    for (int k = ellipsis_; k > 0; --k) result.push_back(-k);
    for (int letter = 'A'; letter <= 'z'; ++letter)
      if (count(letter) == 1) result.push_back(letter);
    return result;
  }

  int64_t count(int label) const {
    int64_t total = 0;
    for (const Labels& labels : inputs) total += std::count(labels.begin(), labels.end(), label);
    return total;
  }

  const std::string& text_;
  int ellipsis_ = 0;
};

/// Takes in one more size of a label; -1 is unknown. Returns false where sizes do not fit.
bool merge_size(int64_t& known, int64_t size) {
  if (known == size || size == 1) return true;
  if (known == 1 || known < 0) return known = size, true;
  return size < 0;
}

/// The size of a label over all inputs. Throws: ValueError where sizes differ.
int64_t size_of_label(const ShapeContext& c, const Subscripts& subscripts, int label) {
  int64_t size = 1;
  for (size_t i = 0; i < subscripts.inputs.size(); ++i)
    for (size_t k = 0; k < subscripts.inputs[i].size(); ++k)
      if (subscripts.inputs[i][k] == label && !merge_size(size, c.in(i)[static_cast<int>(k)]))
        c.fail_in(i, "does not fit the other arrays; expected ", size, " on axis ", k);
  return size;
}

/// Throws: ValueError where the sizes of input i fit neither each other nor those of other inputs.
void check_sizes(const ShapeContext& c, const Subscripts& subscripts, size_t i) {
  const Labels& labels = subscripts.inputs[i];
  for (size_t k = 0; k < labels.size(); ++k)
    for (size_t d = 0; d < k; ++d) {
      const int64_t first = c.in(i)[static_cast<int>(d)], second = c.in(i)[static_cast<int>(k)];
      if (labels[d] == labels[k] && first >= 0 && second >= 0 && first != second)
        c.fail_in(i, "has no diagonal of axes ", d, " and ", k, "; expected equal sizes");
    }
  for (int label : labels) size_of_label(c, subscripts, label);
}

void infer_einsum_shape(ShapeContext& c) {
  std::vector<Shape> shapes;
  for (size_t i = 0; i < c.num_in(); ++i) {
    if (!c.in(i).has_rank()) return;
    shapes.push_back(c.in(i));
  }
  const Subscripts subscripts(c.params<EinsumParam>().subscripts, shapes);
  for (size_t i = 0; i < c.num_in(); ++i) check_sizes(c, subscripts, i);
  Shape out({});
  for (int label : subscripts.output) out.push_back(size_of_label(c, subscripts, label));
  c.set_out(0, out);
}

/// Each label once: diagonals of axes that share one.
LabelledArray with_labels_once(GraphBuilder& g, LabelledArray a) {
  for (size_t i = 0; i < a.labels.size(); ++i)
    for (size_t k = i + 1; k < a.labels.size(); ++k) {
      if (a.labels[k] != a.labels[i]) continue;
      DiagParam p;
      p.axis1 = static_cast<int64_t>(i);
      p.axis2 = static_cast<int64_t>(k);
      Shape shape({});
      Labels labels;
      for (size_t d = 0; d < a.labels.size(); ++d) {
        if (d == i || d == k) continue;
        labels.push_back(a.labels[d]);
        shape.push_back(a.shape[static_cast<int>(d)]);
      }
      labels.push_back(a.labels[i]);
      shape.push_back(a.shape[static_cast<int>(i)]);
      return with_labels_once(g, {g.call("diag", {a.value}, p), shape, labels});
    }
  return a;
}

/// The arrays that are left to multiply.
class Contraction {
 public:
  Contraction(GraphBuilder& g, DType dtype, std::vector<LabelledArray> arrays, Labels out)
      : g_(g), dtype_(dtype), arrays_(std::move(arrays)), out_(std::move(out)) {}

  Value run() {
    while (arrays_.size() > 1) multiply_best_pair();
    return contract(g_, arrays_[0], out_).value;
  }

 private:
  /// Labels of a pair that the result or another array needs.
  Labels needed(size_t i, size_t k) const {
    Labels labels;
    const auto is_needed = [&](int label) {
      bool found = has_label(out_, label);
      for (size_t n = 0; n < arrays_.size(); ++n)
        found |= n != i && n != k && has_label(arrays_[n].labels, label);
      return found;
    };
    for (size_t n : {i, k})
      for (int label : arrays_[n].labels)
        if (!has_label(labels, label) && is_needed(label)) labels.push_back(label);
    return labels;
  }

  double size_of_product(size_t i, size_t k) const {
    double size = 1;
    for (int label : needed(i, k)) {
      int64_t sizes = 1;
      for (size_t n : {i, k})
        for (size_t d = 0; d < arrays_[n].labels.size(); ++d)
          if (arrays_[n].labels[d] == label)
            sizes = broadcast_size(sizes, arrays_[n].shape[static_cast<int>(d)]);
      size *= static_cast<double>(sizes);
    }
    return size;
  }

  void multiply_best_pair() {
    size_t best_i = 0, best_k = 1;
    double least = std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < arrays_.size(); ++i)
      for (size_t k = i + 1; k < arrays_.size(); ++k)
        if (const double size = size_of_product(i, k); size < least)
          least = size, best_i = i, best_k = k;
    const Labels labels = arrays_.size() == 2 ? out_ : needed(best_i, best_k);
    arrays_[best_i] = contract(g_, dtype_, arrays_[best_i], arrays_[best_k], labels);
    arrays_.erase(arrays_.begin() + static_cast<int64_t>(best_k));
  }

  GraphBuilder& g_;
  DType dtype_;
  std::vector<LabelledArray> arrays_;
  Labels out_;
};

void decompose_einsum(DecomposeContext& c) {
  std::vector<Shape> shapes;
  for (size_t i = 0; i < c.num_in(); ++i) shapes.push_back(c.in_shape(i));
  const Subscripts subscripts(c.params<EinsumParam>().subscripts, shapes);
  const bool is_bool = c.in_dtype(0) == DType::kBool;
  const DType dtype = is_bool ? DType::kInt64 : c.in_dtype(0);
  std::vector<LabelledArray> arrays;
  for (size_t i = 0; i < c.num_in(); ++i) {
    const Value value = is_bool ? c.cast(c.in(i), dtype) : c.in(i);
    arrays.push_back(with_labels_once(c, {value, shapes[i], subscripts.inputs[i]}));
  }
  const Value result = Contraction(c, dtype, std::move(arrays), subscripts.output).run();
  if (is_bool)
    c.set(0, c.cast(result, DType::kBool));
  else
    c.set(0, result == c.in(0) ? c.call("_copy", {result}) : result);
}

const OpBuilder einsum =
    OpBuilder("_npi_einsum")
        .doc(
            "Sums of products of arrays whose axes have letters: over all letters that the result "
            "has not (Einstein's notation, as in numpy.einsum).")
        .params<EinsumParam>()
        .variadic("num_args")
        .infer_shape(infer_einsum_shape)
        .decomposition(decompose_einsum);

}  // namespace
}  // namespace mx
