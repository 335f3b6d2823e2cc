internal import Definitions

/// The instruments that come with Longwell.
///
/// A test loads each without a problem, so that nothing is silently left out here.
package struct ShippedInstruments: Sendable {
  /// Their ids, in order.
  package static func ids() -> [String] {
    EmbeddedFile.inside("instruments").map(\.path)
      .filter { $0.hasSuffix(".yaml") && !$0.contains("/") }
      .map { String($0.dropLast(".yaml".count)) }
  }

  /// All of them, by id.
  package static func all() -> [Instrument] {
    ids().compactMap(instrument(id:))
  }

  /// The one with an id, or nil if none has it.
  package static func instrument(id: String) -> Instrument? {
    guard let file = EmbeddedFile.at("instruments/\(id).yaml") else { return nil }
    var problems = Problems()
    return Instrument.load(file.bytes, file: file.path, problems: &problems)
  }
}
