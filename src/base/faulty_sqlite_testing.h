/// For tests only: faults below SQLite, which does not go through the Files seam. While a FaultySqlite lives,
/// every database that is opened in this process asks it before it touches the disk.
#pragma once

#include <sqlite3.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

namespace mineward {

/// Called before each operation of SQLite that changes something: "write", "sync", "truncate", "open" (for
/// writing), "delete". SQLITE_OK lets it happen; any other code is what SQLite gets to see. A write that
/// fails has put half of its bytes down.
using SqliteFaultHook = std::function<int(std::string_view operation)>;

/// One at a time. Databases must be closed before it goes.
class FaultySqlite {
 public:
  explicit FaultySqlite(SqliteFaultHook hook) {
    State& s = state();
    s.hook = std::move(hook);
    s.real = sqlite3_vfs_find(nullptr);
    s.vfs = *s.real;
    s.vfs.zName = "mineward-faulty";
    s.vfs.pNext = nullptr;
    s.vfs.xOpen = open;
    s.vfs.xDelete = remove;
    sqlite3_vfs_register(&s.vfs, 1);
  }
  FaultySqlite(const FaultySqlite&) = delete;
  FaultySqlite& operator=(const FaultySqlite&) = delete;
  ~FaultySqlite() {
    State& s = state();
    sqlite3_vfs_register(s.real, 1);
    sqlite3_vfs_unregister(&s.vfs);
    s.hook = {};
  }

 private:
  // The methods of the real file, with those that change something put before them.
  struct Wrapped {
    sqlite3_io_methods methods;
    const sqlite3_io_methods* real;
  };
  struct State {
    SqliteFaultHook hook;
    sqlite3_vfs* real = nullptr;
    sqlite3_vfs vfs{};
    std::mutex wrapped_mutex;  // guards wrapped
    std::map<const sqlite3_io_methods*, std::unique_ptr<Wrapped>> wrapped;
  };
  static State& state() {
    static State only;
    return only;
  }
  static int ask(std::string_view operation) {
    const State& s = state();
    return s.hook ? s.hook(operation) : SQLITE_OK;
  }
  static const sqlite3_io_methods* real_of(sqlite3_file* file) {
    return reinterpret_cast<const Wrapped*>(file->pMethods)->real;
  }
  static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    const int code = ask("write");
    if (code == SQLITE_OK) return real_of(file)->xWrite(file, bytes, count, offset);
    (void)real_of(file)->xWrite(file, bytes, count / 2, offset);  // torn
    return code;
  }
  static int sync(sqlite3_file* file, int flags) {
    const int code = ask("sync");
    return code == SQLITE_OK ? real_of(file)->xSync(file, flags) : code;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    const int code = ask("truncate");
    return code == SQLITE_OK ? real_of(file)->xTruncate(file, size) : code;
  }
  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    State& s = state();
    file->pMethods = nullptr;
    if ((flags & SQLITE_OPEN_READWRITE) != 0) {
      if (const int code = ask("open"); code != SQLITE_OK) return code;
    }
    const int code = s.real->xOpen(s.real, name, file, flags, out_flags);
    if (file->pMethods == nullptr) return code;
    const std::lock_guard lock(s.wrapped_mutex);
    auto& wrapped = s.wrapped[file->pMethods];
    if (!wrapped) {
      wrapped = std::make_unique<Wrapped>(Wrapped{*file->pMethods, file->pMethods});
      wrapped->methods.xWrite = write;
      wrapped->methods.xSync = sync;
      wrapped->methods.xTruncate = truncate;
    }
    file->pMethods = &wrapped->methods;
    return code;
  }
  static int remove(sqlite3_vfs*, const char* name, int sync_folder) {
    State& s = state();
    const int code = ask("delete");
    return code == SQLITE_OK ? s.real->xDelete(s.real, name, sync_folder) : code;
  }
};

}  // namespace mineward
