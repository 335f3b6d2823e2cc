/// ``RowTerms`` of four rows that follow each other.
struct FourRowTerms {
  var logLikelihood: SIMD4<Double>
  var factor: SIMD4<Double>
  var score: SIMD4<Double>
  var observed: SIMD4<Double>
  var weight: SIMD4<Double>
  var weightSlope: SIMD4<Double>

  /// Those of one of the rows, from 0 to 3.
  @inline(__always)
  func row(_ lane: Int) -> RowTerms {
    RowTerms(
      logLikelihood: logLikelihood[lane], factor: factor[lane], score: score[lane],
      observed: observed[lane], weight: weight[lane], weightSlope: weightSlope[lane])
  }
}

extension RowKernel {
  @inline(__always)
  func fourTerms(_ row: Int, _ eta: SIMD4<Double>) -> FourRowTerms {
    let first = terms(row, eta[0])
    let second = terms(row + 1, eta[1])
    let third = terms(row + 2, eta[2])
    let fourth = terms(row + 3, eta[3])
    return FourRowTerms(
      logLikelihood: SIMD4(
        first.logLikelihood, second.logLikelihood, third.logLikelihood, fourth.logLikelihood),
      factor: SIMD4(first.factor, second.factor, third.factor, fourth.factor),
      score: SIMD4(first.score, second.score, third.score, fourth.score),
      observed: SIMD4(first.observed, second.observed, third.observed, fourth.observed),
      weight: SIMD4(first.weight, second.weight, third.weight, fourth.weight),
      weightSlope: SIMD4(
        first.weightSlope, second.weightSlope, third.weightSlope, fourth.weightSlope))
  }
}
