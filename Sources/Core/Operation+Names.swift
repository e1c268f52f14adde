// Written by scripts/update-operations from kernels/operations/operations.def.
import CAssayOperations

/// The operations of this build.
extension Operation {
  /// SHA-256 of 64 bytes.
  public static let sha256Pair = Operation(ASSAY_OPERATION_sha256_pair)
  /// SHA-256 of messages of any length.
  public static let sha256Message = Operation(ASSAY_OPERATION_sha256_message)
  /// SHA-256 of 0x01 and 64 bytes: RFC 6962's tree nodes.
  public static let sha256RFC6962Node = Operation(ASSAY_OPERATION_sha256_rfc6962_node)
  /// SHA-256 of SHA-256 of 64 bytes: Bitcoin's tree nodes.
  public static let sha256dPair = Operation(ASSAY_OPERATION_sha256d_pair)
  /// SHA-256 of SHA-256 of messages of any length: Bitcoin's transaction identifiers.
  public static let sha256dMessage = Operation(ASSAY_OPERATION_sha256d_message)
  /// Keccak-256 of 64 bytes.
  public static let keccak256Pair = Operation(ASSAY_OPERATION_keccak256_pair)
  /// Keccak-256 of messages of any length.
  public static let keccak256Message = Operation(ASSAY_OPERATION_keccak256_message)
  /// ECDSA on secp256k1; s above half the group order is rejected (Bitcoin, Ethereum, libsecp256k1).
  public static let ecdsaSecp256k1LowS = Operation(ASSAY_OPERATION_ecdsa_secp256k1_low_s)
  /// ECDSA on secp256k1; s of either half (SEC 1).
  public static let ecdsaSecp256k1AnyS = Operation(ASSAY_OPERATION_ecdsa_secp256k1_any_s)
  /// ECDSA on P-256; s above half the group order is rejected.
  public static let ecdsaP256LowS = Operation(ASSAY_OPERATION_ecdsa_p256_low_s)
  /// ECDSA on P-256; s of either half (FIPS 186-5).
  public static let ecdsaP256AnyS = Operation(ASSAY_OPERATION_ecdsa_p256_any_s)
  /// The public key and Ethereum address of a recoverable ECDSA signature on secp256k1.
  public static let ecdsaSecp256k1Recover = Operation(ASSAY_OPERATION_ecdsa_secp256k1_recover)
  /// BIP-340 Schnorr on secp256k1.
  public static let schnorrSecp256k1 = Operation(ASSAY_OPERATION_schnorr_secp256k1)
  /// Ed25519 as RFC 8032's ref10: cofactorless, R compared as bytes.
  public static let ed25519RFC8032 = Operation(ASSAY_OPERATION_ed25519_rfc8032)
  /// Ed25519 as ed25519-dalek's `verify_strict`: cofactorless, small-order A and R rejected.
  public static let ed25519DalekStrict = Operation(ASSAY_OPERATION_ed25519_dalek_strict)
  /// Ed25519 as libsodium 1.0.18: as `verify_strict`, and A's encoding must be the canonical one.
  public static let ed25519Libsodium = Operation(ASSAY_OPERATION_ed25519_libsodium)
  /// Ed25519 by Solana's SIMD-0376: cofactored, small-order and non-canonical A and R rejected.
  public static let ed25519SIMD0376 = Operation(ASSAY_OPERATION_ed25519_simd_0376)
  /// Ed25519 by ZIP 215: cofactored, every encoding accepted.
  public static let ed25519ZIP215 = Operation(ASSAY_OPERATION_ed25519_zip215)
  /// Prices and Greeks of European options under Black, Scholes and Merton, with a continuous dividend yield.
  public static let blackScholes = Operation(ASSAY_OPERATION_black_scholes)
  /// Prices and Greeks of European options under Black 1976, lognormal in the forward.
  public static let black76 = Operation(ASSAY_OPERATION_black_76)
  /// Prices and Greeks of options that are settled in the coin that they are written on: price in coin; delta, gamma,
  /// vega and theta in the quote currency; the coin's own exposures named apart.
  public static let inverse = Operation(ASSAY_OPERATION_inverse)
  /// A book's prices under 32 scenarios: spot (1 + spotShift), volatility + volatilityShift but not below 0, of 32
  /// doubles each.
  public static let blackScholesGrid = Operation(ASSAY_OPERATION_black_scholes_grid)
  /// The volatility at which `black_scholes` gives a price.
  public static let blackScholesImpliedVolatility = Operation(ASSAY_OPERATION_black_scholes_implied_volatility)
  /// The volatility at which `black_76` gives a price.
  public static let black76ImpliedVolatility = Operation(ASSAY_OPERATION_black_76_implied_volatility)
  /// The volatility at which ``inverse`` gives a price in coin.
  public static let inverseImpliedVolatility = Operation(ASSAY_OPERATION_inverse_implied_volatility)
  /// Prices and Greeks of European options under Bachelier, normal in the forward.
  public static let bachelier = Operation(ASSAY_OPERATION_bachelier)
  /// The volatility at which `bachelier` gives a price.
  public static let bachelierImpliedVolatility = Operation(ASSAY_OPERATION_bachelier_implied_volatility)
  /// Spots, futures and perpetuals (type 0) at their price, and cash (type 1) at 1.
  public static let linear = Operation(ASSAY_OPERATION_linear)
  /// Futures and perpetuals that are settled in the coin that they are written on (type 0), and coin (type 1), in coin.
  public static let linearInverse = Operation(ASSAY_OPERATION_linear_inverse)
  /// Prices and Greeks of American options, in the accuracy `fast`.
  public static let americanFast = Operation(ASSAY_OPERATION_american_fast)
  /// The volatility at which `american_fast` gives a price.
  public static let americanFastImpliedVolatility = Operation(ASSAY_OPERATION_american_fast_implied_volatility)
  /// Prices and Greeks of American options, in the accuracy `standard`.
  public static let american = Operation(ASSAY_OPERATION_american)
  /// The volatility at which `american` gives a price.
  public static let americanImpliedVolatility = Operation(ASSAY_OPERATION_american_implied_volatility)
  /// Prices and Greeks of American options, in the accuracy `high`.
  public static let americanHigh = Operation(ASSAY_OPERATION_american_high)
  /// The volatility at which `american_high` gives a price.
  public static let americanHighImpliedVolatility = Operation(ASSAY_OPERATION_american_high_implied_volatility)
  /// Fits one expiry's smile to raw SVI; see kernels/pricing/svi.kernel.h.
  public static let sviSlice = Operation(ASSAY_OPERATION_svi_slice)
  /// Looks for a negative density in a fitted slice.
  public static let sviButterfly = Operation(ASSAY_OPERATION_svi_butterfly)
  /// Compares the total variances of two fitted slices.
  public static let sviCalendar = Operation(ASSAY_OPERATION_svi_calendar)
  /// ln(strike / forward).
  public static let logMoneyness = Operation(ASSAY_OPERATION_log_moneyness)
  /// Groth16 over BN254, one verification key per batch, prepared or not.
  public static let groth16BN254 = Operation(ASSAY_OPERATION_groth16_bn254)
  /// What the proofs of one Groth16 key share, its lines and e(alpha, beta): the `prepared` of its proofs, which may
  /// also be empty.
  public static let groth16BN254Prepare = Operation(ASSAY_OPERATION_groth16_bn254_prepare)
  /// The precompile 0x06 (EIP-196): the sum of two BN254 points.
  public static let bn254Add = Operation(ASSAY_OPERATION_bn254_add)
  /// The precompile 0x07 (EIP-196): a multiple of a BN254 point.
  public static let bn254Mul = Operation(ASSAY_OPERATION_bn254_mul)
  /// The precompile 0x08 (EIP-197): BN254's pairing check.
  public static let bn254Pairing = Operation(ASSAY_OPERATION_bn254_pairing)
  /// RFC 9380's map onto BN254 (Shallue-van de Woestijne) of two field elements, from 96 uniform bytes, and their sum.
  public static let bn254MapUniformToG1 = Operation(ASSAY_OPERATION_bn254_map_uniform_to_g1)
  /// EIP-4844's verify_kzg_proof.
  public static let kzgProof = Operation(ASSAY_OPERATION_kzg_proof)
  /// EIP-4844's verify_blob_kzg_proof.
  public static let kzgBlob = Operation(ASSAY_OPERATION_kzg_blob)
  /// EIP-7594's verify_cell_kzg_proof_batch, one verdict per cell.
  public static let kzgCell = Operation(ASSAY_OPERATION_kzg_cell)
  /// The precompile 0x0a (EIP-4844): a KZG opening against a versioned hash.
  public static let kzgPointEvaluation = Operation(ASSAY_OPERATION_kzg_point_evaluation)
  /// BLS FastAggregateVerify with keys in G1: one message, any number of keys; Verify for one key.
  public static let bls12381MinPkFastAggregate = Operation(ASSAY_OPERATION_bls12381_min_pk_fast_aggregate)
  /// BLS AggregateVerify with keys in G1: a message for each key.
  public static let bls12381MinPkAggregate = Operation(ASSAY_OPERATION_bls12381_min_pk_aggregate)
  /// BLS Verify with keys in G2 and signatures in G1.
  public static let bls12381MinSig = Operation(ASSAY_OPERATION_bls12381_min_sig)
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
  /// ECDSA on the STARK curve; the key is an x coordinate.
  public static let ecdsaStark = Operation(ASSAY_OPERATION_ecdsa_stark)
  /// The key of a scalar on the STARK curve.
  public static let starkPublicKey = Operation(ASSAY_OPERATION_stark_public_key)
  /// Pedersen's hash of two elements.
  public static let starkPedersen = Operation(ASSAY_OPERATION_stark_pedersen)
  /// Poseidon's permutation of three elements.
  public static let starkPoseidonPermutation = Operation(ASSAY_OPERATION_stark_poseidon_permutation)
  /// Poseidon's hash of any number of elements.
  public static let starkPoseidonHash = Operation(ASSAY_OPERATION_stark_poseidon_hash)
  /// Sums of binary64 values and of earlier sums, exact and rounded once; see kernels/risk/exact_sum.kernel.h.
  public static let exactSum = Operation(ASSAY_OPERATION_exact_sum)
  /// Rows of a matrix product over 32 columns, the same bits from any BLAS; see kernels/risk/exact_product.kernel.h.
  public static let exactProduct = Operation(ASSAY_OPERATION_exact_product)
  /// exp in binary64.
  public static let exponential = Operation(ASSAY_OPERATION_exponential)
  /// The natural logarithm in binary64.
  public static let logarithm = Operation(ASSAY_OPERATION_logarithm)
  /// The natural logarithm of 18-decimal numbers, as lyra-utils computes it on chain.
  public static let evm18Logarithm = Operation(ASSAY_OPERATION_evm18_ln)
  /// exp of 18-decimal numbers, as lyra-utils computes it on chain.
  public static let evm18Exponential = Operation(ASSAY_OPERATION_evm18_exp)
  /// The square root of 18-decimal numbers, floored.
  public static let evm18SquareRoot = Operation(ASSAY_OPERATION_evm18_sqrt)
  /// The standard normal distribution's cumulative function of 18-decimal numbers.
  public static let evm18NormalCDF = Operation(ASSAY_OPERATION_evm18_normal_cdf)
  /// The standard normal distribution's density of 18-decimal numbers.
  public static let evm18NormalDensity = Operation(ASSAY_OPERATION_evm18_normal_density)
  /// Powers of 18-decimal numbers, as exp(ln(base) exponent).
  public static let evm18Power = Operation(ASSAY_OPERATION_evm18_power)
  /// Black-76 prices of a call and a put in 18-decimal numbers.
  public static let evm18Black76 = Operation(ASSAY_OPERATION_evm18_black_76)
  /// The volatility of a strike from an SVI slice in 18-decimal numbers.
  public static let evm18SVIVolatility = Operation(ASSAY_OPERATION_evm18_svi_volatility)
}
