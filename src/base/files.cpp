#include "base/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/crash_point.h"
#include "base/descriptor.h"

namespace mineward {
namespace {

constexpr std::string_view kDiskFull = "disk full: ";

Error system_error(std::string_view what, const std::string& path) {
  const int code = errno;
  if (code == ENOSPC || code == EDQUOT) {
    return {Errc::unavailable, fmt::format("{}cannot {}: {}", kDiskFull, what, std::strerror(code)), path};
  }
  const Errc errc = code == ENOENT ? Errc::not_found : Errc::unavailable;
  return {errc, fmt::format("cannot {}: {}", what, std::strerror(code)), path};
}

class SystemWritableFile final : public WritableFile {
 public:
  SystemWritableFile(int fd, std::string path, std::uint64_t size)
      : fd_(fd), path_(std::move(path)), size_(size) {}
  Status append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return system_error("write", path_);
      size_ += static_cast<std::uint64_t>(n);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }
  Status sync() override {
    if (::fdatasync(fd_.get()) != 0) return system_error("sync", path_);
    return {};
  }
  Status truncate(std::uint64_t size) override {
    if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) return system_error("cut", path_);
    size_ = size;
    return {};
  }
  std::uint64_t size() const override { return size_; }

 private:
  Descriptor fd_;
  std::string path_;
  std::uint64_t size_;
};

class SystemFileLock final : public FileLock {
 public:
  explicit SystemFileLock(int fd) : fd_(fd) {}

 private:
  Descriptor fd_;  // closing it lets go
};

class SystemFiles final : public Files {
 public:
  Result<std::string> read(const std::string& path) override {
    MW_ASSIGN(const FileStat info, stat(path));
    return read_at(path, 0, static_cast<std::size_t>(info.size));
  }
  Result<std::string> read_at(const std::string& path, std::uint64_t offset, std::size_t count) override {
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) return system_error("open", path);
    std::string out(count, '\0');
    std::size_t done = 0;
    while (done < count) {
      const ssize_t n = ::pread(fd.get(), out.data() + done, count - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return system_error("read", path);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    out.resize(done);
    return out;
  }
  Result<std::unique_ptr<WritableFile>> open_append(const std::string& path) override {
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC);
  }
  Result<std::unique_ptr<WritableFile>> create(const std::string& path) override {
    return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC);
  }
  Status rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return system_error("rename to " + to, from);
    return {};
  }
  Status remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return system_error("remove", path);
    return {};
  }
  Status make_folders(const std::string& path) override {
    for (std::size_t at = 1; at <= path.size(); ++at) {
      if (at != path.size() && path[at] != '/') continue;
      const std::string part = path.substr(0, at);
      if (::mkdir(part.c_str(), 0750) != 0 && errno != EEXIST) return system_error("make folder", part);
    }
    MW_ASSIGN(const FileStat info, stat(path));
    if (!info.is_folder) return Error{Errc::unavailable, "is a file, expected a folder", path};
    return {};
  }
  Result<std::vector<FileStat>> list(const std::string& folder) override {
    DIR* dir = ::opendir(folder.c_str());
    if (!dir) return system_error("list", folder);
    std::vector<FileStat> out;
    while (const dirent* entry = ::readdir(dir)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      auto info = stat(folder + "/" + name);
      if (info) out.push_back(*std::move(info));  // else: removed meanwhile
    }
    ::closedir(dir);
    std::sort(out.begin(), out.end(), [](const FileStat& a, const FileStat& b) { return a.name < b.name; });
    return out;
  }
  Result<FileStat> stat(const std::string& path) override {
    struct ::stat info {};
    if (::stat(path.c_str(), &info) != 0) return system_error("look at", path);
    FileStat out;
    out.name = path.substr(path.find_last_of('/') + 1);
    out.size = static_cast<std::uint64_t>(info.st_size);
    out.modified_ms = info.st_mtim.tv_sec * std::int64_t{1000} + info.st_mtim.tv_nsec / 1000000;
    out.is_folder = S_ISDIR(info.st_mode);
    struct ::stat itself {};
    out.is_special = !(out.is_folder || S_ISREG(info.st_mode)) ||
                     (::lstat(path.c_str(), &itself) == 0 && S_ISLNK(itself.st_mode));
    return out;
  }
  Status sync_folder(const std::string& folder) override {
    const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0) return system_error("open", folder);
    if (::fsync(fd.get()) != 0) return system_error("sync", folder);
    return {};
  }
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) return system_error("open", path);
    auto held = std::make_unique<SystemFileLock>(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return std::unique_ptr<FileLock>(std::move(held));
    if (errno == EWOULDBLOCK) return Error{Errc::conflict, "is in use by another process", path};
    return system_error("lock", path);
  }

 private:
  static Result<std::unique_ptr<WritableFile>> open(const std::string& path, int flags) {
    const int fd = ::open(path.c_str(), flags, 0640);
    if (fd < 0) return system_error("open for writing", path);
    struct ::stat info {};
    const std::uint64_t size = ::fstat(fd, &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
    return std::unique_ptr<WritableFile>(std::make_unique<SystemWritableFile>(fd, path, size));
  }
};

class FaultyWritableFile final : public WritableFile {
 public:
  FaultyWritableFile(std::unique_ptr<WritableFile> inner, FaultHook& hook, std::string path)
      : inner_(std::move(inner)), hook_(hook), path_(std::move(path)) {}
  Status append(std::string_view bytes) override {
    std::size_t count = bytes.size();
    Status fault = hook_("append", path_, &count);
    if (count > 0 && (fault.ok() || count < bytes.size())) MW_TRY(inner_->append(bytes.substr(0, count)));
    return fault;
  }
  Status sync() override {
    MW_TRY(hook_("sync", path_, nullptr));
    return inner_->sync();
  }
  Status truncate(std::uint64_t size) override {
    MW_TRY(hook_("truncate", path_, nullptr));
    return inner_->truncate(size);
  }
  std::uint64_t size() const override { return inner_->size(); }

 private:
  std::unique_ptr<WritableFile> inner_;
  FaultHook& hook_;
  std::string path_;
};

class FaultyFiles final : public Files {
 public:
  FaultyFiles(Files& inner, FaultHook hook) : inner_(inner), hook_(std::move(hook)) {}
  Result<std::string> read(const std::string& path) override { return inner_.read(path); }
  Result<std::string> read_at(const std::string& path, std::uint64_t offset, std::size_t count) override {
    return inner_.read_at(path, offset, count);
  }
  Result<std::unique_ptr<WritableFile>> open_append(const std::string& path) override {
    MW_TRY(hook_("open", path, nullptr));
    return wrap(inner_.open_append(path), path);
  }
  Result<std::unique_ptr<WritableFile>> create(const std::string& path) override {
    MW_TRY(hook_("create", path, nullptr));
    return wrap(inner_.create(path), path);
  }
  Status rename(const std::string& from, const std::string& to) override {
    MW_TRY(hook_("rename", from, nullptr));
    return inner_.rename(from, to);
  }
  Status remove(const std::string& path) override {
    MW_TRY(hook_("remove", path, nullptr));
    return inner_.remove(path);
  }
  Status make_folders(const std::string& path) override {
    MW_TRY(hook_("make_folders", path, nullptr));
    return inner_.make_folders(path);
  }
  Result<std::vector<FileStat>> list(const std::string& folder) override { return inner_.list(folder); }
  Result<FileStat> stat(const std::string& path) override { return inner_.stat(path); }
  Status sync_folder(const std::string& folder) override {
    MW_TRY(hook_("sync_folder", folder, nullptr));
    return inner_.sync_folder(folder);
  }
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override {
    MW_TRY(hook_("lock", path, nullptr));
    return inner_.lock(path);
  }

 private:
  Result<std::unique_ptr<WritableFile>> wrap(Result<std::unique_ptr<WritableFile>> file,
                                             const std::string& path) {
    if (!file) return file;
    return std::unique_ptr<WritableFile>(std::make_unique<FaultyWritableFile>(*std::move(file), hook_, path));
  }
  Files& inner_;
  FaultHook hook_;
};

}  // namespace

bool is_disk_full(const Error& error) {
  return error.code == Errc::unavailable && error.message.starts_with(kDiskFull);
}

Error disk_full(const std::string& path) {
  return {Errc::unavailable, fmt::format("{}cannot write: {}", kDiskFull, std::strerror(ENOSPC)), path};
}

std::unique_ptr<Files> system_files() { return std::make_unique<SystemFiles>(); }

std::unique_ptr<Files> faulty_files(Files& inner, FaultHook hook) {
  return std::make_unique<FaultyFiles>(inner, std::move(hook));
}

std::string folder_of(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

Status write_atomically(Files& files, const std::string& path, std::string_view content) {
  const std::string beside = path + ".tmp";
  {
    MW_ASSIGN(auto file, files.create(beside));
    MW_TRY(file->append(content));
    MW_TRY(file->sync());
  }
  crash_point(CrashPoint::file_written_beside);
  MW_TRY(files.rename(beside, path));
  crash_point(CrashPoint::file_renamed_not_synced);
  return files.sync_folder(folder_of(path));
}

}  // namespace mineward
