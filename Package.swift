// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
let c: [CSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "assay",
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
  ]
)
