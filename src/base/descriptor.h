/// A file descriptor that closes itself.
#pragma once

#include <unistd.h>

namespace mineward {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }  ///< below 0 = none

 private:
  int fd_;
};

}  // namespace mineward
