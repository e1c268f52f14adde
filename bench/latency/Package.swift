// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, because nothing else needs the histogram.
let package = Package(
  name: "bench-latency",
  dependencies: [
    .package(name: "assay", path: "../.."),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    .executableTarget(
      name: "bench-latency",
      dependencies: [
        .product(name: "Assay", package: "assay"), .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      path: ".", exclude: ["README.md"], swiftSettings: [.treatAllWarnings(as: .error)])
  ])
