public import AssayCore
import CAssayOperations

/// The hash operations that proofs flatten into: FIPS 180-4 SHA-256, and Keccak-256 with Ethereum's original padding.
extension Operation {
  /// SHA-256 of 64 bytes.
  public static let sha256Pair = Operation(ASSAY_OPERATION_sha256_pair)
  /// SHA-256 of 0x01 and 64 bytes: RFC 6962's tree nodes.
  public static let sha256RFC6962Node = Operation(ASSAY_OPERATION_sha256_rfc6962_node)
  /// SHA-256 of messages of any length.
  public static let sha256Message = Operation(ASSAY_OPERATION_sha256_message)
  /// SHA-256 of SHA-256 of 64 bytes: Bitcoin's tree nodes.
  public static let sha256dPair = Operation(ASSAY_OPERATION_sha256d_pair)
  /// SHA-256 of SHA-256 of messages of any length: Bitcoin's transaction identifiers.
  public static let sha256dMessage = Operation(ASSAY_OPERATION_sha256d_message)
  /// Keccak-256 of 64 bytes.
  public static let keccak256Pair = Operation(ASSAY_OPERATION_keccak256_pair)
  /// Keccak-256 of messages of any length.
  public static let keccak256Message = Operation(ASSAY_OPERATION_keccak256_message)
}
