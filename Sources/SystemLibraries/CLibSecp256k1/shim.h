// Bitcoin Core's libsecp256k1, as Debian's libsecp256k1-dev installs it.
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_recovery.h>
#include <secp256k1_schnorrsig.h>
