import Testing

@testable import Statistics

@Suite("The pass over the rows")
struct RowPassTests {
  /// Rows of groups of some sizes: two numbers, a factor with a missing level, and weights.
  struct Rows {
    var x: [Double] = []
    var y: [Double] = []
    var arm: [Int32] = []
    var weights: [Double] = []
    var group: [Int32] = []

    init(sizes: [Int], isShuffled: Bool) {
      var generator = SplitMix64(state: 3)
      for (number, size) in sizes.enumerated() {
        group += [Int32](repeating: Int32(number), count: size)
      }
      if isShuffled { group.shuffle(using: &generator) }
      for _ in group {
        x.append(5 + generator.normal())
        y.append(generator.normal())
        arm.append(Int32(generator.next() % 3))
        weights.append(0.5 + generator.uniform())
      }
    }

    /// The constant, x, a contrast of arm, their product, and y.
    var sources: [RowPass.Source] {
      let numbers = ColumnValues(x)
      let coded = ColumnValues(
        pieces: [.coded(codes: arm, table: [.nan, -1, 0, 1])], count: x.count)
      let columns = [
        ColumnValues(pieces: [], count: x.count), numbers, coded, numbers * coded, ColumnValues(y),
      ]
      return columns.enumerated().map { number, values in
        RowPass.Source(
          values: values,
          scaling: number == 0 ? .unchanged : .init(centre: Double(number) - 0.5, scale: 1.5),
          meaning: "\(number)")
      }
    }
  }

  @Test(
    "sums what a plain loop sums",
    arguments: [[3, 0, 1, 8, 30, 17], [1500, 40, 3000, 1], [1, 1, 1, 1, 1], [1024, 1024]],
    [false, true])
  func sums(sizes: [Int], isShuffled: Bool) {
    let rows = Rows(sizes: sizes, isShuffled: isShuffled)
    let sources = rows.sources
    for (weights, pilot) in [(nil, nil), (rows.weights, [0.5, -1, 2, 0.25])] {
      let pass = RowPass(
        random: [sources[0], sources[1]], fixed: sources, weights: weights, pilot: pilot,
        threads: 1)
      let products = pass.products(codes: rows.group, groups: sizes.count)
      var gram = [Double](repeating: 0, count: sizes.count * 3)
      var cross = [Double](repeating: 0, count: sizes.count * 10)
      var total = Matrix(rows: 5, columns: 5)
      for row in rows.x.indices {
        var values = sources.map { ($0.values[row] - $0.scaling.centre) / $0.scaling.scale }
        for (column, coefficient) in (pilot ?? []).enumerated() {
          values[4] -= coefficient * values[column]
        }
        let weight = weights?[row] ?? 1
        let group = Int(rows.group[row])
        for first in 0..<2 {
          for second in 0...first {
            gram[group * 3 + packed(first, second)] += weight * values[first] * values[second]
          }
          for second in 0..<5 {
            cross[group * 10 + first * 5 + second] += weight * values[first] * values[second]
          }
        }
        for first in 0..<5 {
          for second in 0..<5 { total[first, second] += weight * values[first] * values[second] }
        }
      }
      expectClose(products.gram, gram, relative: 1e-11, absolute: 1e-9, "gram")
      expectClose(products.cross, cross, relative: 1e-11, absolute: 1e-9, "cross")
      expectClose(
        products.total.elements, total.elements, relative: 1e-11, absolute: 1e-9, "total")
      #expect(products.counts == sizes)
    }
  }

  @Test("gives the same bits on any number of threads")
  func threads() throws {
    let study = SimulatedStudy(persons: 3000, occasions: 20)
    let formula = try ModelFormula.parse("y ~ x * arm + (x | person)")
    let data = try study.data()
    let one = try LinearMixedModel(formula, data: data)
    #expect(one.products.main.counts.reduce(0, +) > 2 * RowPass.pieceRows)
    for threads in [2, 5] {
      let other = try LinearMixedModel(formula, data: data, threads: threads)
      #expect(other.products == one.products)
    }
  }

  @Test("reads again where the first rows do not tell where a column stands")
  func misleadingSample() throws {
    var study = SimulatedStudy(persons: 1500, occasions: 6)
    let formula = try ModelFormula.parse("y ~ z + (1 | person)")
    // All but a few rows far from the rest, and none of those among every so many rows.
    study.z = study.z.enumerated().map { $0.offset % 7 == 3 ? 1e7 + $0.element : 1e-3 * $0.element }
    let model = try LinearMixedModel(formula, data: study.data())
    #expect(model.standardisation.suits(model.products.main))
    var scaled = study
    scaled.z = study.z.map { $0 / 1e7 }
    let fits = try (model.fit(.ml), LinearMixedModel(formula, data: scaled.data()).fit(.ml))
    #expect(isClose(fits.0.criterion, fits.1.criterion, relative: 1e-10))
  }
}
