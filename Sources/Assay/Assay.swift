// The umbrella: `import Assay` brings the vocabulary, the workloads and the runtime.
@_exported public import AssayCore
@_exported public import AssayMargin
@_exported public import AssayOracle
@_exported public import AssayPricing
@_exported public import AssayProofs
@_exported public import AssayRisk
@_exported public import AssayRuntime
@_exported public import AssaySignatures

/// This build of Assay.
public enum Assay {
  /// The version, as `assay --version` prints it.
  public static let version = "0.2.0"
}
