internal import Definitions

extension ShippedInstruments {
  private static let overlayFolder = "instruments/overlays"

  /// The languages in which a shipped instrument can be read, its own first; empty for an unknown id.
  package static func languages(of id: String) -> [String] {
    guard let instrument = instrument(id: id) else { return [] }
    let others = overlayPaths(of: id).compactMap { path in
      path.split(separator: "/").last?.dropLast(".yaml".count).split(separator: ".").last
    }
    return [instrument.language] + Set(others.map(String.init)).sorted()
  }

  /// A shipped instrument in one of its languages, or nil if it cannot be read in it.
  package static func instrument(id: String, language: String) -> Instrument? {
    guard let instrument = instrument(id: id) else { return nil }
    guard language != instrument.language else { return instrument }
    let path = overlayPaths(of: id).first { $0.hasSuffix("/\(id).\(language).yaml") }
    guard let path, let file = EmbeddedFile.at(path) else { return nil }
    var problems = Problems()
    return Overlay.load(
      file.bytes, file: path, instrument: { $0 == id ? instrument : nil }, problems: &problems
    ).map(instrument.worded)
  }

  /// A shipped overlay, such as `longwell/needs-6.nl`, or nil if there is none.
  package static func overlay(id: String) -> Overlay? {
    guard let file = EmbeddedFile.at("\(overlayFolder)/\(id).yaml") else { return nil }
    var problems = Problems()
    return Overlay.load(
      file.bytes, file: file.path, instrument: instrument(id:), problems: &problems)
  }

  /// The paths of the overlays of an instrument, in order.
  package static func overlayPaths(of id: String) -> [String] {
    EmbeddedFile.inside(overlayFolder).map(\.file.path).filter { path in
      path.split(separator: "/").last?.hasPrefix("\(id).") ?? false
    }
  }
}
