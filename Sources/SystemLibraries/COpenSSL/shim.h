// OpenSSL 3's libcrypto, as Debian's libssl-dev installs it.
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
