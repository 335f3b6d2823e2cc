/// What a foreign file came to: our files, and the list of what is not in them.
package struct ImportOutcome: Sendable {
  /// A file to be written.
  package struct File: Hashable, Sendable {
    /// Its path below the folder that is written to: `phq9.yaml`, `overlays/imported/phq9.de.yaml`.
    package let path: String
    /// Its bytes.
    package let bytes: [UInt8]
  }

  /// The format that was read.
  package let format: ForeignFormat
  /// The instruments and their overlays.
  package internal(set) var files: [File] = []
  /// The ids of the instruments.
  package internal(set) var instruments: [String] = []
  /// How many items they have, instructions and computed items included.
  package internal(set) var items = 0
  /// How many scores they have.
  package internal(set) var scores = 0
  /// How many items have a condition that was carried over.
  package internal(set) var branching = 0
  /// The translations that came along, as `phq9.de`.
  package internal(set) var translations: [String] = []
  /// What did not come through, or not unchanged.
  package internal(set) var notCarried: [NotCarried] = []

  init(format: ForeignFormat) { self.format = format }
}
