import Testing

@testable import Statistics

@Suite("A symmetric sweep")
struct SymmetricSweepTests {
  /// A positive definite matrix of some rows, as a sweep has it and whole.
  private static func matrix(_ size: Int) -> (sweep: SymmetricSweep, whole: Matrix) {
    var generator = SplitMix64(state: UInt64(size))
    var sweep = SymmetricSweep(size: size)
    var whole = Matrix(rows: size, columns: size)
    for row in 0..<size {
      for column in 0...row {
        let value = generator.normal() + (row == column ? Double(2 * size) : 0)
        sweep[row, column] = value
        whole[row, column] = value
        whole[column, row] = value
      }
    }
    return (sweep, whole)
  }

  @Test(
    "inverts what is swept and eliminates it from the rest, at the edges of tiles and panels",
    arguments: [(1, 1), (3, 2), (16, 16), (17, 16), (20, 17), (40, 33), (150, 128), (150, 140)])
  func inverse(size: Int, pivots: Int) throws {
    var (sweep, whole) = Self.matrix(size)
    var light = sweep
    let swept = Array(0..<pivots)
    let rest = Array(pivots..<size)
    let leading = whole.part(rows: swept, columns: swept)
    let cholesky = try #require(Cholesky(leading))
    let found = sweep.sweep(pivots: pivots, inverting: true)
    let logDeterminant = try #require(found)
    #expect(isClose(logDeterminant, cholesky.logDeterminant, relative: 1e-12))
    let unit = leading * sweep.inverse(pivots)
    #expect((unit - .identity(pivots)).elements.allSatisfy { abs($0) < 1e-13 })
    let below = whole.part(rows: rest, columns: swept)
    let solved = below * sweep.inverse(pivots)
    let left = whole.part(rows: rest, columns: rest) - solved * below.transposed
    let lightly = light.sweep(pivots: pivots, inverting: false)
    #expect(lightly == logDeterminant)
    for (row, number) in rest.enumerated() {
      for column in swept { #expect(abs(sweep[number, column] - solved[row, column]) < 1e-13) }
      for column in 0...row {
        #expect(isClose(sweep[number, rest[column]], left[row, column], relative: 1e-12))
        #expect(isClose(light[number, rest[column]], left[row, column], relative: 1e-12))
      }
    }
  }

  @Test("refuses what is not positive definite", arguments: [-1, 0, .nan, .infinity] as [Double])
  func refusal(pivot: Double) {
    var (sweep, _) = Self.matrix(40)
    sweep[30, 30] = pivot
    let found = sweep.sweep(pivots: 40, inverting: false)
    #expect(found == nil)
  }
}
