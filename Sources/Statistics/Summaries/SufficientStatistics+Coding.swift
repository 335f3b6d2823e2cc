extension SufficientStatistics: Codable {
  /// The version of the form in which summaries are kept.
  public static let version = 1

  /// Reads a summary.
  ///
  /// - Throws: `DecodingError` in words when the file is no summary, is of another version, or does
  ///   not hang together.
  public init(from decoder: any Decoder) throws {
    let header = try SummaryHeader(from: decoder)
    func damaged(_ what: String) -> DecodingError {
      .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: what))
    }
    guard header.format == SummaryHeader.format else { throw damaged("it is not a summary") }
    guard header.version == Self.version else {
      throw damaged(
        "it is a summary of version \(header.version), and only version \(Self.version) can be read"
      )
    }
    let document = try SummaryDocument(from: decoder)
    do { self = try document.statistics() } catch let error as SummaryDocument.Damage {
      throw damaged(error.description)
    } catch let error as ModelError {
      throw damaged(error.description)
    } catch let error as FormulaError {
      throw damaged("its formula cannot be read: \(error.description)")
    }
  }

  /// Writes the summary.
  public func encode(to encoder: any Encoder) throws {
    try SummaryDocument(self).encode(to: encoder)
  }
}

/// What a file must say before the rest of it is read.
struct SummaryHeader: Codable {
  static let format = "longwell-summary"

  var format: String
  var version: Int
}

/// A summary as it is written: flat lists of numbers, cell after cell, that other programs can read.
struct SummaryDocument: Codable {
  /// `scale`: the mean and standard deviation that a variable is standardised by.
  struct Scale: Codable {
    var mean, deviation: Double
  }

  /// `poly`: the recurrence of its polynomials.
  struct Basis: Codable {
    var centres, squares: [Double]
  }

  struct Total: Codable {
    var rows: Int
    var weight: Double
    var means, products: [Double]
  }

  struct Cells: Codable {
    var levels: [[String]]
    var rows: [Int]
    var weights, means, products: [Double]
  }

  /// Why a summary is not one.
  struct Damage: Error, CustomStringConvertible {
    var description: String
  }

  var format: String
  var version: Int
  var formula: String
  var weights, offset: String?
  var contrasts: [String: Coding]
  var levels: [String: [String]]
  var scales: [String: Scale]
  var polynomials: [String: Basis]
  var columns, factors: [String]
  var missing: [MissingCount]
  var excluded: Int
  var logWeights: Double
  var covariates: [ReferenceGrid.Covariate]
  var meanOffset: Double
  var total: Total
  var cells: Cells

  init(_ statistics: SufficientStatistics) {
    let design = statistics.design
    format = SummaryHeader.format
    version = SufficientStatistics.version
    formula = design.formula.source
    weights = design.weights
    offset = design.offset
    contrasts = design.codings
    (levels, scales, polynomials) = ([:], [:], [:])
    for (name, constants) in design.constants {
      switch constants {
      case .levels(let known): levels[name] = known
      case .scale(let mean, let deviation): scales[name] = Scale(mean: mean, deviation: deviation)
      case .polynomials(let basis):
        polynomials[name] = Basis(centres: basis.centres, squares: basis.squares)
      // A summary of such a formula is refused.
      case .persons: break
      }
    }
    columns = design.columns
    factors = design.groupNames
    missing = statistics.missing
    excluded = statistics.excludedRows
    logWeights = statistics.logWeights
    covariates = statistics.covariates
    meanOffset = statistics.meanOffset
    let total = statistics.total
    self.total = Total(
      rows: total.rows, weight: total.weight, means: total.means, products: total.products)
    let cells = statistics.cells
    self.cells = Cells(
      levels: cells.keys, rows: cells.rows, weights: cells.weights, means: cells.means,
      products: cells.products)
  }

  /// The summary, if everything in it hangs together.
  func statistics() throws -> SufficientStatistics {
    var constants = levels.mapValues(VariableConstants.levels)
    for (name, scale) in scales {
      constants[name] = .scale(mean: scale.mean, deviation: scale.deviation)
    }
    for (name, basis) in polynomials {
      guard basis.squares.count == basis.centres.count + 1, basis.centres.count <= 20 else {
        throw Damage(description: "the polynomials of ‘\(name)’ are incomplete")
      }
      constants[name] = .polynomials(
        OrthogonalPolynomials(centres: basis.centres, squares: basis.squares))
    }
    let parsed = try ModelFormula.parse(formula)
    guard !parsed.random.isEmpty else { throw ModelError.noRandomTerm }
    let design = try SummaryDesign(
      parsed, codings: contrasts, constants: constants, weights: weights, offset: offset)
    guard design.columns == columns, design.groupNames == factors else {
      throw Damage(description: "its columns are not those of its formula")
    }
    try check(design)
    var moments = CellMoments(width: columns.count, spread: design.spread)
    moments.keys = cells.levels
    moments.rows = cells.rows
    moments.weights = cells.weights
    moments.means = cells.means
    moments.products = cells.products
    return SufficientStatistics(
      design: design, cells: moments.sorted(),
      total: Moments(
        rows: total.rows, weight: total.weight, means: total.means, products: total.products),
      missing: missing, excludedRows: excluded, logWeights: logWeights, covariates: covariates,
      meanOffset: meanOffset)
  }

  /// Refuses numbers that no rows could have given.
  private func check(_ design: SummaryDesign) throws {
    let width = columns.count
    let count = cells.rows.count
    guard total.means.count == width, total.products.count == width * (width + 1) / 2,
      cells.levels.count == count, cells.weights.count == count,
      cells.means.count == count * width,
      cells.products.count == count * width * design.spread.count,
      cells.levels.allSatisfy({ $0.count == factors.count })
    else { throw Damage(description: "its lists have not the lengths that its columns ask for") }
    guard Set(cells.levels).count == count else {
      throw Damage(description: "two of its cells have the same levels")
    }
    guard
      covariates.map(\.name) == Set(covariates.map(\.name)).sorted(),
      covariates.allSatisfy({ $0.mean.isFinite && $0.range >= 0 && $0.range.isFinite }),
      meanOffset.isFinite
    else { throw Damage(description: "its covariates have no means and ranges") }
    let numbers = [logWeights, total.weight] + total.means + total.products + cells.weights
    guard numbers.allSatisfy(\.isFinite), cells.means.allSatisfy(\.isFinite),
      cells.products.allSatisfy(\.isFinite), excluded >= 0, missing.allSatisfy({ $0.rows >= 0 })
    else { throw Damage(description: "some of its numbers are not finite or are negative") }
    guard cells.rows.allSatisfy({ (1...Int(Int32.max)).contains($0) }),
      cells.weights.allSatisfy({ $0 > 0 }),
      (0..<width).allSatisfy({ total.products[packed($0, $0)] >= 0 }),
      total.rows == cells.rows.reduce(0, +), Self.agrees(cells.weights.reduce(0, +), total.weight)
    else { throw Damage(description: "its cells do not add up to its total") }
    for column in 0..<width {
      var sum = 0.0
      var size = 0.0
      for cell in 0..<count {
        let part = cells.weights[cell] * cells.means[cell * width + column]
        sum += part
        size += abs(part)
      }
      guard abs(sum - total.weight * total.means[column]) <= 1e-9 * size else {
        throw Damage(
          description: "the means of ‘\(columns[column])’ by cell do not add up to its total")
      }
    }
  }

  private static func agrees(_ first: Double, _ second: Double) -> Bool {
    abs(first - second) <= 1e-9 * abs(second)
  }
}
