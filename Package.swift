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

    // The vocabulary in Swift.
    .target(name: "AssayCore", dependencies: ["CAssayOperations"], swiftSettings: swift),

    // Workloads.
    .target(name: "AssayProofs", dependencies: ["AssayCore", "CAssayOperations"], swiftSettings: swift),

    // Backends.
    .target(name: "BackendCPU", dependencies: ["AssayCore", "CAssayKernels"], swiftSettings: swift),

    // Dispatch.
    .target(name: "AssayRuntime", dependencies: ["AssayCore"], swiftSettings: swift),
    .target(name: "Assay", dependencies: ["AssayCore", "AssayRuntime", "BackendCPU"], swiftSettings: swift),
    .executableTarget(name: "assay-digests", dependencies: ["Assay"], path: "Sources/AssayDigests", swiftSettings: swift),

    // Tests.
    .target(
      name: "ConformanceKit", dependencies: ["AssayCore", "AssayRuntime"], path: "Tests/ConformanceKit",
      swiftSettings: swift),
    .testTarget(
      name: "ConformanceTests", dependencies: ["Assay", "ConformanceKit"], path: "Tests/ConformanceTests", swiftSettings: swift),
    .testTarget(
      name: "AssayRuntimeTests", dependencies: ["Assay", "BackendCPU", "ConformanceKit"], path: "Tests/AssayRuntimeTests",
      swiftSettings: swift),
    .testTarget(name: "AssayProofsTests", dependencies: ["Assay", "AssayProofs"], swiftSettings: swift),
  ]
)
