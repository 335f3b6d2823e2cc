import Definitions
import Foundation
import Instruments

/// Instruments as the commands name them: by id, if they come with Longwell, or by file.
enum InstrumentDoor {
  /// The instrument of an id or of a path to a YAML file.
  ///
  /// - Throws: ``CommandFailure`` where there is none, or where the file has mistakes.
  static func open(_ name: String) throws -> Instrument {
    if isFile(name) { return try file(name) }
    guard let instrument = ShippedInstruments.instrument(id: name) else {
      let suggestion = nearestName(to: name, among: ShippedInstruments.ids())
      throw CommandFailure(
        .usage,
        "there is no instrument \(TerminalText.safe(quoted(name)))"
          + (suggestion.map { "; did you mean \($0)?" } ?? "; see longwell instruments"))
    }
    return instrument
  }

  /// The same in a language.
  ///
  /// - Parameter language: nil for the instrument's own.
  /// - Throws: ``CommandFailure`` also where it cannot be read in the language.
  static func open(_ name: String, language: String?) throws -> Instrument {
    let instrument = try open(name)
    guard let language, language != instrument.language else { return instrument }
    if let worded = ShippedInstruments.instrument(id: name, language: language) { return worded }
    let known = ShippedInstruments.languages(of: name)
    throw CommandFailure(
      .usage,
      "\(instrument.id) cannot be read in \(TerminalText.safe(language)), only in "
        + (known.isEmpty ? [instrument.language] : known).joined(separator: ", "))
  }

  /// The same in every language that there is, its own first; a file's overlays lie beside it, one
  /// language of one community each.
  ///
  /// - Throws: ``CommandFailure`` where there is none, or where a file has mistakes.
  static func wordings(of name: String) throws -> [Instrument] {
    let instrument = try open(name)
    guard isFile(name) else {
      return [instrument]
        + ShippedInstruments.languages(of: name).filter { $0 != instrument.language }
        .compactMap { ShippedInstruments.instrument(id: name, language: $0) }
    }
    let shelf = URL(filePath: name).deletingLastPathComponent().appending(path: "overlays")
    var wordings = [instrument]
    for community in names(in: shelf) {
      let folder = shelf.appending(path: community)
      for file in names(in: folder)
      where file.hasPrefix("\(instrument.id).") && file.hasSuffix(".yaml") {
        let worded = instrument.worded(by: try overlay(folder.appending(path: file), instrument))
        // Two communities may word one language: a form has room for one.
        if !wordings.contains(where: { $0.language == worded.language }) { wordings.append(worded) }
      }
    }
    return wordings
  }

  private static func isFile(_ name: String) -> Bool {
    name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.contains("/")
  }

  private static func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  private static func overlay(_ url: URL, _ instrument: Instrument) throws -> Overlay {
    try loaded(url) { bytes, file, problems in
      Overlay.load(
        bytes, file: file, instrument: { $0 == instrument.id ? instrument : nil },
        problems: &problems)
    }
  }

  private static func file(_ path: String) throws -> Instrument {
    try loaded(URL(filePath: path)) { bytes, file, problems in
      Instrument.load(bytes, file: file, problems: &problems)
    }
  }

  private static func loaded<Definition>(
    _ url: URL, _ load: ([UInt8], String, inout Problems) -> Definition?
  ) throws -> Definition {
    var problems = Problems()
    let loaded = load(Array(try Data(contentsOf: url)), url.relativePath, &problems)
    guard let loaded else {
      let lines = problems.sorted.map { TerminalText.safe($0.description) }
      throw CommandFailure(.problems, lines.joined(separator: "\n"))
    }
    return loaded
  }
}

extension Instrument {
  /// About how long it takes to answer, in whole minutes, at least one.
  ///
  /// Reckoned with 7.5 seconds for a question that is answered by choosing, 10 for a number or
  /// something to read, 40 for a text: what online surveys of adults commonly take.
  var minutes: Int {
    let seconds = items.reduce(0.0) { total, item in
      switch item.kind {
      case .single, .likert, .slider: total + 7.5
      case .multiple, .rank: total + 15
      case .number, .date, .time, .instruction: total + 10
      case .text, .own: total + 40
      case .computed: total
      }
    }
    return max(1, Int((seconds / 60).rounded(.up)))
  }

  /// Who may use it, in a few words.
  var termsOfUse: String {
    basis.map { $0.terms ?? "not stated; ask the authors" } ?? "Longwell's own, Apache 2.0"
  }
}
