// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "example-verify",
  dependencies: [.package(name: "assay", path: "../../..")],
  targets: [
    .executableTarget(
      name: "example-verify",
      dependencies: [.product(name: "Assay", package: "assay")],
      path: ".", sources: ["main.swift"], swiftSettings: [.treatAllWarnings(as: .error)])
  ])
