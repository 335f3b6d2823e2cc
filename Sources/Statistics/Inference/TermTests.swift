/// The F test of one fixed term.
public struct TermTest: Hashable, Sendable, Codable {
  /// The term as it is named in the formula.
  public let term: String
  /// The test that all its coefficients are 0.
  public let test: FTest
}

extension MixedModelFit {
  /// Type III tests of the fixed terms, each given all others.
  ///
  /// Each term is tested as differences of levels from the first, averaged over the levels of the
  /// factors that it interacts with, whatever the coding, as SAS and lmerTest do; covariates stay
  /// where their 0 is. F does not depend on which differences are taken, but Satterthwaite's
  /// denominator does: these are lmerTest's. A term whose columns could not all be estimated is
  /// left out.
  public func typeThreeTests() throws(ModelError) -> [TermTest] {
    try typeThreeContrasts().map { TermTest(term: $0.term, test: $0.test) }
  }

  /// The combinations of fixed effects that each type III test holds to be 0, one a row.
  func typeThreeContrasts() throws(ModelError) -> [(term: String, contrasts: Matrix, test: FTest)] {
    let design = tables.frame.fixed
    let turn = try CodingTurn(tables)
    var tests: [(term: String, contrasts: Matrix, test: FTest)] = []
    for (position, name) in design.termNames.enumerated() {
      let rows = turn.terms.indices.filter { turn.terms[$0] == position }
      let kept = Set(tables.estimable)
      let isWhole = design.columns.indices.allSatisfy {
        design.columns[$0].term != position || kept.contains($0)
      }
      let contrasts = turn.matrix.part(rows: rows, columns: tables.estimable)
      guard isWhole, !rows.isEmpty, let test = test(contrasts) else { continue }
      tests.append((name, contrasts, test))
    }
    return tests
  }
}

/// The matrix that turns coefficients of a design into those of the same design with the simple
/// coding of every factor: level minus first level, the average of levels in the intercept.
///
/// Both designs span the same space whatever the values of covariates, so the matrix is found on
/// rows made up for the purpose: all factors' levels at random, covariates uniform on (−1, 1). That
/// is well conditioned where the data's own columns may not be.
struct CodingTurn {
  let matrix: Matrix
  /// The term of each row of the matrix.
  let terms: [Int]

  init(_ tables: FitTables) throws(ModelError) {
    let list = tables.formula.fixed
    let actual = tables.frame.fixed
    let rowCount = 8 * actual.columns.count + 64
    var generator = SplitMix64(state: 20_231)
    let variables = tables.frame.fixedVariables.map { variable -> ModelVariable in
      switch variable {
      case .numeric(let columns):
        return .numeric(
          columns.map { column in
            (column.suffix, (0..<rowCount).map { _ in 2 * generator.nextShare() - 1 })
          })
      case .factor(let levels, _):
        return .factor(
          levels: levels,
          codes: (0..<rowCount).map { _ in Int32(generator.nextShare() * Double(levels.count)) })
      }
    }
    var codings: [String: Coding] = [:]
    for node in list.variables { codings[node.description] = .simple }
    let made = try DesignMatrix(
      list, variables: variables, codings: tables.frame.codings, rowCount: rowCount)
    let simple = try DesignMatrix(
      list, variables: variables, codings: codings, rowCount: rowCount)
    terms = simple.columns.map(\.term)
    func product(_ left: [DesignMatrix.Column], _ right: [DesignMatrix.Column]) -> Matrix {
      Matrix(rows: left.count, columns: right.count) {
        dot(left[$0].values.array, right[$1].values.array)
      }
    }
    guard let gram = Cholesky(product(simple.columns, simple.columns)) else {
      throw .numerical("the terms' codings could not be compared")
    }
    let cross = product(simple.columns, made.columns)
    let solved = gram.inverse * cross
    // The entries are simple fractions; what rounding leaves of a zero is a zero.
    matrix = Matrix(rows: solved.rows, columns: solved.columns) {
      abs(solved[$0, $1]) < 1e-9 ? 0 : solved[$0, $1]
    }
  }
}
