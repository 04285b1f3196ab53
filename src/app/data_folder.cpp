#include "app/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>

#include <fmt/format.h>

#include "base/text.h"

namespace mineward::app {
namespace {

class FlockDataLock final : public DataLock {
 public:
  explicit FlockDataLock(int fd) : fd_(fd) {}
  FlockDataLock(const FlockDataLock&) = delete;
  FlockDataLock& operator=(const FlockDataLock&) = delete;
  ~FlockDataLock() override { ::close(fd_); }

 private:
  int fd_;
};

std::string first_with(std::initializer_list<std::string> folders, const std::string& inside) {
  const auto files = system_files();
  for (const auto& folder : folders) {
    if (files->exists(folder + "/" + inside)) return folder;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<DataLock>> lock_data_folder(const DataFolder& data) {
  MW_TRY(system_files()->make_folders(data.root));
  const int fd = ::open(data.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0)
    return Error{Errc::unavailable, fmt::format("cannot open: {}", std::strerror(errno)), data.lock()};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    char holder[64] = {};
    const ssize_t n = ::pread(fd, holder, sizeof holder - 1, 0);
    ::close(fd);
    return Error{Errc::unavailable,
                 fmt::format("the data folder is in use by process {}; stop it first",
                             n > 0 ? trim(holder) : std::string_view("unknown")),
                 data.root};
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, pid.data(), pid.size(), 0) < 0) {
    ::close(fd);
    return Error{Errc::unavailable, "cannot write the lock", data.lock()};
  }
  return std::unique_ptr<DataLock>(std::make_unique<FlockDataLock>(fd));
}

std::string program_folder() {
  char path[PATH_MAX] = {};
  const ssize_t n = ::readlink("/proc/self/exe", path, sizeof path - 1);
  return folder_of({path, n > 0 ? static_cast<std::size_t>(n) : 0});
}

std::string default_packs() {
  const std::string here = program_folder();
  return first_with({here + "/packs", here + "/../packs", here + "/../share/mineward/packs"},
                    "core/pack.yaml");
}
std::string default_web() {
  const std::string here = program_folder();
  return first_with({here + "/web", here + "/../web/dist", here + "/../share/mineward/web"}, "index.html");
}
std::string default_examples() {
  const std::string here = program_folder();
  return first_with({here + "/examples", here + "/../examples", here + "/../share/mineward/examples"},
                    "region.yaml");
}

}  // namespace mineward::app
