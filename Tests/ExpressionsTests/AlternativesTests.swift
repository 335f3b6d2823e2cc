import Testing

@testable import Expressions

@Suite struct AlternativesTests {
  @Test(arguments: [
    ("a > 1 or b < 2 or c", ["a > 1", "b < 2", "c"]), ("a and b", ["a and b"]),
    ("not (a or b)", ["not (a or b)"]), ("(a or b) and c or d", ["(a or b) and c", "d"]),
  ]) func alternativesAreWhatOrJoinsAtTheTop(source: String, parts: [String]) throws {
    #expect(try Expression.parse(source).alternatives.map(\.description) == parts)
  }
}
