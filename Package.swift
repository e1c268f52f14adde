// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
let c: [CSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "assay",
  products: [
    .library(name: "Assay", targets: ["Assay"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // The vocabulary and the arithmetic, in C.
    .target(name: "CAssayOperations", path: "kernels/operations", publicHeadersPath: ".", cSettings: c),
    .target(
      name: "CAssayKernels", dependencies: ["CAssayOperations"], path: "kernels", sources: ["isa"],
      publicHeadersPath: "include", cSettings: c + [.headerSearchPath("."), .headerSearchPath("operations")]),
    .systemLibrary(
      name: "CLibSecp256k1", pkgConfig: "libsecp256k1", providers: [.apt(["libsecp256k1-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(
      name: "CAssayLibraryKernels", dependencies: ["CAssayKernels", "CLibSecp256k1", "COpenSSL"],
      path: "kernels/library",
      cSettings: c + [.headerSearchPath(".."), .headerSearchPath("../operations")]),

    // The vocabulary in Swift.
    .target(name: "AssayCore", dependencies: ["CAssayOperations"], swiftSettings: swift),

    // Backends.
    .target(
      name: "BackendCPU", dependencies: ["AssayCore", "CAssayKernels", "CAssayLibraryKernels"], swiftSettings: swift),
    .target(
      name: "CAssayOpenCL", dependencies: ["CAssayOperations"],
      cSettings: c + [.headerSearchPath("../../kernels"), .headerSearchPath("../../kernels/operations")]),
    .target(name: "BackendOpenCL", dependencies: ["AssayCore", "CAssayOpenCL"], swiftSettings: swift),

    // Workloads.
    .target(name: "AssaySignatures", dependencies: ["AssayCore"], swiftSettings: swift),
    .target(name: "AssayPricing", dependencies: ["AssayCore"], swiftSettings: swift),

    // Dispatch.
    .target(name: "AssayRuntime", dependencies: ["AssayCore"], swiftSettings: swift),
    .target(
      name: "Assay", dependencies: ["AssayCore", "AssayPricing", "AssayRuntime", "BackendCPU"], swiftSettings: swift),
    .executableTarget(
      name: "assay-digests", dependencies: ["Assay"], path: "Sources/AssayDigests", swiftSettings: swift),

    // Tests.
    .target(
      name: "ConformanceKit", dependencies: ["AssayCore", "AssayRuntime"], path: "Tests/ConformanceKit",
      swiftSettings: swift),
    .testTarget(
      name: "ConformanceTests", dependencies: ["Assay", "ConformanceKit"], path: "Tests/ConformanceTests",
      swiftSettings: swift),
    .testTarget(
      name: "AssayRuntimeTests", dependencies: ["Assay", "BackendCPU", "ConformanceKit"],
      path: "Tests/AssayRuntimeTests",
      swiftSettings: swift),

    // Text in and out.
    .target(
      name: "CAssayText", cxxSettings: [.treatAllWarnings(as: .error)], linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "AssayIO", dependencies: ["AssayCore", "CAssayText"], swiftSettings: swift),
    .testTarget(name: "AssayIOTests", dependencies: ["AssayIO"], swiftSettings: swift),
    .testTarget(
      name: "BackendOpenCLTests",
      dependencies: ["AssayCore", "AssayRuntime", "BackendCPU", "BackendOpenCL", "CAssayOpenCL", "ConformanceKit"],
      path: "Tests/BackendOpenCLTests", swiftSettings: swift),
  ]
)
