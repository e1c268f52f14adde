import COpenSSL
import CLibSecp256k1

/// The plain loops that a program would write around each library, a row at a time. Each returns how many rows were accepted.
enum Peers {
  /// SECP256K1_CONTEXT_NONE, SECP256K1_EC_UNCOMPRESSED and EVP_PKEY_PUBLIC_KEY, macros that Swift does not import.
  private static let contextNone: UInt32 = 1
  private static let uncompressed: UInt32 = 2
  private static let publicKey: Int32 = 0x86

  static func ecdsa(_ rows: [[[UInt8]]]) -> Int {
    guard let context = secp256k1_context_create(contextNone) else { return 0 }
    defer { secp256k1_context_destroy(context) }
    var accepted = 0
    for row in rows {
      var key = secp256k1_pubkey()
      var signature = secp256k1_ecdsa_signature()
      guard secp256k1_ec_pubkey_parse(context, &key, row[1], row[1].count) == 1,
        secp256k1_ecdsa_signature_parse_compact(context, &signature, row[2]) == 1
      else { continue }
      accepted += Int(secp256k1_ecdsa_verify(context, &signature, row[0], &key))
    }
    return accepted
  }

  /// Recovers and serializes the key; unlike Assay's, without the address.
  static func recover(_ rows: [[[UInt8]]]) -> Int {
    guard let context = secp256k1_context_create(contextNone) else { return 0 }
    defer { secp256k1_context_destroy(context) }
    var accepted = 0
    var output = [UInt8](repeating: 0, count: 65)
    for row in rows {
      var key = secp256k1_pubkey()
      var signature = secp256k1_ecdsa_recoverable_signature()
      let v = Int32(row[1][64]) % 27
      guard v < 2, secp256k1_ecdsa_recoverable_signature_parse_compact(context, &signature, row[1], v) == 1,
        secp256k1_ecdsa_recover(context, &key, &signature, row[0]) == 1
      else { continue }
      var length = output.count
      accepted += Int(secp256k1_ec_pubkey_serialize(context, &output, &length, &key, uncompressed))
    }
    return accepted
  }

  static func schnorr(_ rows: [[[UInt8]]]) -> Int {
    guard let context = secp256k1_context_create(contextNone) else { return 0 }
    defer { secp256k1_context_destroy(context) }
    var accepted = 0
    for row in rows {
      var key = secp256k1_xonly_pubkey()
      guard secp256k1_xonly_pubkey_parse(context, &key, row[0]) == 1 else { continue }
      accepted += Int(secp256k1_schnorrsig_verify(context, row[2], row[1], row[1].count, &key))
    }
    return accepted
  }

  /// OpenSSL 3's way without deprecated calls: a key from its bytes, then EVP_PKEY_verify of a DER signature. The signatures
  /// are brought to DER before the clock starts.
  static func p256(_ rows: [[[UInt8]]], der: [[UInt8]]) -> Int {
    var accepted = 0
    for (row, signature) in zip(rows, der) {
      var group = Array("prime256v1".utf8CString)
      var bytes = row[1]
      var key: OpaquePointer?
      group.withUnsafeMutableBufferPointer { group in
        bytes.withUnsafeMutableBytes { bytes in
          let parameters = [
            OSSL_PARAM_construct_utf8_string("group", group.baseAddress, 0),
            OSSL_PARAM_construct_octet_string("pub", bytes.baseAddress, bytes.count), OSSL_PARAM_construct_end(),
          ]
          let maker = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
          EVP_PKEY_fromdata_init(maker)
          var copy = parameters
          EVP_PKEY_fromdata(maker, &key, publicKey, &copy)
          EVP_PKEY_CTX_free(maker)
        }
      }
      let verifier = EVP_PKEY_CTX_new(key, nil)
      EVP_PKEY_verify_init(verifier)
      if EVP_PKEY_verify(verifier, signature, signature.count, row[0], 32) == 1 { accepted += 1 }
      EVP_PKEY_CTX_free(verifier)
      EVP_PKEY_free(key)
    }
    return accepted
  }

  static func ed25519(_ rows: [[[UInt8]]]) -> Int {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var accepted = 0
    for row in rows {
      let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, row[0], 32)
      EVP_MD_CTX_reset(context)
      EVP_DigestVerifyInit(context, nil, nil, nil, key)
      if EVP_DigestVerify(context, row[2], 64, row[1], row[1].count) == 1 { accepted += 1 }
      EVP_PKEY_free(key)
    }
    return accepted
  }
}
