import RealModule

/// The criterion of a model with a residual structure as a function of (θ, ψ).
///
/// At each ψ the model is one with independent residuals on whitened cross-products, whose criterion
/// gains log|R(ψ)|. The derivative by ψ is taken in reverse: with K = WB, G = (m/r²) cc′ for
/// c = (−b, 1), plus C̃_xx⁻¹ under REML, one group contributes
///
///     ⟨W + KGK′, dA⟩ − 2⟨KG, dB⟩ + ⟨G, dC⟩,
///
/// computed once per group whatever the number of parameters.
struct ResidualCriterion: Sendable {
  let source: any ResidualProducts
  let layout: RandomLayout
  let method: EstimationMethod

  /// What the criterion is at one (θ, ψ).
  struct Value: Sendable {
    /// At ψ, log|R| included in the deviance.
    var value: CriterionValue
    /// By θ, then ψ; empty unless asked for.
    var gradient: [Double]
  }

  func evaluate(_ point: [Double], withGradient: Bool) -> Value? {
    let (theta, parameters) = parts(point)
    guard let whitened = source.products(at: parameters),
      var value = OneFactorCriterion(whitened.products, layout: layout, method: method)
        .evaluate(factor: layout.factor(theta), withGradient: withGradient)
    else { return nil }
    value.deviance += whitened.logDeterminant
    guard value.deviance.isFinite else { return nil }
    guard withGradient, let slopes = value.gradient else {
      return Value(value: value, gradient: [])
    }
    var gradient = layout.parameters(slopes)
    if !parameters.isEmpty {
      let divisor = divisor(whitened.products)
      guard
        let adjoint = Self.adjoint(
          whitened.products, factor: layout.factor(theta), at: value,
          penalty: divisor / value.penalisedSum, isRestricted: method == .reml)
      else { return nil }
      gradient += source.gradient(at: parameters, adjoint: adjoint)
    }
    return Value(value: value, gradient: gradient)
  }

  /// The derivatives of r² by θ and ψ.
  func penaltyGradient(_ point: [Double]) -> [Double]? {
    let (theta, parameters) = parts(point)
    guard let whitened = source.products(at: parameters),
      let value = OneFactorCriterion(whitened.products, layout: layout, method: method)
        .evaluate(factor: layout.factor(theta), withGradient: true),
      let slopes = value.penaltyGradient
    else { return nil }
    guard !parameters.isEmpty else { return layout.parameters(slopes) }
    let products = whitened.products
    guard
      let adjoint = Self.adjoint(
        products, factor: layout.factor(theta), at: value, penalty: 1, isRestricted: false,
        withDeterminant: false)
    else { return nil }
    // The derivative of log|R| alone, to be taken off.
    let nothing = ProductAdjoint(
      effects: products.effects, width: products.width, groups: products.groups)
    let all = source.gradient(at: parameters, adjoint: adjoint)
    let logarithm = source.gradient(at: parameters, adjoint: nothing)
    return layout.parameters(slopes) + zip(all, logarithm).map(-)
  }

  /// θ and ψ.
  func parts(_ point: [Double]) -> (theta: [Double], parameters: [Double]) {
    (Array(point.prefix(layout.parameterCount)), Array(point.dropFirst(layout.parameterCount)))
  }

  /// m.
  private func divisor(_ products: GroupProducts) -> Double {
    Double(products.rows) - (method == .reml ? Double(products.width - 1) : 0)
  }

  /// The derivatives of [log|M| +] penalty · r² [+ log|C̃_xx|] by the cross-products.
  static func adjoint(
    _ products: GroupProducts, factor: Matrix, at value: CriterionValue, penalty: Double,
    isRestricted: Bool, withDeterminant: Bool = true
  ) -> ProductAdjoint? {
    let (size, width) = (products.effects, products.width)
    var adjoint = ProductAdjoint(effects: size, width: width, groups: products.groups)
    let weight = outer(value, penalty: penalty, isRestricted: isRestricted)
    for row in 0..<width {
      for column in 0...row {
        adjoint.total[packed(row, column)] = weight[row, column] * (row == column ? 1 : 2)
      }
    }
    var workspace = ShrinkageWorkspace(effects: size, factor: factor)
    var gain = [Double](repeating: 0, count: size * width)
    var moved = gain
    for group in 0..<products.groups {
      guard workspace.shrink(products.gram, from: group * products.gramSize) else { return nil }
      let cross = group * products.crossSize
      for row in 0..<size {
        for column in 0..<width {
          var sum = 0.0
          for inner in 0..<size {
            sum +=
              workspace.weights[row * size + inner]
              * products.cross[cross + inner * width + column]
          }
          gain[row * width + column] = sum
        }
        for column in 0..<width {
          var sum = 0.0
          for inner in 0..<width { sum += gain[row * width + inner] * weight[inner, column] }
          moved[row * width + column] = sum
          adjoint.cross[cross + row * width + column] = -2 * sum
        }
      }
      let gram = group * products.gramSize
      for row in 0..<size {
        for column in 0...row {
          var sum = withDeterminant ? workspace.weights[row * size + column] : 0
          for inner in 0..<width {
            sum += moved[row * width + inner] * gain[column * width + inner]
          }
          adjoint.gram[gram + packed(row, column)] = sum * (row == column ? 1 : 2)
        }
      }
    }
    return adjoint
  }

  /// G.
  private static func outer(
    _ value: CriterionValue, penalty: Double, isRestricted: Bool
  ) -> Matrix {
    let contrast = value.coefficients.map { -$0 } + [1]
    let fixed = value.coefficients.count
    let inverse = isRestricted ? value.precision.inverse : Matrix(rows: fixed, columns: fixed)
    return Matrix(rows: fixed + 1, columns: fixed + 1) { row, column in
      penalty * contrast[row] * contrast[column]
        + (row < fixed && column < fixed ? inverse[row, column] : 0)
    }
  }
}

/// W = T(T′AT + I)⁻¹T′ of one group after another, without allocating.
struct ShrinkageWorkspace {
  private let size: Int
  private let factor: [Double]
  private var product: [Double]
  private var pivot: [Double]
  private var half: [Double]
  /// W by rows.
  private(set) var weights: [Double]

  init(effects: Int, factor: Matrix) {
    size = effects
    self.factor = factor.elements
    product = [Double](repeating: 0, count: effects * effects)
    pivot = product
    half = product
    weights = product
  }

  /// - Parameter gram: Holds the lower triangle of A by rows from `start`.
  /// - Returns: `false` when M is not positive definite.
  mutating func shrink(_ gram: [Double], from start: Int) -> Bool {
    for row in 0..<size {
      for column in 0..<size {
        var sum = 0.0
        for inner in column..<size {
          sum += gram[start + packed(row, inner)] * factor[inner * size + column]
        }
        product[row * size + column] = sum
      }
    }
    for row in 0..<size {
      for column in 0...row {
        var sum = row == column ? 1.0 : 0
        for inner in row..<size {
          sum += product[inner * size + column] * factor[inner * size + row]
        }
        for inner in 0..<column {
          sum -= pivot[row * size + inner] * pivot[column * size + inner]
        }
        guard row == column else {
          pivot[row * size + column] = sum / pivot[column * size + column]
          continue
        }
        guard sum > 0 else { return false }
        pivot[row * size + row] = sum.squareRoot()
      }
    }
    for row in 0..<size {
      for column in 0..<size {
        var sum = factor[column * size + row]
        for inner in 0..<row { sum -= pivot[row * size + inner] * half[inner * size + column] }
        half[row * size + column] = sum / pivot[row * size + row]
      }
    }
    for row in 0..<size {
      for column in 0...row {
        var sum = 0.0
        for inner in 0..<size { sum += half[inner * size + row] * half[inner * size + column] }
        weights[row * size + column] = sum
        weights[column * size + row] = sum
      }
    }
    return true
  }
}
