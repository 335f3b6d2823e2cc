/// What residuals of a given structure make of the cross-products of a model.
///
/// With residuals of covariance σ²R(ψ), every formula for independent residuals holds once the rows
/// are multiplied by R^(−1/2): A = Z′R⁻¹Z, B = Z′R⁻¹[X y], C = [X y]′R⁻¹[X y], and the criterion
/// gains log|R|. So a structure has to answer three questions only.
protocol ResidualProducts: Sendable {
  /// Where a search for the parameters ψ begins; its length is their number.
  var start: [Double] { get }

  /// The cross-products at ψ; `nil` where R is not positive definite to the precision of numbers.
  func products(at parameters: [Double]) -> WhitenedProducts?

  /// The derivatives by ψ of a function of the products and of log|R|.
  ///
  /// - Parameter adjoint: The function's derivatives by the products; that by log|R| is 1.
  func gradient(at parameters: [Double], adjoint: ProductAdjoint) -> [Double]

  /// The sums that the Kenward-Roger correction needs, at σ = 1.
  ///
  /// - Returns: `nil` for structures that the correction is not made for.
  func kenwardRogerMoments(at parameters: [Double]) -> KenwardRogerMoments?

  /// R for the rows of one block.
  func relativeCovariance(of block: Int, at parameters: [Double]) -> Matrix

  /// The diagonal of R for the rows of one block.
  func relativeVariances(of block: Int, at parameters: [Double]) -> [Double]
}

extension ResidualProducts {
  func kenwardRogerMoments(at parameters: [Double]) -> KenwardRogerMoments? { nil }
}

/// Cross-products of whitened rows.
struct WhitenedProducts: Sendable {
  var products: GroupProducts
  /// log|R|.
  var logDeterminant: Double
}

/// The derivatives of a function by the entries of ``GroupProducts``.
///
/// Entries stand as in the products; one that occurs twice in the symmetric matrix [Z X y]′[Z X y]
/// counts twice.
struct ProductAdjoint: Sendable {
  let effects: Int
  let width: Int
  var gram: [Double]
  var cross: [Double]
  /// The lower triangle by rows.
  var total: [Double]

  init(effects: Int, width: Int, groups: Int) {
    self.effects = effects
    self.width = width
    gram = [Double](repeating: 0, count: groups * effects * (effects + 1) / 2)
    cross = [Double](repeating: 0, count: groups * effects * width)
    total = [Double](repeating: 0, count: width * (width + 1) / 2)
  }
}
