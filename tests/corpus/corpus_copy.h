#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace weir::tests {

/// gateway-api and seed with the TLS Secrets they refer to, whose keys are made on the spot: the corpus has a program for it.
/// Taken away at the end.
class CertifiedCorpus {
 public:
  explicit CertifiedCorpus(const std::filesystem::path& corpus) {
    std::string name = (std::filesystem::temp_directory_path() / "weir-corpus-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) return;
    path_ = name;
    const std::string command = "'" + (corpus / "with-certificates").string() + "' '" + name + "' >/dev/null";
    good_ = std::system(command.c_str()) == 0;
  }
  ~CertifiedCorpus() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  CertifiedCorpus(const CertifiedCorpus&) = delete;
  CertifiedCorpus& operator=(const CertifiedCorpus&) = delete;
  CertifiedCorpus(CertifiedCorpus&&) = delete;
  CertifiedCorpus& operator=(CertifiedCorpus&&) = delete;

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool good_ = false;
};

}  // namespace weir::tests
