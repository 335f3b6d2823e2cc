import CVectors

/// The loops over the rows of one group, where a fit spends its time.
///
/// They stand apart from the criterion and take each array by itself, so that the compiler sees that
/// none of them overlaps another.
enum GroupLoops {
  /// What a group with a single random effect adds up, z being its column.
  struct ScalarSums {
    var likelihood = 0.0
    /// Of z times the score.
    var score: Double
    /// Of z² times the observed curvature.
    var observed: Double
    /// Of z² times the weight.
    var weight: Double
    /// Of z³ times the derivative of the weight.
    var slope: Double
  }

  /// Reads rows with a single random effect: sums of log-likelihoods, scores and curvatures.
  static func readScalar<Kernel: RowKernel>(
    _ range: Range<Int>, kernel: Kernel, design: [Double], predictor: [Double], effect: Double,
    into rows: inout GroupRows
  ) -> ScalarSums {
    let (first, stride) = (range.lowerBound, rows.stride)
    let design = design.span
    let predictor = predictor.span
    var values = rows.values.mutableSpan
    var likelihood = LikelihoodSum()
    var total = ScalarSums(score: 0, observed: 0, weight: 0, slope: 0)
    for row in range {
      let z = design[row]
      let eta = predictor[row - first] + z * effect
      let found = kernel.terms(row, eta)
      values[row - first] = eta
      values[row - first + stride] = found.score
      values[row - first + 2 * stride] = found.observed
      values[row - first + 3 * stride] = found.weightSlope
      likelihood.add(found)
      total.score += z * found.score
      total.observed += z * z * found.observed
      total.weight += z * z * found.weight
      total.slope += z * z * z * found.weightSlope
    }
    total.likelihood = likelihood.total
    return total
  }

  /// The same for several random effects; the lower triangles of the curvatures are filled.
  static func readVector<Kernel: RowKernel>(
    _ range: Range<Int>, kernel: Kernel, design: [Double], stride: Int, predictor: [Double],
    effects: [Double], into rows: inout GroupRows, scores: inout [Double],
    observedGram: inout [Double], weightGram: inout [Double]
  ) -> Double {
    let (first, apart) = (range.lowerBound, rows.stride)
    let size = effects.count
    let design = design.span
    let predictor = predictor.span
    let effects = effects.span
    var values = rows.values.mutableSpan
    var scores = scores.mutableSpan
    var observedGram = observedGram.mutableSpan
    var weightGram = weightGram.mutableSpan
    var likelihood = LikelihoodSum()
    for position in 0..<(size * size) {
      observedGram[position] = 0
      weightGram[position] = 0
    }
    for effect in 0..<size { scores[effect] = 0 }
    for row in range {
      var eta = predictor[row - first]
      for effect in 0..<size { eta += design[effect * stride + row] * effects[effect] }
      let found = kernel.terms(row, eta)
      values[row - first] = eta
      values[row - first + apart] = found.score
      values[row - first + 2 * apart] = found.observed
      values[row - first + 3 * apart] = found.weightSlope
      likelihood.add(found)
      for effect in 0..<size {
        let z = design[effect * stride + row]
        scores[effect] += z * found.score
        for other in 0...effect {
          let square = z * design[other * stride + row]
          observedGram[effect * size + other] += square * found.observed
          weightGram[effect * size + other] += square * found.weight
        }
      }
    }
    for row in 0..<size {
      for column in 0..<row {
        observedGram[column * size + row] = observedGram[row * size + column]
        weightGram[column * size + row] = weightGram[row * size + column]
      }
    }
    return likelihood.total
  }

  /// The log-likelihood of rows at a node; scores, their sums and linear predictors are kept from
  /// the node's own place on.
  static func readNode<Kernel: RowKernel>(
    _ range: Range<Int>, point: Int, kernel: Kernel, design: [Double], stride: Int,
    predictor: [Double], effects: [Double], predictors: inout [Double],
    scores: inout [Double], sums: inout [Double]
  ) -> Double {
    let size = effects.count
    let shift = point * range.count - range.lowerBound
    let design = design.span
    let predictor = predictor.span
    let effects = effects.span
    var predictors = predictors.mutableSpan
    var scores = scores.mutableSpan
    var sums = sums.mutableSpan
    var likelihood = LikelihoodSum()
    for effect in 0..<size { sums[point * size + effect] = 0 }
    for row in range {
      var eta = predictor[row - range.lowerBound]
      for effect in 0..<size { eta += design[effect * stride + row] * effects[effect] }
      let terms = kernel.terms(row, eta)
      predictors[shift + row] = eta
      scores[shift + row] = terms.score
      likelihood.add(terms)
      for effect in 0..<size {
        sums[point * size + effect] += design[effect * stride + row] * terms.score
      }
    }
    return likelihood.total
  }

  /// Scores in the mean over nodes.
  static func average(
    count: Int, shares: [Double], scores: [Double], means: inout [Double]
  ) {
    let points = shares.count
    let shares = shares.span
    let scores = scores.span
    var means = means.mutableSpan
    for local in 0..<count { means[local] = 0 }
    for point in 0..<points {
      let share = shares[point]
      for local in 0..<count { means[local] += share * scores[point * count + local] }
    }
  }

  /// The scores alone.
  static func copyScores(count: Int, rows: GroupRows, scores: inout [Double]) {
    let stride = rows.stride
    let values = rows.values.span
    var scores = scores.mutableSpan
    for local in 0..<count { scores[local] = values[stride + local] }
  }

  /// h = diag(Z S Z′) with S = TKT′, and b = Z′(h·w′).
  static func lean(
    _ range: Range<Int>, design: [Double], stride: Int, spread: [Double], rows: GroupRows,
    heights: inout [Double], lean: inout [Double]
  ) {
    let size = lean.count
    let first = range.lowerBound
    let design = design.span
    let spread = spread.span
    let slopes = 3 * rows.stride - first
    let values = rows.values.span
    var heights = heights.mutableSpan
    var lean = lean.mutableSpan
    for effect in 0..<size { lean[effect] = 0 }
    for row in range {
      var height = 0.0
      for effect in 0..<size {
        let z = design[effect * stride + row]
        for other in 0..<size {
          height += z * spread[effect * size + other] * design[other * stride + row]
        }
      }
      heights[row - first] = height
      let pulled = height * values[slopes + row]
      for effect in 0..<size { lean[effect] += pulled * design[effect * stride + row] }
    }
  }

  /// γ = −2ℓ̄′ + h·w′ − w·Z(Ta).
  static func gamma(
    _ range: Range<Int>, design: [Double], stride: Int, moved: [Double], rows: GroupRows,
    heights: [Double], scores: [Double], gamma: inout [Double]
  ) {
    let size = moved.count
    let first = range.lowerBound
    let design = design.span
    let moved = moved.span
    let apart = rows.stride
    let values = rows.values.span
    let heights = heights.span
    let scores = scores.span
    var gamma = gamma.mutableSpan
    for row in range {
      let local = row - first
      var shift = 0.0
      for effect in 0..<size { shift += design[effect * stride + row] * moved[effect] }
      gamma[local] =
        -2 * scores[local] + heights[local] * values[3 * apart + local]
        - values[2 * apart + local] * shift
    }
  }

  /// γ of a single random effect, from the sums of its rows.
  static func scalarGamma(
    _ range: Range<Int>, design: [Double], spread: Double, moved: Double, rows: GroupRows,
    scores: [Double], gamma: inout [Double]
  ) {
    let (first, apart) = (range.lowerBound, rows.stride)
    let design = design.span
    let values = rows.values.span
    let scores = scores.span
    var gamma = gamma.mutableSpan
    for local in 0..<range.count {
      let z = design[first + local]
      gamma[local] =
        z * (z * spread * values[3 * apart + local] - moved * values[2 * apart + local])
        - 2 * scores[local]
    }
  }

  /// The linear predictor of the rows of a group without random effects.
  static func predict(
    _ range: Range<Int>, offset: [Double], columns: [Double], coefficients: [Double],
    into predictor: inout [Double]
  ) {
    let stride = offset.count
    unsafe predictor.withUnsafeMutableBufferPointer { predictor in
      unsafe offset.withUnsafeBufferPointer { offset in
        unsafe columns.withUnsafeBufferPointer { columns in
          unsafe coefficients.withUnsafeBufferPointer { coefficients in
            guard let predictor = predictor.baseAddress, let offset = offset.baseAddress
            else { return }
            // Without columns neither they nor their coefficients are read.
            let first = range.lowerBound
            unsafe longwell_predict(
              range.count, stride - first, offset + first, (columns.baseAddress ?? offset) + first,
              stride, coefficients.baseAddress ?? offset, coefficients.count, predictor)
          }
        }
      }
    }
  }

  /// Adds X′γ of the rows of a group.
  static func addProducts(
    _ range: Range<Int>, columns: [Double], rowCount: Int, gamma: [Double],
    to sums: inout [Double]
  ) {
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      unsafe columns.withUnsafeBufferPointer { columns in
        unsafe gamma.withUnsafeBufferPointer { gamma in
          guard let total = sums.baseAddress, let columns = columns.baseAddress,
            let gamma = gamma.baseAddress
          else { return }
          let first = range.lowerBound
          unsafe longwell_add_products(
            range.count, rowCount - first, columns + first, rowCount, gamma, sums.count, total)
        }
      }
    }
  }
}
