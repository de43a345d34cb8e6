#include "sonata/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "ranvier/error.hpp"

namespace ranvier::sonata {

Json::Json(std::vector<std::pair<std::string, Json>> members) : kind_(Kind::object) {
  for (auto& [name, value] : members) {
    names_.push_back(std::move(name));
    items_.push_back(std::move(value));
  }
}

bool Json::has(const std::string& name) const { return std::find(names_.begin(), names_.end(), name) != names_.end(); }

const Json& Json::at(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) throw UserError("there is no \"" + name + "\"", "see the SONATA circuit configuration");
  return items_[static_cast<std::size_t>(found - names_.begin())];
}
double Json::number() const {
  if (kind_ != Kind::number) throw UserError("a number is wanted, and something else is there");
  return number_;
}
const std::string& Json::text() const {
  if (kind_ != Kind::text) throw UserError("a text is wanted, and something else is there");
  return text_;
}
const std::vector<Json>& Json::items() const {
  if (kind_ != Kind::array) throw UserError("a list is wanted, and something else is there");
  return items_;
}

std::string shortest(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      out += code;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

std::string Json::print(int indent) const {
  const std::string inner(static_cast<std::size_t>(indent) + 2, ' '), outer(static_cast<std::size_t>(indent), ' ');
  std::string out;
  switch (kind_) {
    case Kind::null: return "null";
    case Kind::boolean: return number_ != 0 ? "true" : "false";
    case Kind::number: return shortest(number_);
    case Kind::text: return quoted(text_);
    case Kind::array:
    case Kind::object: break;
  }
  const bool object = kind_ == Kind::object;
  for (std::size_t k = 0; k < items_.size(); ++k) {
    out += (k == 0 ? "\n" : ",\n") + inner + (object ? quoted(names_[k]) + ": " : "") + items_[k].print(indent + 2);
  }
  if (!items_.empty()) out += "\n" + outer;
  return (object ? "{" : "[") + out + (object ? "}" : "]");
}

/// Recursive descent; nested at most 100 deep.
class JsonParser {
 public:
  JsonParser(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}
  Json all() {
    Json value = one(0);
    blanks();
    if (at_ != text_.size()) fail("something follows the end");
    return value;
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size())), '\n');
    throw UserError(path_ + ", line " + std::to_string(line), "it is not JSON: " + problem, "mend the file");
  }
  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view w) {
    if (text_.compare(at_, w.size(), w) != 0) return false;
    at_ += w.size();
    return true;
  }
  std::string string() {
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      char c = text_[at_++];
      if (c == '\\') {
        c = at_ < text_.size() ? text_[at_++] : '\0';
        const auto plain = std::string_view("\"\\/").find(c);
        const auto special = std::string_view("bfnrt").find(c);
        if (special != std::string_view::npos) {
          c = "\b\f\n\r\t"[special];
        } else if (plain == std::string_view::npos) {
          unsigned code = 0;
          const bool good = c == 'u' && at_ + 4 <= text_.size() &&
                            std::from_chars(text_.data() + at_, text_.data() + at_ + 4, code, 16).ptr == text_.data() + at_ + 4 && code < 128;
          if (!good) fail("an escape that is not understood");
          at_ += 4;
          c = static_cast<char>(code);
        }
      }
      out += c;
    }
    if (!take('"')) fail("a text does not end");
    return out;
  }
  Json one(int depth) {
    if (depth > 100) fail("it is nested too deep");
    Json out;
    if (take('"')) return Json(string());
    const bool object = take('{');
    if (object || take('[')) {
      out.kind_ = object ? Json::Kind::object : Json::Kind::array;
      const char end = object ? '}' : ']';
      if (take(end)) return out;
      do {
        if (object) {
          if (!take('"')) fail("a name is wanted");
          out.names_.push_back(string());
          if (!take(':')) fail("':' is wanted");
        }
        out.items_.push_back(one(depth + 1));
      } while (take(','));
      if (!take(end)) fail(std::string("'") + end + "' is wanted");
      return out;
    }
    blanks();
    if (word("null")) return out;
    for (const bool yes : {true, false}) {
      if (!word(yes ? "true" : "false")) continue;
      out.kind_ = Json::Kind::boolean;
      out.number_ = yes ? 1 : 0;
      return out;
    }
    out.kind_ = Json::Kind::number;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), out.number_);
    if (error != std::errc{} || !std::isfinite(out.number_)) fail("a value is wanted");
    at_ = static_cast<std::size_t>(end - text_.data());
    return out;
  }

  std::string path_, text_;
  std::size_t at_ = 0;
};

Json read_json(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!file || std::filesystem::is_directory(path)) throw UserError(path.string(), "it cannot be read", "give a folder that save_sonata() wrote");
  text << file.rdbuf();
  return JsonParser(path.string(), text.str()).all();
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw UserError(path.string(), "it cannot be written", "check the folder and the space on the disk");
}

}  // namespace ranvier::sonata
