import CAssayText

/// Memory of a piece of input goes to the next piece: handed back to the system in between, it would be cleared page by page each time,
/// which takes longer than reading.
public enum HeldMemory {
  /// Has the process keep up to 256 MB of what it frees.
  public static func begin() { assay_text_hold_memory() }
}
