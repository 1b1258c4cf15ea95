// Certificates (gateway.md 37, 38, 39; section 4 V9). Tested by tests/unit/compiler/resolve/certificates_test.cpp.
#include "compiler/resolve/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <set>

#include "ir/route/hostname.h"

namespace weir::compiler {
namespace {

struct Free {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(GENERAL_NAMES* p) const { GENERAL_NAMES_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> read_only(std::string_view pem) { return Owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

/// A key behind a passphrase is no key here: nobody is asked.
int no_passphrase(char*, int, int, void*) { return 0; }

std::int64_t seconds(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? static_cast<std::int64_t>(timegm(&parts)) : 0;
}

std::string text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::vector<std::string> names_of(const X509* certificate) {
  std::set<std::string> names;
  const Owned<GENERAL_NAMES> all(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) names.insert(ir::lower(text_of(name->d.dNSName)));
  }
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (names.empty() && at >= 0) names.insert(ir::lower(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)))));
  return {names.begin(), names.end()};
}

std::string fingerprint_of(const X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1) return {};
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += {kHex[digest[i] >> 4], kHex[digest[i] & 15]};
  return text;
}

Owned<X509> certificate_in(std::string_view pem) { return Owned<X509>(PEM_read_bio_X509(read_only(pem).get(), nullptr, no_passphrase, nullptr)); }

void take_facts(const X509* certificate, ir::Certificate& out) {
  out.names = names_of(certificate);
  out.not_before = seconds(X509_get0_notBefore(certificate));
  out.not_after = seconds(X509_get0_notAfter(certificate));
  out.fingerprint = fingerprint_of(certificate);
}

ir::Certificate facts_of_secret(const CertificateObject& object) {
  ir::Certificate out;
  out.origin = object.meta.origin;
  if (object.type != "kubernetes.io/tls") return out.problem = "its type is not kubernetes.io/tls", out;
  if (!object.certificate) return out.problem = "it has no item `tls.crt`", out;
  if (!object.key) return out.problem = "it has no item `tls.key`", out;
  const Owned<X509> certificate = certificate_in(*object.certificate);
  if (!certificate) return out.problem = "`tls.crt` holds no PEM certificate", out;
  take_facts(certificate.get(), out);
  const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(read_only(*object.key).get(), nullptr, no_passphrase, nullptr));
  if (!key) return out.problem = "`tls.key` holds no PEM key", out;
  out.key_matches = X509_check_private_key(certificate.get(), key.get()) == 1;
  if (!out.key_matches) out.problem = "its key is not that of its certificate";
  return out;
}

ir::Certificate facts_of_authority(const CertificateObject& object) {
  ir::Certificate out;
  out.origin = object.meta.origin;
  if (!object.authority) return out.problem = "it has no item `ca.crt`", out;
  const Owned<X509> certificate = certificate_in(*object.authority);
  if (!certificate) return out.problem = "`ca.crt` holds no PEM certificate", out;
  take_facts(certificate.get(), out);
  return out;
}

}  // namespace

void resolve_certificates(const GatewayObjects& objects, ir::Cluster& cluster) {
  for (const CertificateObject& object : objects.secrets)
    cluster.certificates.insert_or_assign({object.meta.namespace_name, object.meta.name}, facts_of_secret(object));
  for (const CertificateObject& object : objects.config_maps)
    cluster.authorities.insert_or_assign({object.meta.namespace_name, object.meta.name}, facts_of_authority(object));
}

bool covers(std::string_view name, std::string_view hostname) {
  if (name == hostname) return true;
  if (!name.starts_with("*.") || hostname.starts_with("*.")) return false;
  const std::size_t dot = hostname.find('.');
  return dot != std::string_view::npos && dot > 0 && hostname.substr(dot) == name.substr(1);
}

}  // namespace weir::compiler
