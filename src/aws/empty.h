// Empty: the input or output of an operation whose model has none.
#pragma once

namespace landfall::aws {

struct Shape;
struct Empty {};
extern const Shape empty_shape;
const Shape& shape_of(const Empty*);

}  // namespace landfall::aws
