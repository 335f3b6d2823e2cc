import Statistics
import Testing

/// Values from R 4.2.2: pnorm, pt, pchisq, pf and their quantile functions.
@Suite("Distributions")
struct DistributionTests {
  @Test("tails agree with R far out")
  func tails() {
    #expect(isClose(NormalDistribution().upperTail(1.96), 0.024997895148220435, relative: 1e-13))
    #expect(isClose(NormalDistribution().upperTail(12), 1.776482112077679e-33, relative: 1e-12))
    let student = StudentDistribution(degreesOfFreedom: 17)
    #expect(isClose(student.twoSidedTail(6.77148471054492), 3.26378839681217e-06, relative: 1e-9))
    #expect(isClose(student.lowerTail(-6.77148471054492), 1.631894e-06, relative: 1e-6))
    #expect(
      isClose(
        ChiSquareDistribution(degreesOfFreedom: 2).upperTail(30), 3.059023205018258e-07,
        relative: 1e-12))
    #expect(
      isClose(
        FDistribution(numerator: 1, denominator: 17).upperTail(45.8530051851436),
        3.263788e-06, relative: 1e-6))
  }

  @Test("quantiles invert tails", arguments: [0.001, 0.025, 0.5, 0.9, 0.975, 0.9999])
  func quantiles(probability: Double) {
    let distributions: [any ContinuousDistribution] = [
      NormalDistribution(), StudentDistribution(degreesOfFreedom: 2.7),
      StudentDistribution(degreesOfFreedom: .infinity),
      ChiSquareDistribution(degreesOfFreedom: 4.4),
      FDistribution(numerator: 2, denominator: 9.5),
      FDistribution(numerator: 3, denominator: .infinity),
    ]
    for distribution in distributions {
      let value = distribution.quantile(probability)
      #expect(isClose(distribution.lowerTail(value), probability, relative: 1e-9))
      #expect(isClose(distribution.upperTail(value), 1 - probability, relative: 1e-8))
    }
  }

  @Test("arguments out of range give NaN, not a trap")
  func outOfRange() {
    #expect(StudentDistribution(degreesOfFreedom: -1).upperTail(1).isNaN)
    #expect(StudentDistribution(degreesOfFreedom: 3).quantile(1.5).isNaN)
    #expect(ChiSquareDistribution(degreesOfFreedom: 0).upperTail(1).isNaN)
    #expect(FDistribution(numerator: 1, denominator: .nan).upperTail(1).isNaN)
    #expect(NormalDistribution().quantile(-0.1).isNaN)
    #expect(NormalDistribution().upperTail(.nan).isNaN)
  }
}
