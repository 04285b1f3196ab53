/// For the tests that ask much, and much nonsense, of one server.
#pragma once

#include <fmt/format.h>

#include <cctype>
#include <memory>
#include <string>

#include "api/world_testing.h"

namespace mineward::api::testing {

/// However often one account or address asks. (Passwords may still not be tried without end.)
inline ServerOptions unlimited() {
  ServerOptions options;
  options.per_address = options.per_account = {};
  return options;
}

/// With percent escapes, as a part of a target.
inline std::string encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += std::isalnum(byte) ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

/// Asks over one connection, and over a new one when the server closed it.
class Asker {
 public:
  explicit Asker(World& world) : world_(world) {}
  Answer ask(const std::string& method, const std::string& target, const Session& session,
             const std::string& body = {}, const std::string& type = "application/json") {
    if (!client_) client_ = std::make_unique<Client>(world_.server->port());
    const Answer answer = client_->ask(request_text(method, target, session, body, type));
    if (answer.status == 0 || answer.header("connection") == "close") client_.reset();
    ++asked;
    return answer;
  }
  int asked = 0;

 private:
  World& world_;
  std::unique_ptr<Client> client_;
};

}  // namespace mineward::api::testing
