#pragma once
#include "base/shape.h"
#include "ir/infer_context.h"

namespace mx {

/// What 0, -1 and an empty tuple mean in the shapes that a program writes and reads.
///
///                  unknown size   unknown rank   0           ()
/// legacy           0, -1          ()             unknown     unknown rank
/// NumPy's          -1             None           no element  one number
///
/// Each thread has its own choice and begins with the legacy one (`mx.util.np_shape`). A `Shape`
/// inside of the core always has NumPy's meaning: translation is done where shapes come in from a
/// program (arguments of operators that make arrays, inference, hints of variables, custom
/// operators) and where they go out to one.
bool numpy_shapes();
/// Chooses for this thread; returns what was chosen before.
bool set_numpy_shapes(bool active);

/// A shape of the core from one that a program wrote.
Shape shape_from_written(Shape written);
/// The opposite: sizes that are not known become 0 in the legacy meaning, an unknown rank ().
Shape shape_to_written(Shape shape);

/// Output 0 has the shape that the program wrote, of which parts may be left to its users, as in
/// `zeros((0, 5))` of a program with legacy shapes.
/// Throws: ValueError for sizes below -1.
void set_written_shape(ShapeContext& context, const Shape& written);

}  // namespace mx
