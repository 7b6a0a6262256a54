// Templates that tables.cc instantiates: the operations of Shape over concrete types.
#pragma once

#include <map>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "aws/box.h"
#include "aws/protocol/shape.h"

namespace landfall::aws {

// Which operations a struct needs: to instantiate them all for EC2's hundreds of structs would take half a
// minute.
enum StructUse : unsigned { as_root = 1, as_optional = 2, as_box = 4 };

template <class S, unsigned use>
constexpr StructOps make_struct_ops() {
  StructOps ops{};
  if constexpr ((use & as_root) != 0) {
    ops.size = sizeof(S);
    ops.construct = [](void* memory) { ::new (memory) S(); };
    ops.destroy = [](void* value) { static_cast<S*>(value)->~S(); };
  }
  if constexpr ((use & as_optional) != 0) {
    ops.emplace = [](void* optional) -> void* {
      return &static_cast<std::optional<S>*>(optional)->emplace();
    };
    ops.get = [](const void* optional) -> const void* {
      const auto& o = *static_cast<const std::optional<S>*>(optional);
      return o ? &*o : nullptr;
    };
  }
  if constexpr ((use & as_box) != 0) {
    ops.emplace_box = [](void* box) -> void* { return &static_cast<Box<S>*>(box)->emplace(); };
    ops.get_box = [](const void* box) -> const void* {
      const auto& b = *static_cast<const Box<S>*>(box);
      return b ? &*b : nullptr;
    };
  }
  return ops;
}

template <class S, unsigned use>
inline constexpr StructOps struct_ops = make_struct_ops<S, use>();

template <class T>
inline constexpr ListOps list_ops = {
    [](const void* list) { return static_cast<const std::vector<T>*>(list)->size(); },
    [](const void* list, size_t index) -> const void* {
      return &(*static_cast<const std::vector<T>*>(list))[index];
    },
    [](void* list, size_t count) {
      std::vector<T> fresh(count);  // cheaper to instantiate than emplace_back or resize
      static_cast<std::vector<T>*>(list)->swap(fresh);
    },
};

template <class T>
inline constexpr MapOps map_ops = {
    [](const void* map) { return static_cast<const std::map<std::string, T>*>(map)->size(); },
    [](const void* map, void* context, MapOps::Visit visit) {
      for (const auto& [key, value] : *static_cast<const std::map<std::string, T>*>(map))
        visit(context, key, &value);
    },
    [](void* map, std::string_view key) -> void* {
      return &(*static_cast<std::map<std::string, T>*>(map))[std::string(key)];
    },
};

}  // namespace landfall::aws
