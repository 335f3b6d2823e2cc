import Foundation
import Statistics
import Testing

/// A reference fit from `Fixtures/`, made by lme4, lmerTest and pbkrtest in R (versions in the file).
struct Reference: Sendable, CustomTestStringConvertible {
  let name: String

  var testDescription: String { name }

  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  func values() throws -> JSONValue {
    let url = Self.folder.appendingPathComponent(name + ".json")
    return try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: url))
  }

  /// The data that the reference was fitted to, factors with the levels that it names.
  func data() throws -> ModelData {
    let values = try values()
    guard let path = values["csv"].text else { throw CocoaError(.fileReadCorruptFile) }
    return try Self.data(path, factors: values["factors"].object)
  }

  static func data(_ path: String, factors: [String: JSONValue] = [:]) throws -> ModelData {
    let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
      }
    }
    let names = rows[0]
    return try ModelData(
      names.enumerated().map { position, name in
        let cells = rows.dropFirst().map { $0[position] == "NA" ? nil : $0[position] }
        if let factor = factors[name] {
          let levels = factor["levels"].list.map { $0.text ?? "" }
          return (name, .factor(text: cells, levels: levels))
        }
        let numbers = cells.map { $0.map { Double($0) } ?? .nan }
        if numbers.contains(where: { $0 == nil }) { return (name, .factor(text: cells)) }
        return (name, .numeric(numbers.map { $0 ?? .nan }))
      })
  }

  /// The model that the reference fitted.
  func model() throws -> LinearMixedModel {
    let values = try values()
    let formula = try ModelFormula.parse(values["formula"].text ?? "")
    var codings: [String: Coding] = [:]
    for (factor, contrast) in values["contrasts"].object {
      codings[factor] = contrast.text == "contr.sum" ? .sum : .treatment
    }
    return try LinearMixedModel(
      formula, data: try data(), codings: codings,
      weights: values["weights"].text.map { String($0.prefix { $0.isLetter }) })
  }

  /// The fit, by the method that the reference used.
  func fit() throws -> LinearMixedModelFit {
    try model().fit(try values()["REML"].truth == false ? .ml : .reml)
  }
}
