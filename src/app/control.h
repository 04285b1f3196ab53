/// How a second program asks a running node for something: a Unix socket in the data folder that only its
/// owner can open. One request a connection, one line each way.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"

namespace mineward::app {

/// Answers requests in a thread of its own until destroyed.
class ControlSocket {
 public:
  virtual ~ControlSocket() = default;
};
/// `answer` gets the words of the request ("backup /path/to/folder"); its error goes back as text.
using ControlAnswer = std::function<Status(const std::string& request)>;
Result<std::unique_ptr<ControlSocket>> open_control_socket(const std::string& path, ControlAnswer answer);

/// Asks the node behind the socket and waits for the answer. Nullopt when no node listens there.
std::optional<Status> ask_node(const std::string& path, const std::string& request);

}  // namespace mineward::app
