import CAssayOpenCL

/// The arithmetic that bits depend on.
package enum Binary64 {
  /// Why results on binary64 would not have the right bits: the configuration lacks what IEEE 754 arithmetic needs, or emulates
  /// it. The self-test's digest then decides about the rest.
  package static func obstacle(_ configuration: cl_device_fp_config?) -> String? {
    guard let configuration, configuration != 0 else { return "the device has no binary64 arithmetic" }
    if configuration & cl_device_fp_config(CL_FP_SOFT_FLOAT) != 0 { return "its binary64 arithmetic is emulated" }
    let needed: [(bit: Int32, name: String)] = [
      (CL_FP_FMA, "fused multiply-add"), (CL_FP_DENORM, "subnormal numbers"), (CL_FP_INF_NAN, "infinities and NaN"),
      (CL_FP_ROUND_TO_NEAREST, "rounding to nearest"),
    ]
    let missing = needed.filter { configuration & cl_device_fp_config($0.bit) == 0 }.map(\.name)
    return missing.isEmpty ? nil : "its binary64 arithmetic lacks \(missing.joined(separator: ", "))"
  }
}
