import Testing

@testable import Statistics

/// Names from `colnames(model.matrix(…))` of R 4.2.2.
@Suite("Design matrices have the columns of R's model.matrix")
struct DesignMatrixTests {
  private func data() throws -> ModelData {
    try ModelData([
      ("y", .numeric([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])),
      ("x", .numeric([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6])),
      ("a", .factor(text: ["p", "q", "r", "p", "q", "r", "p", "q", "r", "p", "q", "r"])),
      ("b", .factor(text: ["u", "u", "u", "v", "v", "v", "u", "u", "u", "v", "v", "v"])),
      ("g", .factor(text: ["1", "1", "1", "1", "2", "2", "2", "2", "3", "3", "3", "3"])),
    ])
  }

  private func frame(_ right: String, codings: [String: Coding] = [:]) throws -> ModelFrame {
    try ModelFrame(
      ModelFormula.parse("y ~ " + right), data: data(), codings: codings, weights: nil,
      offset: nil)
  }

  @Test(
    "coefficient names",
    arguments: [
      ("a", "(Intercept) aq ar"), ("0 + a", "ap aq ar"), ("0 + a + b", "ap aq ar bv"),
      ("x * a", "(Intercept) x aq ar x:aq x:ar"),
      ("a:b", "(Intercept) ap:bu aq:bu ar:bu ap:bv aq:bv ar:bv"),
      ("a + a:b", "(Intercept) aq ar ap:bv aq:bv ar:bv"),
      ("a * b", "(Intercept) aq ar bv aq:bv ar:bv"),
      ("x:a", "(Intercept) x:ap x:aq x:ar"), ("0 + x + a", "x ap aq ar"),
      ("a / x", "(Intercept) aq ar ap:x aq:x ar:x"),
      ("poly(x, 2)", "(Intercept) poly(x, 2)1 poly(x, 2)2"),
      ("log(x) + I(x^2)", "(Intercept) log(x) I(x^2)"),
      ("factor(x)", "(Intercept) factor(x)2 factor(x)3 factor(x)4 factor(x)5 factor(x)6"),
      ("b + x:b", "(Intercept) bv bu:x bv:x"), ("scale(x)", "(Intercept) scale(x)"),
    ])
  func names(right: String, expected: String) throws {
    let names = try frame(right).fixed.columns.map(\.name).joined(separator: " ")
    #expect(names == expected)
  }

  @Test("contrast codings")
  func codings() throws {
    let sum = try frame("a", codings: ["a": .sum]).fixed.columns
    #expect(sum.map(\.name) == ["(Intercept)", "a1", "a2"])
    #expect(Array(sum[1].values.prefix(3)) == [1, 0, -1])
    let helmert = try frame("a", codings: ["a": .helmert]).fixed.columns
    #expect(Array(helmert[1].values.prefix(3)) == [-1, 1, 0])
    #expect(Array(helmert[2].values.prefix(3)) == [-1, -1, 2])
    let polynomial = try frame("a", codings: ["a": .polynomial]).fixed.columns
    #expect(polynomial.map(\.name) == ["(Intercept)", "a.L", "a.Q"])
    // R: contr.poly(3)
    expectClose(
      Array(polynomial[1].values.prefix(3)), [-0.7071067811865475, 0, 0.7071067811865475],
      relative: 1e-14, absolute: 1e-15, ".L")
    expectClose(
      Array(polynomial[2].values.prefix(3)),
      [0.4082482904638631, -0.8164965809277261, 0.4082482904638631], relative: 1e-14, ".Q")
    #expect(throws: ModelError.codingWithoutFactor(name: "x")) {
      _ = try frame("x", codings: ["x": .sum])
    }
  }

  @Test("orthogonal polynomials")
  func polynomials() throws {
    // R: poly(1:6, 3)[1, ]
    let points: [Double] = [1, 2, 3, 4, 5, 6]
    let columns = OrthogonalPolynomials(points: points, degree: 3).values(at: points)
    expectClose(
      columns.map { $0[0] }, [-0.5976143046671968, 0.5455447255899810, -0.3726779962499649],
      relative: 1e-13, "poly(1:6, 3)[1, ]")
  }
}
