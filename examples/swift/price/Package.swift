// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "example-price",
  dependencies: [.package(name: "assay", path: "../../..")],
  targets: [
    .executableTarget(
      name: "example-price",
      dependencies: [.product(name: "Assay", package: "assay"), .product(name: "AssayFormats", package: "assay")],
      path: ".", sources: ["main.swift"], swiftSettings: [.treatAllWarnings(as: .error)])
  ])
