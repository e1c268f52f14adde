// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "example-backend",
  dependencies: [.package(name: "assay", path: "../../..")],
  targets: [
    .executableTarget(
      name: "example-backend",
      dependencies: [.product(name: "Assay", package: "assay"), .product(name: "ConformanceKit", package: "assay")],
      path: ".", sources: ["main.swift", "Abacus.swift"], swiftSettings: [.treatAllWarnings(as: .error)])
  ])
