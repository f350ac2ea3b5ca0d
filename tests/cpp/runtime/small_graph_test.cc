#include "runtime/small_graph.h"

#include <gtest/gtest.h>

#include "ir/symbol.h"

namespace mx {
namespace {

GraphTypes types_of(const Symbol& symbol, const Shape& data) {
  GraphTypes types(symbol.outputs());
  types.at(graph_inputs(symbol.outputs()).arguments[0], 0) = {data, DType::kFloat32};
  infer_shapes(types);
  infer_dtypes(types);
  return types;
}

Symbol layer(const char* op, Symbol x, const AttrMap& params) {
  const Symbol inputs[] = {std::move(x)};
  return Symbol::create(get_op(op), params, op, inputs, {});
}

TEST(SmallGraph, LayersWithFewProducts) {
  const Symbol dense = layer("FullyConnected", Symbol::variable("x"), {{"num_hidden", "128"}});
  EXPECT_TRUE(is_small_graph(types_of(dense, {16, 784})));         // 3.2 million operations
  EXPECT_FALSE(is_small_graph(types_of(dense, {16, 784}), true));  // 10 million
  EXPECT_FALSE(is_small_graph(types_of(dense, {64, 784})));        // 13 million
}

TEST(SmallGraph, FewElementsMayBeMuchWork) {
  const Symbol conv = layer("Convolution", Symbol::variable("x"),
                            {{"kernel", "(3, 3)"}, {"pad", "(1, 1)"}, {"num_filter", "64"}});
  EXPECT_TRUE(is_small_graph(types_of(conv, {1, 64, 4, 4})));
  EXPECT_FALSE(is_small_graph(types_of(conv, {1, 64, 16, 16})));  // 19 million operations
}

TEST(SmallGraph, ManyElementsAreWorkToo) {
  const Symbol relu = layer("relu", Symbol::variable("x"), {});
  EXPECT_TRUE(is_small_graph(types_of(relu, {128, 1024})));
  EXPECT_FALSE(is_small_graph(types_of(relu, {1024, 1024})));
}

}  // namespace
}  // namespace mx
