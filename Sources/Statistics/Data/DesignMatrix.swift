/// The columns that a list of terms makes over the rows of a model: R's `model.matrix`.
struct DesignMatrix: Hashable, Sendable {
  struct Column: Hashable, Sendable {
    /// The coefficient's name as R writes it.
    var name: String
    /// The position of the term that the column belongs to, -1 for the intercept.
    var term: Int
    /// What the values are, whatever the data: columns of two designs that mean the same are equal.
    var meaning: String
    var values: ColumnValues
  }

  private(set) var columns: [Column] = []
  /// The terms' names, in order.
  private(set) var termNames: [String]
  let hasIntercept: Bool

  /// Codes each factor by contrasts where the terms before it contain its margin, else by one
  /// indicator a level (the rule of Chambers & Hastie, *Statistical Models in S*, page 38, as R's
  /// `TermCode` applies it).
  ///
  /// - Parameters:
  ///   - variables: The values of `list.variables`, in the same order.
  ///   - codings: By variable; treatment coding where none is given.
  init(
    _ list: TermList, variables: [ModelVariable], codings: [String: Coding], rowCount: Int
  ) throws(ModelError) {
    hasIntercept = list.hasIntercept
    termNames = list.terms.map(list.label)
    if hasIntercept {
      columns.append(
        Column(
          name: "(Intercept)", term: -1, meaning: "",
          values: ColumnValues(pieces: [], count: rowCount)))
    }
    var awaitsFullFactor = !list.hasIntercept
    for (position, term) in list.terms.enumerated() {
      try Self.checkWidth(of: term, in: list, variables, beside: columns.count, rows: rowCount)
      var parts: [Part] = []
      for variable in term {
        var isFull = !Self.isMarginPresent(variable, in: term, before: list.terms[..<position])
        if awaitsFullFactor, case .factor = variables[variable] {
          isFull = true
          awaitsFullFactor = false
        }
        let name = list.variables[variable].description
        let next = try Self.coded(
          variables[variable], name: name, isFull: isFull, coding: codings[name] ?? .treatment)
        parts = parts.isEmpty ? next : Self.crossed(parts, next)
      }
      for part in parts {
        columns.append(
          Column(
            name: part.name, term: position, meaning: part.meanings.sorted().joined(separator: ":"),
            values: part.values))
      }
    }
  }

  /// The same columns in another order.
  func reordered(_ order: [Int]) -> DesignMatrix {
    var copy = self
    copy.columns = order.map { columns[$0] }
    return copy
  }

  /// More coefficients than anyone can read, and about where a fit would take minutes.
  static let mostColumns = 2_000
  /// 2 GB of numbers.
  static let mostEntries = 1 << 28

  /// Refuses a factor with thousands of levels among the effects before its columns are made.
  private static func checkWidth(
    of term: [Int], in list: TermList, _ variables: [ModelVariable], beside others: Int, rows: Int
  ) throws(ModelError) {
    var width = 1
    for variable in term {
      switch variables[variable] {
      case .numeric(let columns): width = min(mostColumns + 1, width * columns.count)
      case .factor(let levels, _): width = min(mostColumns + 1, width * levels.count)
      }
    }
    guard others + width <= mostColumns, (others + width) * rows <= mostEntries else {
      throw .tooManyColumns(term: list.label(term))
    }
  }

  private static func isMarginPresent(
    _ variable: Int, in term: [Int], before earlier: ArraySlice<[Int]>
  ) -> Bool {
    let margin = term.filter { $0 != variable }
    return margin.isEmpty || earlier.contains { Set($0).isSuperset(of: margin) }
  }

  private static func coded(
    _ variable: ModelVariable, name: String, isFull: Bool, coding: Coding
  ) throws(ModelError) -> [Part] {
    switch variable {
    case .numeric(let columns):
      return columns.map {
        Part(name: name + $0.suffix, meanings: [name + $0.suffix], values: ColumnValues($0.values))
      }
    case .factor(let levels, let codes):
      if isFull {
        return levels.enumerated().map { position, level in
          Part(
            name: name + level, meanings: ["\(name)=\(level)"],
            values: ColumnValues(
              pieces: [
                .coded(codes: codes, table: [0] + levels.indices.map { $0 == position ? 1 : 0 })
              ], count: codes.count))
        }
      }
      guard levels.count > 1 else { throw .singleLevel(factor: name) }
      let table = coding.values(levelCount: levels.count)
      return coding.suffixes(levels: levels).enumerated().map { column, suffix in
        let values = table.map { $0[column] }
        // A treatment contrast is the indicator of its level.
        let meaning = coding == .treatment ? "\(name)=\(suffix)" : "\(name)~\(coding)\(suffix)"
        return Part(
          name: name + suffix, meanings: [meaning],
          values: ColumnValues(
            pieces: [.coded(codes: codes, table: [.nan] + values)], count: codes.count))
      }
    }
  }

  /// All products, the first factor's columns running fastest.
  private static func crossed(_ first: [Part], _ second: [Part]) -> [Part] {
    second.flatMap { right in
      first.map { left in
        Part(
          name: left.name + ":" + right.name, meanings: left.meanings + right.meanings,
          values: left.values * right.values)
      }
    }
  }

  /// A column in the making.
  private struct Part {
    var name: String
    /// What each factor of the product is.
    var meanings: [String]
    var values: ColumnValues
  }
}
