// Posts files over keep-alive HTTP connections as fast as the server takes them; for bench/run, which gives
// the same client to Mineward, VictoriaMetrics and InfluxDB. Plain sockets and one thread a connection, so
// that the client costs little beside the server on the same cores.
//
//   post_files PORT CONNECTIONS MANIFEST [EXPECTED]
//
// A line of the manifest is `lane <tab> target <tab> authorization <tab> file`; requests of a lane keep their
// order on one connection. A request is good when its status is 2xx and, if EXPECTED is given, its body
// contains that text. Prints one JSON object; exit 1 when a request was not good.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Job {
  std::string target, authorization, file;
};

struct Tally {
  std::vector<double> milliseconds;
  std::uint64_t bytes = 0, good = 0;
  std::string first_bad;  ///< status and body of the first request that was not good
};

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// One keep-alive connection. Throws when the server closes it or speaks no HTTP.
class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error(std::string("cannot connect: ") + std::strerror(errno));
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::close(socket_); }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) throw std::runtime_error(std::string("cannot send: ") + std::strerror(errno));
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  /// Status and body of the next answer.
  std::pair<int, std::string> receive() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) more();
    const std::string head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    const int status = head.size() > 12 ? std::atoi(head.c_str() + 9) : 0;
    const std::string length = field(head, "content-length");
    if (length.empty() && status != 204) throw std::runtime_error("an answer without a length: " + head);
    const std::size_t size = length.empty() ? 0 : std::stoul(length);
    while (buffer_.size() < size) more();
    std::string body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return {status, std::move(body)};
  }

 private:
  static std::string field(std::string_view head, std::string_view name) {
    std::string lower(head);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto at = lower.find("\r\n" + std::string(name) + ":");
    if (at == std::string::npos) return {};
    const auto from = at + name.size() + 3;
    return lower.substr(from, lower.find("\r\n", from) - from);
  }

  void more() {
    char piece[16384];
    const ssize_t n = ::recv(socket_, piece, sizeof piece, 0);
    if (n <= 0) throw std::runtime_error("the server closed the connection");
    buffer_.append(piece, static_cast<std::size_t>(n));
  }

  const int socket_;
  std::string buffer_;
};

/// Head and body go out in one piece, as a client library would send them.
void post_all(std::uint16_t port, const std::vector<Job>& jobs, const std::string& expected, Tally& tally) {
  Connection connection(port);
  for (const Job& job : jobs) {
    const std::string body = contents(job.file);
    std::string request = fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", job.target, port);
    if (!job.authorization.empty()) request += "Authorization: " + job.authorization + "\r\n";
    request += fmt::format("Content-Type: text/plain\r\nContent-Length: {}\r\n\r\n", body.size());
    request += body;
    const auto began = Clock::now();
    connection.send(request);
    const auto [status, answer] = connection.receive();
    tally.milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
    tally.bytes += body.size();
    const bool good = status / 100 == 2 && (expected.empty() || answer.find(expected) != std::string::npos);
    if (good) ++tally.good;
    if (!good && tally.first_bad.empty())
      tally.first_bad = fmt::format("{} {} for {}", status, answer.substr(0, 300), job.file);
  }
}

std::vector<std::vector<Job>> read_manifest(const std::string& path, std::size_t connections) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<std::vector<Job>> out(connections);
  std::string line;
  while (std::getline(in, line)) {
    std::vector<std::string> fields;
    std::size_t from = 0;
    for (std::size_t tab = 0; (tab = line.find('\t', from)) != std::string::npos; from = tab + 1)
      fields.push_back(line.substr(from, tab - from));
    fields.push_back(line.substr(from));
    if (fields.size() != 4) throw std::runtime_error("not four fields: " + line);
    out[std::stoul(fields[0]) % connections].push_back({fields[1], fields[2], fields[3]});
  }
  return out;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

int run(std::uint16_t port, std::size_t connections, const std::string& manifest,
        const std::string& expected) {
  const auto lanes = read_manifest(manifest, connections);
  std::vector<Tally> tallies(connections);
  const auto began = Clock::now();
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < connections; ++i)
      threads.emplace_back([&, i] {
        try {
          post_all(port, lanes[i], expected, tallies[i]);
        } catch (const std::exception& e) {
          if (tallies[i].first_bad.empty()) tallies[i].first_bad = e.what();
        }
      });
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  Tally all;
  std::size_t wanted = 0;
  for (std::size_t i = 0; i < connections; ++i) {
    wanted += lanes[i].size();
    all.good += tallies[i].good;
    all.bytes += tallies[i].bytes;
    all.milliseconds.insert(all.milliseconds.end(), tallies[i].milliseconds.begin(),
                            tallies[i].milliseconds.end());
    if (all.first_bad.empty()) all.first_bad = tallies[i].first_bad;
  }
  std::sort(all.milliseconds.begin(), all.milliseconds.end());
  const auto quantile = [&](double q) {
    if (all.milliseconds.empty()) return 0.0;
    return all
        .milliseconds[std::min(all.milliseconds.size() - 1,
                               static_cast<std::size_t>(q * static_cast<double>(all.milliseconds.size())))];
  };
  std::cout << fmt::format(
      R"({{"requests": {}, "good": {}, "bytes": {}, "seconds": {:.4f}, "p50_ms": {:.3f}, "p99_ms": {:.3f}, )"
      R"("worst_ms": {:.3f}, "first_bad": {}}})"
      "\n",
      wanted, all.good, all.bytes, seconds, quantile(0.5), quantile(0.99), quantile(1),
      quoted(all.first_bad));
  return all.good == wanted ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || argc > 5) {
    std::cerr << "post_files PORT CONNECTIONS MANIFEST [EXPECTED]\n";
    return 2;
  }
  try {
    return run(static_cast<std::uint16_t>(std::stoul(argv[1])), std::stoul(argv[2]), argv[3],
               argc > 4 ? argv[4] : "");
  } catch (const std::exception& e) {
    std::cerr << "post_files: " << e.what() << "\n";
    return 2;
  }
}
