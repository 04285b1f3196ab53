#include "pack/tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

#include "base/text.h"

namespace mineward::pack {
namespace {

/// Larger files are refused: the YAML library needs about 100 bytes of memory for one of text.
constexpr std::size_t kLargestFile = std::size_t{4} * 1024 * 1024;

int line_at(std::string_view bytes, std::size_t offset) {
  return 1 + static_cast<int>(
                 std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

/// Builds the tree from the parser's events. Frames of open lists and mappings are kept on a stack.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, Report& report) : file_(file), report_(report) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    Node node;
    node.line = mark.line + 1;
    put(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    report_.add(file_, mark.line + 1, "found an alias (*name), expected the value itself");
    Node node;
    node.line = mark.line + 1;
    put(std::move(node));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    Node node;
    node.kind = Node::Kind::scalar;
    node.line = mark.line + 1;
    node.quoted = tag == "!";
    node.text = value;
    if (!is_utf8(value)) {  // the file is; the library writes these two escapes as single bytes
      report_.add(file_, node.line, "found the escape \\_ or \\N, expected \\u00a0 or \\u0085");
      node.text = as_utf8(value);
    }
    put(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

  Node take() { return std::move(root_); }

 private:
  struct Frame {
    Node node;
    bool has_key = false;  // of a mapping: `key` waits for its value
    Entry pending;
  };

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor)
      report_.add(file_, mark.line + 1, "found an anchor (&name), expected plain YAML without anchors");
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    report_.add(file_, mark.line + 1,
                fmt::format("found the tag {}, expected plain YAML without tags", quoted(tag)));
  }
  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    Frame frame;
    frame.node.kind = kind;
    frame.node.line = mark.line + 1;
    stack_.push_back(std::move(frame));
  }
  void close() {
    Node done = std::move(stack_.back().node);
    stack_.pop_back();
    put(std::move(done));
  }
  void put(Node&& node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& top = stack_.back();
    if (top.node.is_list()) {
      top.node.items.push_back(std::move(node));
    } else if (!top.has_key) {
      if (!node.is_scalar()) {
        report_.add(file_, node.line, fmt::format("found {} as a key, expected a name", describe(node)));
      }
      top.pending = Entry{std::move(node.text), node.line, {}};
      top.has_key = true;
    } else {
      top.pending.value = std::move(node);
      top.has_key = false;
      top.node.entries.push_back(std::move(top.pending));
    }
  }

  const std::string& file_;
  Report& report_;
  std::vector<Frame> stack_;
  Node root_;
};

bool readable(std::string_view bytes, const std::string& file, Report& report) {
  if (bytes.size() > kLargestFile) {
    report.add(file, 1, fmt::format("found {} bytes, expected at most {}", bytes.size(), kLargestFile));
    return false;
  }
  if (const auto bad = first_invalid_utf8(bytes)) {
    report.add(file, line_at(bytes, *bad),
               fmt::format("found byte 0x{:02x} at offset {}, expected UTF-8",
                           static_cast<unsigned char>(bytes[*bad]), *bad));
    return false;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
      report.add(file, line_at(bytes, i), fmt::format("found control character 0x{:02x}, expected text", c));
      return false;
    }
  }
  return true;
}

}  // namespace

const Node* Node::get(std::string_view key) const {
  for (const auto& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

int Node::line_of(std::string_view key) const {
  for (const auto& entry : entries) {
    if (entry.key == key) return entry.line;
  }
  return line;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 60;
  if (text.size() <= kShown) return fmt::format("\"{}\"", text);
  std::size_t cut = kShown;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return fmt::format("\"{}...\"", text.substr(0, cut));
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return "nothing";
    case Node::Kind::scalar: return quoted(node.text);
    case Node::Kind::list: return "a list";
    case Node::Kind::map: return "a mapping";
  }
  return "something";
}

Node parse_yaml(std::string_view bytes, const std::string& file, Report& report) {
  if (!readable(bytes, file, report)) return {};
  TreeBuilder builder(file, report);
  try {
    std::istringstream stream{std::string(bytes)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return {};
    Node root = builder.take();
    if (parser.HandleNextDocument(builder)) {
      report.add(file, 1, "found more than one YAML document in the file, expected one");
    }
    return root;
  } catch (const YAML::Exception& e) {
    report.add(file, std::max(1, e.mark.line + 1),
               fmt::format("found YAML that cannot be read ({}, column {}), expected well-formed YAML",
                           as_utf8(e.msg), std::max(1, e.mark.column + 1)));
  } catch (const std::exception& e) {
    report.add(
        file, 1,
        fmt::format("found YAML that cannot be read ({}), expected well-formed YAML", as_utf8(e.what())));
  }
  return {};
}

}  // namespace mineward::pack
