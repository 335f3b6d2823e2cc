import RealModule

/// A residual standard deviation that is a power δ of a covariate or of the fitted values:
/// σ(|c|/c̄)^δ, c̄ the geometric mean of |c| (nlme's `varPower`, whose σ belongs to |c| = 1).
///
/// A pass over the rows for every δ, as weights differ from row to row.
struct PowerWeights: ResidualProducts {
  private let rows: ResidualRows
  private let frame: ResidualFrame
  /// log(|c|/c̄) at each position.
  private let logarithms: [Double]
  /// c̄.
  let centre: Double

  let start: [Double] = [0]

  /// - Parameter values: c by row of the model.
  /// - Throws: ``ModelError/residualStructure(_:)`` where one is 0, whose variance would be too.
  init(
    _ rows: ResidualRows, frame: ResidualFrame, values: [Double], name: String
  ) throws(ModelError) {
    let logs = frame.rows.map { Double.log(abs(values[$0])) }
    guard logs.allSatisfy(\.isFinite) else {
      throw .residualStructure(
        "the residual variance is a power of \(name), which must not be 0 in any row")
    }
    let mean = logs.reduce(0, +) / Double(max(1, logs.count))
    self.rows = rows
    self.frame = frame
    centre = Double.exp(mean)
    logarithms = logs.map { $0 - mean }
  }

  func products(at parameters: [Double]) -> WhitenedProducts? {
    let (effects, width) = (rows.effects, rows.width)
    let fixed = width - effects
    var products = GroupProducts(effects: effects, width: fixed, groups: frame.groups)
    var total = [Double](repeating: 0, count: fixed * (fixed + 1) / 2)
    let (gramSize, crossSize) = (products.gramSize, products.crossSize)
    var (gram, cross) = (products.gram, products.cross)
    for group in 0..<frame.groups {
      let range = frame.groupStarts[group]..<frame.groupStarts[group + 1]
      products.counts[group] = range.count
      for position in range {
        let weight = Double.exp(-2 * parameters[0] * logarithms[position])
        guard weight.isFinite, weight > 0 else { return nil }
        let start = position * width
        var target = group * gramSize
        for row in 0..<effects {
          let scaled = weight * rows.values[start + row]
          for column in 0...row {
            gram[target] += scaled * rows.values[start + column]
            target += 1
          }
        }
        target = group * crossSize
        for row in 0..<effects {
          let scaled = weight * rows.values[start + row]
          for column in effects..<width {
            cross[target] += scaled * rows.values[start + column]
            target += 1
          }
        }
        target = 0
        for row in effects..<width {
          let scaled = weight * rows.values[start + row]
          for column in effects...row {
            total[target] += scaled * rows.values[start + column]
            target += 1
          }
        }
      }
    }
    (products.gram, products.cross) = (gram, cross)
    products.total = Matrix(rows: fixed, columns: fixed) { total[packed($0, $1)] }
    // The logarithms sum to 0, and so does log|R|.
    return WhitenedProducts(products: products, logDeterminant: 0)
  }

  func gradient(at parameters: [Double], adjoint: ProductAdjoint) -> [Double] {
    let (effects, width) = (rows.effects, rows.width)
    let gramSize = effects * (effects + 1) / 2
    let crossSize = effects * adjoint.width
    var slope = 0.0
    for group in 0..<frame.groups {
      for position in frame.groupStarts[group]..<frame.groupStarts[group + 1] {
        let weight = Double.exp(-2 * parameters[0] * logarithms[position])
        let start = position * width
        var sum = 0.0
        var source = group * gramSize
        for row in 0..<effects {
          for column in 0...row {
            sum += adjoint.gram[source] * rows.values[start + row] * rows.values[start + column]
            source += 1
          }
        }
        source = group * crossSize
        for row in 0..<effects {
          for column in effects..<width {
            sum += adjoint.cross[source] * rows.values[start + row] * rows.values[start + column]
            source += 1
          }
        }
        source = 0
        for row in effects..<width {
          for column in effects...row {
            sum += adjoint.total[source] * rows.values[start + row] * rows.values[start + column]
            source += 1
          }
        }
        slope -= 2 * logarithms[position] * weight * sum
      }
    }
    return [slope]
  }

  func relativeVariances(of block: Int, at parameters: [Double]) -> [Double] {
    (frame.blockStarts[block]..<frame.blockStarts[block + 1]).map {
      Double.exp(2 * parameters[0] * logarithms[$0])
    }
  }

  func relativeCovariance(of block: Int, at parameters: [Double]) -> Matrix {
    Matrix(diagonal: relativeVariances(of: block, at: parameters))
  }
}
