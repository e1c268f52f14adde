public import AssayCore
import CAssayOperations

/// The operations on pairing-friendly curves: proofs, and the EVM's precompiles with their failure rules.
extension Operation {
  /// Groth16 over BN254, one verification key a batch, prepared or not.
  public static let groth16BN254 = Operation(ASSAY_OPERATION_groth16_bn254)
  /// What the proofs of one Groth16 key share, computed once a key.
  public static let groth16BN254Prepare = Operation(ASSAY_OPERATION_groth16_bn254_prepare)
  /// EIP-4844's verify_kzg_proof.
  public static let kzgProof = Operation(ASSAY_OPERATION_kzg_proof)
  /// EIP-4844's verify_blob_kzg_proof.
  public static let kzgBlob = Operation(ASSAY_OPERATION_kzg_blob)
  /// EIP-7594's verify_cell_kzg_proof_batch, one verdict a cell.
  public static let kzgCell = Operation(ASSAY_OPERATION_kzg_cell)
  /// The precompile 0x06 (EIP-196): the sum of two BN254 points.
  public static let bn254Add = Operation(ASSAY_OPERATION_bn254_add)
  /// The precompile 0x07 (EIP-196): a multiple of a BN254 point.
  public static let bn254Mul = Operation(ASSAY_OPERATION_bn254_mul)
  /// The precompile 0x08 (EIP-197): BN254's pairing check.
  public static let bn254Pairing = Operation(ASSAY_OPERATION_bn254_pairing)
  /// RFC 9380's map onto BN254 of two field elements, from 96 uniform bytes, and their sum.
  public static let bn254MapUniformToG1 = Operation(ASSAY_OPERATION_bn254_map_uniform_to_g1)
  /// The precompile 0x0a (EIP-4844): a KZG opening against a versioned hash.
  public static let kzgPointEvaluation = Operation(ASSAY_OPERATION_kzg_point_evaluation)
  /// The precompile 0x0b (EIP-2537): the sum of two points of G1.
  public static let bls12381G1Add = Operation(ASSAY_OPERATION_bls12381_g1_add)
  /// The precompile 0x0c (EIP-2537): a sum of multiples in G1.
  public static let bls12381G1MSM = Operation(ASSAY_OPERATION_bls12381_g1_msm)
  /// The precompile 0x0d (EIP-2537): the sum of two points of G2.
  public static let bls12381G2Add = Operation(ASSAY_OPERATION_bls12381_g2_add)
  /// The precompile 0x0e (EIP-2537): a sum of multiples in G2.
  public static let bls12381G2MSM = Operation(ASSAY_OPERATION_bls12381_g2_msm)
  /// The precompile 0x0f (EIP-2537): BLS12-381's pairing check.
  public static let bls12381Pairing = Operation(ASSAY_OPERATION_bls12381_pairing)
  /// The precompile 0x10 (EIP-2537): a field element mapped to G1.
  public static let bls12381MapFpToG1 = Operation(ASSAY_OPERATION_bls12381_map_fp_to_g1)
  /// The precompile 0x11 (EIP-2537): an element of Fp2 mapped to G2.
  public static let bls12381MapFp2ToG2 = Operation(ASSAY_OPERATION_bls12381_map_fp2_to_g2)
}
