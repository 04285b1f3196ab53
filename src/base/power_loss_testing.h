/// For tests only: a disk in memory that can lose its power. What was not synced may be gone afterwards, in
/// whole or in part; names that were not synced with their folder may be the old ones.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"

namespace mineward {

/// What a power loss leaves of that which was never synced.
enum class Leaves {
  nothing,     ///< neither bytes nor names
  names_only,  ///< every name as it was, but no unsynced byte: the journal of the file system was faster than
               ///< its data
  zeros,       ///< every name, and files at their full length, with zeros where bytes were not synced
  half,        ///< every name, and the first half of the unsynced bytes of each file
  half_no_names  ///< the first half of the bytes under names that were synced
};
constexpr Leaves kAllLeaves[] = {Leaves::nothing, Leaves::names_only, Leaves::zeros, Leaves::half,
                                 Leaves::half_no_names};

/// Fails every operation after fail_after operations that change something ("the power is gone"), until
/// lose_power().
class PowerLossFiles final : public Files {
 public:
  /// 0 = never.
  void fail_after(int operations) { fail_after_ = operations; }
  int operations() const { return operations_; }
  bool is_off() const { return fail_after_ > 0 && operations_ > fail_after_; }

  /// The disk as it is found after a power loss at this moment. Files opened before must not be used any
  /// more.
  void lose_power(Leaves leaves) {
    const std::lock_guard lock(disk_mutex_);
    const bool old_names = leaves == Leaves::nothing || leaves == Leaves::half_no_names;
    if (old_names) names_ = durable_names_;
    for (auto& [path, inode] : names_) {
      std::string found = inode->durable;
      const std::string& live = inode->live;
      if (leaves == Leaves::zeros) found.resize(std::max(found.size(), live.size()), '\0');
      if ((leaves == Leaves::half || leaves == Leaves::half_no_names) && live.starts_with(found))
        found = live.substr(0, found.size() + (live.size() - found.size()) / 2);
      auto fresh = std::make_shared<Inode>();
      fresh->live = fresh->durable = std::move(found);
      inode = std::move(fresh);
    }
    durable_names_ = names_;
    fail_after_ = operations_ = 0;
  }

  Result<std::string> read(const std::string& path) override {
    const std::lock_guard lock(disk_mutex_);
    const auto inode = names_.find(path);
    if (inode == names_.end()) return not_found("no such file: " + path);
    return inode->second->live;
  }
  Result<std::string> read_at(const std::string& path, std::uint64_t offset, std::size_t count) override {
    MW_ASSIGN(const std::string whole, read(path));
    return offset < whole.size() ? whole.substr(static_cast<std::size_t>(offset), count) : std::string();
  }
  Result<std::unique_ptr<WritableFile>> open_append(const std::string& path) override {
    return open(path, false);
  }
  Result<std::unique_ptr<WritableFile>> create(const std::string& path) override { return open(path, true); }
  Status rename(const std::string& from, const std::string& to) override {
    MW_TRY(step());
    const std::lock_guard lock(disk_mutex_);
    const auto inode = names_.find(from);
    if (inode == names_.end()) return not_found("no such file: " + from);
    const std::shared_ptr<Inode> moved = inode->second;
    names_.erase(inode);
    names_[to] = moved;
    return {};
  }
  Status remove(const std::string& path) override {
    MW_TRY(step());
    const std::lock_guard lock(disk_mutex_);
    return names_.erase(path) == 1 ? Status{} : Status(not_found("no such file: " + path));
  }
  Status make_folders(const std::string& path) override {
    const std::lock_guard lock(disk_mutex_);
    folders_.insert(path);
    return {};
  }
  Result<std::vector<FileStat>> list(const std::string& folder) override {
    const std::lock_guard lock(disk_mutex_);
    std::vector<FileStat> out;
    for (const auto& [path, inode] : names_) {
      if (folder_of(path) == folder) out.push_back({path.substr(folder.size() + 1), inode->live.size()});
    }
    return out;
  }
  Result<FileStat> stat(const std::string& path) override {
    const std::lock_guard lock(disk_mutex_);
    if (folders_.contains(path))
      return FileStat{.name = path, .size = 0, .modified_ms = 0, .is_folder = true};
    const auto inode = names_.find(path);
    if (inode == names_.end()) return not_found("no such file: " + path);
    return FileStat{path.substr(path.find_last_of('/') + 1), inode->second->live.size()};
  }
  Status sync_folder(const std::string& folder) override {
    MW_TRY(step());
    const std::lock_guard lock(disk_mutex_);
    std::erase_if(durable_names_, [&](const auto& entry) {
      return folder_of(entry.first) == folder && !names_.contains(entry.first);
    });
    for (const auto& [path, inode] : names_) {
      if (folder_of(path) == folder) durable_names_[path] = inode;
    }
    return {};
  }
  Result<std::unique_ptr<FileLock>> lock(const std::string&) override { return std::make_unique<FileLock>(); }

 private:
  struct Inode {
    std::string live, durable;
  };
  class OpenFile final : public WritableFile {
   public:
    OpenFile(PowerLossFiles& disk, std::shared_ptr<Inode> inode) : disk_(disk), inode_(std::move(inode)) {}
    Status append(std::string_view bytes) override {
      MW_TRY(disk_.step());
      const std::lock_guard lock(disk_.disk_mutex_);
      inode_->live += bytes;
      return {};
    }
    Status sync() override {
      MW_TRY(disk_.step());
      const std::lock_guard lock(disk_.disk_mutex_);
      inode_->durable = inode_->live;
      return {};
    }
    Status truncate(std::uint64_t size) override {
      MW_TRY(disk_.step());
      const std::lock_guard lock(disk_.disk_mutex_);
      inode_->live.resize(static_cast<std::size_t>(size));
      return {};
    }
    std::uint64_t size() const override { return inode_->live.size(); }

   private:
    PowerLossFiles& disk_;
    std::shared_ptr<Inode> inode_;
  };

  Status step() {
    ++operations_;
    if (is_off()) return unavailable("the power is gone");
    return {};
  }
  Result<std::unique_ptr<WritableFile>> open(const std::string& path, bool empty) {
    MW_TRY(step());
    const std::lock_guard lock(disk_mutex_);
    auto& inode = names_[path];
    if (!inode) inode = std::make_shared<Inode>();
    if (empty) inode->live.clear();
    return std::unique_ptr<WritableFile>(std::make_unique<OpenFile>(*this, inode));
  }

  std::mutex disk_mutex_;  // guards the maps and the inodes
  std::map<std::string, std::shared_ptr<Inode>> names_, durable_names_;
  std::set<std::string> folders_;
  int fail_after_ = 0, operations_ = 0;
};

}  // namespace mineward
