/// Files in memory: what a target writes costs no system call and is gone with the object.
#pragma once

#include <map>
#include <string>

#include "base/files.h"

namespace mineward::fuzz {

/// Folders need not be made. One thread.
class MemoryFiles final : public Files {
 public:
  void put(const std::string& path, std::string_view content) { files_[path] = content; }
  const std::string& get(const std::string& path) { return files_[path]; }

  Result<std::string> read(const std::string& path) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return not_found(path);
    return found->second;
  }
  Result<std::string> read_at(const std::string& path, std::uint64_t offset, std::size_t count) override {
    MW_ASSIGN(const std::string all, read(path));
    return offset >= all.size() ? std::string() : all.substr(static_cast<std::size_t>(offset), count);
  }
  Result<std::unique_ptr<WritableFile>> open_append(const std::string& path) override {
    return std::unique_ptr<WritableFile>(new Writable(files_[path]));
  }
  Result<std::unique_ptr<WritableFile>> create(const std::string& path) override {
    files_[path].clear();
    return open_append(path);
  }
  Status rename(const std::string& from, const std::string& to) override {
    const auto found = files_.find(from);
    if (found == files_.end()) return not_found(from);
    files_[to] = std::move(found->second);
    files_.erase(from);
    return {};
  }
  Status remove(const std::string& path) override {
    if (files_.erase(path) == 0) return not_found(path);
    return {};
  }
  Status make_folders(const std::string&) override { return {}; }
  Result<std::vector<FileStat>> list(const std::string& folder) override {
    std::vector<FileStat> out;
    for (const auto& [path, content] : files_) {
      if (path.starts_with(folder + "/")) out.push_back({path.substr(folder.size() + 1), content.size()});
    }
    return out;
  }
  Result<FileStat> stat(const std::string& path) override {
    MW_ASSIGN(const std::string all, read(path));
    return FileStat{path.substr(path.rfind('/') + 1), all.size()};
  }
  Status sync_folder(const std::string&) override { return {}; }
  Result<std::unique_ptr<FileLock>> lock(const std::string&) override { return std::make_unique<FileLock>(); }

 private:
  class Writable final : public WritableFile {
   public:
    explicit Writable(std::string& content) : content_(content) {}
    Status append(std::string_view bytes) override {
      content_ += bytes;
      return {};
    }
    Status sync() override { return {}; }
    Status truncate(std::uint64_t size) override {
      content_.resize(static_cast<std::size_t>(size));
      return {};
    }
    std::uint64_t size() const override { return content_.size(); }

   private:
    std::string& content_;  // of the map, whose elements stay where they are
  };
  std::map<std::string, std::string> files_;
};

}  // namespace mineward::fuzz
