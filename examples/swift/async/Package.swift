// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "example-async",
  dependencies: [.package(name: "assay", path: "../../..")],
  targets: [
    .executableTarget(
      name: "example-async",
      dependencies: [.product(name: "Assay", package: "assay")],
      path: ".", sources: ["main.swift"], swiftSettings: [.treatAllWarnings(as: .error)])
  ])
