// swift-tools-version: 6.2
import PackageDescription

/// `ASSAY_ONLY_RUNTIME=1` leaves everything out that the runtime's tests do not need: what scripts/sanitize builds again and again.
let onlyRuntime = Context.environment["ASSAY_ONLY_RUNTIME"] == "1"

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
let c: [CSetting] = [.treatAllWarnings(as: .error)]
let cxx: [CXXSetting] = [.treatAllWarnings(as: .error)]

/// A Swift module of ours at `Sources/<name>`.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swift)
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
  .systemLibrary(name: "CLibSecp256k1", pkgConfig: "libsecp256k1", providers: [.apt(["libsecp256k1-dev"])]),
  .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
]

// The vocabulary in Swift, and what turns typed rows into batches.
let core = module("AssayCore", ["CAssayOperations"])
let workloads: [Target] = [
  core,
  module("AssaySignatures", ["AssayCore", "CAssayOperations"]),
  module("AssayProofs", ["AssayCore", "CAssayOperations"]),
  module("AssayPricing", ["AssayCore", "CAssayOperations"]),
  module("AssayRisk", ["AssayCore", "AssayPricing", "CAssayOperations"]),
]

let host = module("BackendCPU", ["AssayCore", "CAssayKernels", "CAssayLibraryKernels"])
let backends: [Target] = [
  host,
  module("BackendOpenBLAS", ["AssayCore", "CAssayOpenBLAS"]),
  .target(
    name: "CAssayOpenBLAS", dependencies: ["CAssayOperations"], cSettings: c + [.headerSearchPath("../../kernels")]),
  module("BackendFPGA", ["AssayCore", "CAssayFPGA", "CAssayKernels"]),
  .systemLibrary(name: "CAssayFPGA", path: "kernels/fpga/include"),
  module("BackendOpenCL", ["AssayCore", "CAssayOpenCL"]),
  .target(
    name: "CAssayOpenCL", dependencies: ["CAssayOperations"],
    cSettings: c + [.headerSearchPath("../../kernels"), .headerSearchPath("../../kernels/operations")]),
]

// Dispatch, the umbrella, and the programs.
let runtime = module("AssayRuntime", ["AssayCore"])
let products: [Target] = [
  runtime,
  module(
    "Assay",
    [
      "AssayCore", "AssaySignatures", "AssayProofs", "AssayPricing", "AssayRisk", "AssayRuntime", "BackendCPU",
      "BackendFPGA", "BackendOpenBLAS", "BackendOpenCL",
    ]),
  .executableTarget(
    name: "assay-digests", dependencies: ["Assay"], path: "Sources/AssayDigests", swiftSettings: swift),
  .executableTarget(
    name: "bench-merkle", dependencies: ["Assay"], path: "bench/merkle",
    exclude: ["README.md", "openssl.c", "pymerkle_bench.py", "run.sh"], sources: ["main.swift"],
    swiftSettings: swift),
]

// Peers, side by side in one run.
let benches: [Target] = [
  .executableTarget(
    name: "bench-signatures", dependencies: ["Assay", "CLibSecp256k1", "COpenSSL"], path: "bench/signatures",
    exclude: ["README.md"], swiftSettings: swift),
  .executableTarget(name: "bench-scaling", dependencies: ["Assay"], path: "bench/scaling", swiftSettings: swift),
]

// Text in and out.
let text: [Target] = [
  .target(name: "CAssayText", cxxSettings: cxx, linkerSettings: [.linkedLibrary("simdjson")]),
  module("AssayIO", ["AssayCore", "CAssayText", "COpenSSL"]),
  .executableTarget(
    name: "AssayCommand",
    dependencies: ["Assay", "AssayIO", .product(name: "ArgumentParser", package: "swift-argument-parser")],
    swiftSettings: swift),
]

let conformanceKit: Target = .target(
  name: "ConformanceKit", dependencies: ["AssayCore", "AssayRuntime"], path: "Tests/ConformanceKit",
  swiftSettings: swift)
let runtimeTests = tests("AssayRuntimeTests", ["AssayCore", "AssayRuntime", "BackendCPU", "ConformanceKit"])
let testTargets: [Target] = [
  conformanceKit,
  runtimeTests,
  tests("ConformanceTests", ["Assay", "ConformanceKit"]),
  tests("AssayIOTests", ["AssayIO"]),
  tests("AssaySignaturesTests", ["AssayCore", "AssaySignatures", "BackendCPU"]),
  tests("CommandTests", ["AssayCommand"]),
  tests("AssayPricingTests", ["Assay"]),
  tests("AssayProofsTests", ["Assay", "AssayProofs"]),
  tests("AssayRiskTests", ["Assay", "AssayRisk"]),
  tests(
    "BackendFPGATests",
    ["Assay", "BackendCPU", "BackendFPGA", "CAssayFPGA", "CAssayOperations", "ConformanceKit"]),
  tests("BackendOpenCLTests", ["Assay", "BackendCPU", "BackendOpenCL", "CAssayOpenCL", "ConformanceKit"]),
]

let package =
  onlyRuntime
  ? Package(name: "assay", targets: kernels + [core, host, runtime, conformanceKit, runtimeTests])
  : Package(
    name: "assay",
    products: [
      .library(name: "Assay", targets: ["Assay"]),
      .executable(name: "assay", targets: ["AssayCommand"]),
    ],
    dependencies: [
      .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: kernels + workloads + backends + products + text + benches + testTargets
  )
