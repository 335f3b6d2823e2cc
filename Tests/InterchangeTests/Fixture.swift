import Definitions
import Expressions
import Foundation
import Instruments
import Testing

@testable import Interchange

/// The files beside the tests.
enum Fixture {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  static let options = ImportOptions(date: "2026-11-22")

  /// What a fixture comes to.
  static func imported(
    _ path: String, as format: ForeignFormat? = nil, options: ImportOptions = options
  ) throws -> ImportOutcome {
    try ForeignImport.read(
      ForeignFile.open(folder.appending(path: path)), as: format, options: options)
  }

  /// An instrument of an import, which must load without an error.
  static func instrument(_ id: String, of outcome: ImportOutcome) throws -> Instrument {
    let file = try #require(outcome.files.first { $0.path == "\(id).yaml" })
    var problems = Problems()
    let instrument = Instrument.load(file.bytes, file: file.path, problems: &problems)
    #expect(!problems.hasErrors)
    return try #require(instrument)
  }
}

extension ImportOutcome {
  /// What of an item did not come through.
  func lost(_ item: String) -> Set<String> {
    Set(notCarried.filter { $0.item == item }.map(\.what))
  }
}

extension Instrument {
  /// An item's condition as it is written.
  func condition(_ id: String) -> String? { item(id)?.showIf?.description }

  /// An item's options as "1 Never, 2 Sometimes".
  func options(_ id: String) -> String {
    (item(id)?.options ?? []).map { "\($0.value) \($0.label ?? "")" }.joined(separator: ", ")
  }
}

extension Item {
  var number: NumberRange? { if case .number(let range) = kind { range } else { nil } }
  var slider: SliderScale? { if case .slider(let scale) = kind { scale } else { nil } }
  var choices: ChoiceSet? { if case .multiple(let set) = kind { set } else { nil } }
  var ranks: ResponseScale? { if case .rank(let scale) = kind { scale } else { nil } }
  var limit: TextLimit? { if case .text(let limit) = kind { limit } else { nil } }
}
