/// Inside ledger/: XML as a stream of elements; no document is ever held.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mineward::ledger {

/// The attributes of one element; names come without their prefix.
class Attributes {
 public:
  explicit Attributes(const char** pairs) : pairs_(pairs) {}
  /// Empty when it is not there.
  std::string_view operator[](std::string_view name) const;

 private:
  const char** pairs_;
};

/// What happens at the elements. Names come without their prefix.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, const Attributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view) {}
  /// Looked at after each piece: an error ends the reading.
  virtual Status state() const { return {}; }
};

/// Feeds a handler. Refuses a document type, and with it every entity: there is nothing to expand or fetch.
class XmlReader {
 public:
  explicit XmlReader(XmlHandler& handler);
  ~XmlReader();
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;

  Status feed(std::string_view piece, bool last = false);

 private:
  struct Impl;
  Impl* impl_;
};

}  // namespace mineward::ledger
