#include "app/control.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include <fmt/format.h>

#include "base/descriptor.h"

namespace mineward::app {
namespace {

constexpr std::size_t kLongestRequest = 8192;

Error system_error(std::string_view what, const std::string& path) {
  return {Errc::unavailable, fmt::format("cannot {}: {}", what, std::strerror(errno)), path};
}

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return bad_input(fmt::format("the path of the control socket is {} bytes long, expected at most {}",
                                 path.size(), sizeof address.sun_path - 1),
                     path);
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

/// Up to the line feed or the end of the connection.
std::string read_line(int fd) {
  std::string line;
  char byte = 0;
  while (line.size() < kLongestRequest) {
    const ssize_t n = ::read(fd, &byte, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0 || byte == '\n') break;
    line += byte;
  }
  return line;
}

bool write_line(int fd, std::string line) {
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  line += '\n';
  std::string_view left = line;
  while (!left.empty()) {
    const ssize_t n = ::send(fd, left.data(), left.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    left.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

class ListeningSocket final : public ControlSocket {
 public:
  ListeningSocket(int listener, int wake, std::string path, ControlAnswer answer)
      : listener_(listener), wake_(wake), path_(std::move(path)), answer_(std::move(answer)), thread_([this] {
          run();
        }) {}
  ~ListeningSocket() override {
    const std::uint64_t one = 1;
    if (::write(wake_.get(), &one, sizeof one) < 0) {
      // An eventfd takes one more; if not, the thread is on its way out.
    }
    thread_.join();
    ::unlink(path_.c_str());
  }

 private:
  void run() {
    while (true) {
      pollfd wait[2] = {{listener_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
      if (::poll(wait, 2, -1) < 0 && errno != EINTR) return;
      if (wait[1].revents != 0) return;
      if (wait[0].revents == 0) continue;
      const Descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (client.get() < 0) continue;
      const timeval patience{5, 0};
      ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      const Status status = answer_(read_line(client.get()));
      write_line(client.get(), status.ok()
                                   ? "ok"
                                   : std::string(name_of(status.error().code)) + " " + status.error().text());
    }
  }

  Descriptor listener_, wake_;
  std::string path_;
  ControlAnswer answer_;
  std::thread thread_;
};

Errc code_named(std::string_view name) {
  for (const Errc code :
       {Errc::bad_input, Errc::not_found, Errc::conflict, Errc::forbidden, Errc::corrupt, Errc::internal}) {
    if (name_of(code) == name) return code;
  }
  return Errc::unavailable;
}

}  // namespace

Result<std::unique_ptr<ControlSocket>> open_control_socket(const std::string& path, ControlAnswer answer) {
  MW_ASSIGN(const sockaddr_un address, address_of(path));
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return system_error("make a socket", path);
  ::unlink(path.c_str());  // left by a killed node; the data lock says that no other runs
  const mode_t old = ::umask(0177);
  const bool bound = ::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::umask(old);
  if (!bound || ::listen(listener, 4) != 0) {
    const Error error = system_error("listen", path);
    ::close(listener);
    return error;
  }
  const int wake = ::eventfd(0, EFD_CLOEXEC);
  if (wake < 0) {
    ::close(listener);
    return system_error("make an event", path);
  }
  return std::unique_ptr<ControlSocket>(
      std::make_unique<ListeningSocket>(listener, wake, path, std::move(answer)));
}

std::optional<Status> ask_node(const std::string& path, const std::string& request) {
  const auto address = address_of(path);
  if (!address) return std::nullopt;
  const Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return std::nullopt;
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0)
    return std::nullopt;
  if (!write_line(fd.get(), request)) return Status(unavailable("the node closed the connection"));
  const std::string answer = read_line(fd.get());
  if (answer == "ok") return Status();
  const std::size_t blank = answer.find(' ');
  if (answer.empty()) return Status(unavailable("the node closed the connection without an answer"));
  return Status(Error{code_named(answer.substr(0, blank)),
                      blank == std::string::npos ? answer : answer.substr(blank + 1),
                      {}});
}

}  // namespace mineward::app
