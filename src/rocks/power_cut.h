// For tests of what must be durable: what a file system may look like after a power cut, given what was asked
// of it until then.
//
// The model is POSIX's promise and no more. A write is certain to survive once an fsync of its file that
// began after it has returned; a name (created, renamed or removed) once an fsync of its directory has. What
// is not certain may be there, not there, or, a write, there in part, each by itself and in any order. A
// rename is one thing: both names change or neither.
//
// Invariants: operations_ is in the order in which the system calls returned. An inode is a number; names_ is
// the tree as it is now, and is what paths are looked up in.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::power_cut {

using Inode = int;
inline constexpr Inode kNone = -1, kRoot = 0;

enum class Kind : uint8_t { create, make_directory, rename, remove, write, truncate, sync, mark };

struct Operation {
  Kind kind;
  Inode inode = kNone;                              // that is named, written or synced
  Inode directory = kNone, from_directory = kNone;  // of `name`; of `from_name` (rename)
  std::string name, from_name;
  uint64_t offset =
      0;  // write; the size (truncate); the operations covered (sync); the caller's number (mark)
  std::string bytes;
};

// What of the uncertain is there: asked once for each such operation.
enum class Fate : uint8_t { lost, kept, torn };
using Chooser = std::function<Fate(const Operation&)>;

class Disk {
 public:
  Disk() { children_[kRoot]; }

  // --- what was done, each after it succeeded ---
  Inode create(const std::string& path) { return add(Kind::create, path); }
  void make_directory(const std::string& path) { children_[add(Kind::make_directory, path)]; }
  void rename(const std::string& from, const std::string& to) {
    const auto [from_directory, from_name] = place(from);
    const auto [directory, name] = place(to);
    const Inode inode = children_[from_directory].at(from_name);
    children_[from_directory].erase(from_name);
    children_[directory][name] = inode;
    operations_.push_back({Kind::rename, inode, directory, from_directory, name, from_name});
  }
  void remove(const std::string& path) {
    const auto [directory, name] = place(path);
    const Inode inode = children_[directory].at(name);
    children_[directory].erase(name);
    operations_.push_back({Kind::remove, inode, directory, kNone, name});
  }
  void write(Inode inode, uint64_t offset, std::string_view bytes) {
    operations_.push_back(
        {.kind = Kind::write, .inode = inode, .offset = offset, .bytes = std::string(bytes)});
  }
  void truncate(Inode inode, uint64_t size) {
    operations_.push_back({.kind = Kind::truncate, .inode = inode, .offset = size});
  }
  // `covered`: size() when the call began.
  void sync(Inode inode, size_t covered) {
    operations_.push_back({.kind = Kind::sync, .inode = inode, .offset = covered});
  }
  void mark(uint64_t number) { operations_.push_back({.kind = Kind::mark, .offset = number}); }

  Inode find(const std::string& path) const {
    Inode inode = kRoot;
    for (const auto& part : std::filesystem::path(path)) {
      if (part.empty()) continue;
      const auto directory = children_.find(inode);
      if (directory == children_.end()) return kNone;
      const auto child = directory->second.find(part);
      if (child == directory->second.end()) return kNone;
      inode = child->second;
    }
    return inode;
  }

  size_t size() const { return operations_.size(); }
  const Operation& operation(size_t i) const { return operations_[i]; }

  // Makes, in the new directory `into`, what is left if the power goes after the first `done` operations.
  void materialize(size_t done, const Chooser& choose, const std::string& into) const {
    std::map<Inode, size_t> covered;
    for (size_t i = 0; i < done; ++i)
      if (operations_[i].kind == Kind::sync)
        covered[operations_[i].inode] =
            std::max<size_t>(covered[operations_[i].inode], operations_[i].offset);
    std::map<Inode, std::string> contents;
    std::map<Inode, std::map<std::string, Inode>> children;
    for (size_t i = 0; i < done; ++i) {
      const Operation& op = operations_[i];
      if (op.kind == Kind::sync || op.kind == Kind::mark) continue;
      const bool is_data = op.kind == Kind::write || op.kind == Kind::truncate;
      const auto sync = covered.find(is_data ? op.inode : op.directory);
      const bool certain = sync != covered.end() && i < sync->second;
      const Fate fate = certain ? Fate::kept : choose(op);
      if (fate != Fate::lost) apply(op, fate, contents, children);
    }
    write_out(kRoot, into, contents, children);
  }

 private:
  std::pair<Inode, std::string> place(const std::string& path) const {
    const std::filesystem::path whole(path);
    return {find(whole.parent_path()), whole.filename()};
  }

  Inode add(Kind kind, const std::string& path) {
    const auto [directory, name] = place(path);
    LF_INVARIANT(directory != kNone, "a file in a directory that was not recorded");
    const Inode inode = ++last_;
    children_[directory][name] = inode;
    operations_.push_back({kind, inode, directory, kNone, name});
    return inode;
  }

  static void apply(const Operation& op, Fate fate, std::map<Inode, std::string>& contents,
                    std::map<Inode, std::map<std::string, Inode>>& children) {
    switch (op.kind) {
      case Kind::create:
        children[op.directory][op.name] = op.inode;
        contents[op.inode];
        return;
      case Kind::make_directory:
        children[op.directory][op.name] = op.inode;
        children[op.inode];
        return;
      case Kind::rename:
        children[op.directory][op.name] = op.inode;
        if (auto& from = children[op.from_directory];
            from.contains(op.from_name) && from[op.from_name] == op.inode)
          from.erase(op.from_name);
        return;
      case Kind::remove:
        if (auto& names = children[op.directory]; names.contains(op.name) && names[op.name] == op.inode)
          names.erase(op.name);
        return;
      case Kind::write: {
        std::string& bytes = contents[op.inode];
        const std::string_view part =
            std::string_view(op.bytes).substr(0, fate == Fate::torn ? op.bytes.size() / 2 : op.bytes.size());
        // Torn: the size may have grown before the bytes came, which are zeros then.
        bytes.resize(std::max<size_t>(bytes.size(), op.offset + op.bytes.size()));
        bytes.replace(op.offset, part.size(), part);
        return;
      }
      case Kind::truncate:
        contents[op.inode].resize(op.offset);
        return;
      case Kind::sync:
      case Kind::mark:
        return;
    }
  }

  static void write_out(Inode directory, const std::string& path,
                        const std::map<Inode, std::string>& contents,
                        const std::map<Inode, std::map<std::string, Inode>>& children) {
    std::filesystem::create_directory(path);
    const auto names = children.find(directory);
    if (names == children.end()) return;
    for (const auto& [name, inode] : names->second) {
      const std::string where = path + "/" + name;
      if (children.contains(inode)) {
        write_out(inode, where, contents, children);
        continue;
      }
      std::ofstream file(where, std::ios::binary);
      if (auto bytes = contents.find(inode); bytes != contents.end())
        file.write(bytes->second.data(), static_cast<std::streamsize>(bytes->second.size()));
    }
  }

  std::vector<Operation> operations_;
  std::map<Inode, std::map<std::string, Inode>> children_;
  Inode last_ = kRoot;
};

}  // namespace landfall::power_cut
