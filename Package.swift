// swift-tools-version: 6.2
import PackageDescription

/// What scripts/sanitize builds, with less to build: `runtime`, the runtime and its tests; `library`, the library, the
/// program and the tests of what lies below them; everything when nothing is said.
let only = Context.environment["ASSAY_ONLY"]

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
let c: [CSetting] = [.treatAllWarnings(as: .error)]
let cxx: [CXXSetting] = [.treatAllWarnings(as: .error)]

/// A Swift module of ours at `Sources/<path>`.
func module(_ name: String, at path: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/\(path)", swiftSettings: swift)
}

/// A library of the system at `Sources/SystemLibraries/<name>`.
func system(_ name: String, pkgConfig: String, apt: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/SystemLibraries/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A test target at `Tests/<name>`.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: swift)
}

// The vocabulary and the arithmetic, in C.
let kernels: [Target] = [
  .target(name: "CAssayOperations", path: "kernels/operations", publicHeadersPath: ".", cSettings: c),
  .target(
    name: "CAssayKernels", dependencies: ["CAssayOperations"], path: "kernels", sources: ["isa"],
    publicHeadersPath: "include", cSettings: c + [.headerSearchPath("."), .headerSearchPath("operations")]),
  .target(
    name: "CAssayLibraryKernels", dependencies: ["CAssayKernels", "CLibSecp256k1", "COpenSSL"],
    path: "kernels/library", cSettings: c + [.headerSearchPath(".."), .headerSearchPath("../operations")]),
  system("CLibSecp256k1", pkgConfig: "libsecp256k1", apt: "libsecp256k1-dev"),
  system("COpenSSL", pkgConfig: "libcrypto", apt: "libssl-dev"),
]

// The vocabulary in Swift, and what turns typed rows into batches.
let core = module("AssayCore", at: "Core", ["CAssayOperations"])
let workloads: [Target] = [
  core,
  module("AssaySignatures", at: "Workloads/Signatures", ["AssayCore", "CAssayOperations"]),
  module("AssayProofs", at: "Workloads/Proofs", ["AssayCore", "CAssayOperations"]),
  module(
    "AssayObjects", at: "Workloads/Objects", ["AssayCore", "AssaySignatures", "AssayProofs"]),
  module("AssayPricing", at: "Workloads/Pricing", ["AssayCore", "CAssayOperations"]),
  module("AssayRisk", at: "Workloads/Risk", ["AssayCore", "AssayPricing", "CAssayOperations"]),
  module("AssayOracle", at: "Workloads/Oracle", ["AssayCore", "AssayProofs", "AssaySignatures"]),
  module("AssayMargin", at: "Workloads/Margin", ["AssayCore", "AssayPricing", "AssayRisk", "CAssayOperations"]),
]

let host = module("BackendCPU", at: "Backends/CPU/Swift", ["AssayCore", "CAssayKernels", "CAssayLibraryKernels"])
let backends: [Target] = [
  host,
  module("BackendOutside", at: "Backends/Outside/Swift", ["CAssayOutside"]),
  .target(name: "CAssayOutside", path: "Sources/Backends/Outside/C", cSettings: c),
  module("BackendOpenBLAS", at: "Backends/OpenBLAS/Swift", ["AssayCore", "BackendOutside", "CAssayOpenBLAS"]),
  .target(
    name: "CAssayOpenBLAS", dependencies: ["CAssayOperations", "CAssayOutside"], path: "Sources/Backends/OpenBLAS/C",
    cSettings: c + [.headerSearchPath("../../../../kernels")]),
  module(
    "BackendFPGA", at: "Backends/FPGA/Swift",
    ["AssayCore", "BackendOutside", "CAssayFPGA", "CAssayFPGAProbe", "CAssayKernels"]),
  .target(
    name: "CAssayFPGAProbe", dependencies: ["CAssayOutside"], path: "Sources/Backends/FPGA/C",
    cSettings: c + [.headerSearchPath("../../../../kernels/fpga/include")]),
  .systemLibrary(name: "CAssayFPGA", path: "kernels/fpga/include"),
  module("BackendOpenCL", at: "Backends/OpenCL/Swift", ["AssayCore", "BackendOutside", "CAssayOpenCL"]),
  .target(
    name: "CAssayOpenCL", dependencies: ["CAssayOperations", "CAssayOutside"], path: "Sources/Backends/OpenCL/C",
    cSettings: c + [.headerSearchPath("../../../../kernels"), .headerSearchPath("../../../../kernels/operations")]),
]

// Dispatch, the umbrella, and the programs.
let runtime = module("AssayRuntime", at: "Runtime", ["AssayCore"])
let umbrella = module(
  "Assay", at: "Assay",
  [
    "AssayCore", "AssaySignatures", "AssayProofs", "AssayObjects", "AssayPricing", "AssayRisk", "AssayMargin",
    "AssayOracle", "AssayRuntime", "BackendCPU", "BackendFPGA", "BackendOpenBLAS", "BackendOpenCL",
  ])
let products: [Target] = [
  .executableTarget(
    name: "assay-digests", dependencies: ["Assay"], path: "Sources/Digests", swiftSettings: swift),
  .executableTarget(
    name: "bench-merkle", dependencies: ["Assay"], path: "bench/merkle",
    exclude: ["README.md", "openssl.c", "pymerkle_bench.py", "run.sh"], sources: ["main.swift"],
    swiftSettings: swift),
]

// What C programs link; scripts/library makes the shared object of it.
let library: [Target] = [
  .target(name: "CAssayLibrary", path: "Sources/Library/C", exclude: ["assay.map"], cSettings: c),
  module("AssayLibrary", at: "Library/Swift", ["Assay", "AssayFormats", "CAssayLibrary"]),
]

// Peers, side by side in one run.
let benches: [Target] = [
  .executableTarget(
    name: "bench-signatures", dependencies: ["Assay", "CLibSecp256k1", "COpenSSL"], path: "bench/signatures",
    exclude: ["README.md", "lanes.sh"], swiftSettings: swift),
  .executableTarget(
    name: "bench-margin", dependencies: ["Assay", "AssayFormats", "AssayIO"], path: "bench/margin",
    exclude: ["README.md", "book.py", "numpy_peer.py", "rule.json"], swiftSettings: swift),
  .executableTarget(name: "bench-scaling", dependencies: ["Assay"], path: "bench/scaling", swiftSettings: swift),
]

// Text in and out, and the program.
let textModules: [Target] = [
  system("CLZ4", pkgConfig: "liblz4", apt: "liblz4-dev"),
  system("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
  .target(
    name: "CAssayText", path: "Sources/Formats/Text/C", cxxSettings: cxx,
    linkerSettings: [.linkedLibrary("simdjson")]),
  module("AssayIO", at: "Formats/Text/Swift", ["AssayCore", "CAssayText", "CLZ4", "COpenSSL", "CZstd"]),
]
let programs: [Target] = [
  .target(
    name: "AssayFormats", dependencies: ["Assay", "AssayIO"], path: "Sources/Formats", exclude: ["Text"],
    swiftSettings: swift),
  .executableTarget(
    name: "AssayCommand",
    dependencies: [
      "Assay", "AssayFormats", "AssayIO", .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    path: "Sources/Command", swiftSettings: swift),
]

let conformanceKit: Target = .target(
  name: "ConformanceKit", dependencies: ["AssayCore", "AssayRuntime"], path: "Tests/ConformanceKit",
  swiftSettings: swift)
let runtimeTests = tests("AssayRuntimeTests", ["AssayCore", "AssayRuntime", "BackendCPU", "ConformanceKit"])
let libraryTests = [
  tests("AssayCoreTests", ["AssayCore", "BackendCPU"]),
  tests("AssayIOTests", ["AssayIO"]),
  tests("AssayPricingTests", ["Assay"]),
  tests("AssayProofsTests", ["Assay", "AssayProofs"]),
  tests("AssayRiskTests", ["Assay", "AssayRisk"]),
  tests("ConformanceTests", ["Assay", "ConformanceKit"]),
]
let testTargets: [Target] = [
  conformanceKit,
  runtimeTests,
  tests("AssayAsyncTests", ["Assay"]),
  tests("AssayFormatsTests", ["Assay", "AssayFormats", "AssayIO"]),
  tests("AssayObjectsTests", ["Assay", "AssayObjects", "AssayFormats"]),
  tests("AssaySignaturesTests", ["AssayCore", "AssaySignatures", "BackendCPU"]),
  tests("CommandTests", ["AssayCommand"]),
  tests("AssayMarginTests", ["Assay", "AssayFormats", "AssayIO", "AssayMargin"]),
  tests(
    "BackendFPGATests",
    ["Assay", "BackendCPU", "BackendFPGA", "CAssayFPGA", "CAssayOperations", "ConformanceKit"]),
  tests("BackendOpenCLTests", ["Assay", "BackendCPU", "BackendOpenCL", "CAssayOpenCL", "ConformanceKit"]),
]

let targets: [Target] =
  switch only {
  case "runtime": kernels + [core, host, runtime, conformanceKit, runtimeTests]
  case "library":
    kernels + workloads + backends + [runtime, umbrella] + textModules + programs + [conformanceKit] + libraryTests
  default:
    kernels + workloads + backends + [runtime, umbrella] + products + library + textModules + programs + benches
      + testTargets + libraryTests
  }

let package = Package(
  name: "assay",
  products: only == nil
    ? [
      .library(name: "Assay", targets: ["Assay"]),
      .library(name: "AssayFormats", targets: ["AssayFormats"]),
      .library(name: "ConformanceKit", targets: ["ConformanceKit"]),
      .executable(name: "assay", targets: ["AssayCommand"]),
      .library(name: "AssayLibrary", type: .static, targets: ["AssayLibrary"]),
    ] : [],
  dependencies: only != "runtime"
    ? [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")] : [],
  targets: targets
)
