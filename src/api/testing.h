/// For the tests of this folder: a small blocking client that knows only what RFC 9112 says.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace mineward::api::testing {

struct Answer {
  int status = 0;                                   ///< 0 = the connection ended without an answer
  std::multimap<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string{} : found->second;
  }
};

/// One connection. Waits at most 10 s for anything.
class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    if (receive_buffer > 0)
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  int socket() const { return socket_; }
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t n = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  /// One answer with its Content-Length body.
  Answer receive(bool with_body = true) {
    Answer answer;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return answer;
    }
    const std::string head = buffer_.substr(0, end);
    buffer_.erase(0, end + 4);
    bool first = true;
    for (std::string_view line : split(head, '\n')) {
      line = trim(line);
      if (first) {
        answer.status = std::atoi(std::string(line.substr(9, 3)).c_str());
        first = false;
        continue;
      }
      const auto colon = line.find(':');
      answer.headers.emplace(lower_ascii(line.substr(0, colon)), std::string(trim(line.substr(colon + 1))));
    }
    if (answer.status == 100) return receive(with_body);
    const auto length = static_cast<std::size_t>(std::atoll(answer.header("content-length").c_str()));
    while (with_body && buffer_.size() < length) {
      if (!fill()) return Answer{};
    }
    if (with_body) {
      answer.body = buffer_.substr(0, length);
      buffer_.erase(0, length);
    }
    return answer;
  }
  Answer ask(std::string_view text) {
    send(text);
    return receive();
  }
  /// Whether the server closes the connection (and sends nothing before).
  bool closed() { return buffer_.empty() && !fill(); }
  /// Exactly `count` bytes, or fewer when the connection ends.
  std::string take(std::size_t count) {
    while (buffer_.size() < count && fill()) {
    }
    std::string out = buffer_.substr(0, count);
    buffer_.erase(0, out.size());
    return out;
  }

 private:
  bool fill() {
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, 10'000) != 1) return false;
    char piece[65536];
    const ssize_t n = ::recv(socket_, piece, sizeof piece, 0);
    if (n <= 0) return false;
    buffer_.append(piece, static_cast<std::size_t>(n));
    return true;
  }

  int socket_ = -1;
  bool connected_ = false;
  std::string buffer_;
};

/// Memory that this process holds, in KiB.
inline long memory_kib() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6);
  }
  return -1;
}

/// A client's WebSocket frames (RFC 6455), as far as the tests need them: unfragmented text and close.
struct Frame {
  int opcode = -1;  ///< -1 = the connection ended
  std::string payload;
  int close_code() const {
    return payload.size() < 2
               ? 0
               : (static_cast<unsigned char>(payload[0]) << 8) | static_cast<unsigned char>(payload[1]);
  }
};
inline Frame read_frame(Client& client) {
  const std::string head = client.take(2);
  if (head.size() < 2) return {};
  Frame frame;
  frame.opcode = head[0] & 15;
  std::size_t length = head[1] & 127;
  const int more = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (more > 0) {
    length = 0;
    for (const char c : client.take(static_cast<std::size_t>(more)))
      length = length << 8 | static_cast<unsigned char>(c);
  }
  frame.payload = client.take(length);
  if (frame.opcode == 8) client.send(std::string("\x88\x80\0\0\0\0", 6));  // a close is answered with a close
  return frame;
}
inline std::string text_frame(std::string_view text) {
  std::string out = "\x81";
  out += static_cast<char>(0x80 | text.size());  // < 126 bytes
  out += std::string(4, '\0');                   // a mask of zeros leaves the text as it is
  out += text;
  return out;
}

}  // namespace mineward::api::testing
