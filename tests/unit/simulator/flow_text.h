#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace weir::test {

/// One recorded flow, as Hubble prints it. Empty members are left out, as protobuf JSON does.
struct FlowText {
  std::string time = "2026-01-01T00:00:00Z", verdict = "FORWARDED";
  std::string source_ip = "10.0.0.1", destination_ip = "10.0.0.2";
  std::string l4 = R"("TCP":{"source_port":40000,"destination_port":8080})";
  std::string source = R"("ID":1,"identity":2001,"namespace":"shop","labels":["k8s:app=web","k8s:io.kubernetes.pod.namespace=shop"],"pod_name":"web-1")";
  std::string destination = R"("ID":2,"identity":2002,"namespace":"shop","labels":["k8s:app=db","k8s:io.kubernetes.pod.namespace=shop"],"pod_name":"db-1")";
  std::string event = R"("event_type":{"type":5},"traffic_direction":"INGRESS","policy_match_type":2,"is_reply":false)";
  std::string type = "L3_L4", node = "n1";

  [[nodiscard]] std::string flow() const {
    std::string text = R"({"time":")" + time + R"(","verdict":")" + verdict + R"(","IP":{"source":")" + source_ip +
                       R"(","destination":")" + destination_ip + R"(","ipVersion":"IPv4"},"l4":{)" + l4 + R"(},"source":{)" +
                       source + R"(},"destination":{)" + destination + R"(},"Type":")" + type + R"(","node_name":")" + node + "\"";
    return text + (event.empty() ? "" : "," + event) + "}";
  }
  [[nodiscard]] std::string line() const {
    return R"({"flow":)" + flow() + R"(,"node_name":")" + node + R"(","time":")" + time + "\"}\n";
  }
};

/// A file that is gone when the test is.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& bytes, const std::string& suffix = ".jsonl") {
    static int number = 0;
    path_ = (std::filesystem::temp_directory_path() / ("weir-test-" + std::to_string(::getpid()) + "-" + std::to_string(number++) + suffix)).string();
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// A folder that is gone when the test is.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static int number = 0;
    path_ = (std::filesystem::temp_directory_path() / ("weir-folder-" + std::to_string(::getpid()) + "-" + std::to_string(number++))).string();
    std::filesystem::create_directory(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  void add(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((std::filesystem::path(path_) / name).parent_path());
    std::ofstream(path_ + "/" + name, std::ios::binary) << bytes;
  }

 private:
  std::string path_;
};

}  // namespace weir::test
