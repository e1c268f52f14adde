// The umbrella: `import Assay` brings the vocabulary, the workloads and the runtime.
@_exported public import AssayCore
@_exported public import AssayMargin
@_exported public import AssayObjects
@_exported public import AssayOracle
@_exported public import AssayPricing
@_exported public import AssayProofs
@_exported public import AssayRisk
@_exported public import AssayRuntime
@_exported public import AssaySignatures

/// This build's version. No type is called like the module, so that a file that imports Foundation too can write `Assay.Operation`.
public enum AssayVersion {
  /// The version, as `assay --version` prints it.
  public static let current = "0.2.0"
}
