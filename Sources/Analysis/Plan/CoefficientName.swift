/// Names of coefficients: as plans write them, as R does, and as people read them.
enum CoefficientName {
  /// One factor of a product: a variable, and for a category its level.
  struct Part: Hashable, Sendable {
    var variable: String
    var level: String?
  }

  /// The parts of `week:arm[supportive]`; `nil` if it is not written so.
  static func parts(_ text: String) -> [Part]? {
    var parts: [Part] = []
    for piece in text.split(separator: ":", omittingEmptySubsequences: false) {
      let pieces = piece.split(separator: "[", omittingEmptySubsequences: false)
      guard let variable = pieces.first, !variable.isEmpty, pieces.count <= 2 else { return nil }
      guard pieces.count == 2 else {
        guard !piece.contains("]") else { return nil }
        parts.append(Part(variable: String(variable), level: nil))
        continue
      }
      guard let level = pieces.last, level.hasSuffix("]"), level.count > 1 else { return nil }
      parts.append(Part(variable: String(variable), level: String(level.dropLast())))
    }
    return parts.isEmpty ? nil : parts
  }

  /// The name that R and `Statistics` give to a coefficient of the plan, in any order of its parts.
  static func modelName(_ parts: [Part], among names: [String]) -> String? {
    let wanted = parts.map { $0.variable + ($0.level ?? "") }.sorted()
    return names.first { name in
      PersonTerm.written(name).split(separator: ":").map(String.init).sorted() == wanted
    }
  }

  /// A name for people: `week × arm: supportive`.
  static func label(_ modelName: String, factors: [String: [String]]) -> String {
    if modelName == "(Intercept)" { return "Intercept" }
    return PersonTerm.written(modelName).split(separator: ":").map { piece in
      for (factor, levels) in factors.sorted(by: { $0.key < $1.key }) {
        guard piece.hasPrefix(factor) else { continue }
        let level = piece.dropFirst(factor.count)
        if levels.contains(String(level)) { return "\(factor): \(level)" }
      }
      return String(piece)
    }.joined(separator: " × ")
  }
}
