import Testing

@testable import Expressions

@Suite("Checking names and types")
struct ExpressionCheckTests {
  static let names: [String: ValueType] = [
    "age": .number, "n01": .number, "needs-6.satisfaction": .number, "name": .text,
    "agreed": .truth,
  ]

  func problems(_ source: String, expecting: ValueType? = nil) throws -> [ExpressionProblem] {
    try Expression.parse(source).check(names: Self.names, expecting: expecting)
  }

  @Test(
    "well-typed expressions have a type and no problem",
    arguments: [
      ("age >= 18 and agreed", .truth), ("mean(n01, age) * 2", .number), ("name", .text),
      ("if agreed then n01 else 0", .number), ("first_of(name, 'x')", .text),
      ("count(age > 1, agreed)", .number), ("count(age, name)", .number),
      ("answered(age, name, agreed)", .truth), ("missing(name)", .truth),
      ("name in ['a', name]", .truth), ("agreed == (n01 > 1)", .truth),
      ("needs-6.satisfaction - 1", .number),
    ] as [(String, ValueType)])
  func wellTyped(source: String, type: ValueType) throws {
    #expect(try problems(source, expecting: type).isEmpty)
    #expect(try Expression.parse(source).resultType(names: Self.names) == type)
  }

  @Test(
    "each problem stands at its column",
    arguments: [
      ("agee > 1", [1], "age"), ("n02 + 1", [1], "n01"),
      ("needs-6.satisfation", [1], "needs-6.satisfaction"),
      ("name + 1", [1], nil), ("1 + name", [5], nil), ("name < 'b'", [1, 8], nil),
      ("age == name", [8], nil), ("not age", [5], nil), ("age and agreed", [1], nil),
      ("if age then 1 else 2", [4], nil), ("if agreed then 1 else name", [23], nil),
      ("mean(n01, name, agreed)", [11, 17], nil), ("age in [1, name]", [12], nil),
      ("count(agreed, age)", [15], nil), ("count(age, agreed)", [12], nil),
      ("first_of(age, name)", [15], nil), ("-name", [2], nil),
      ("zzz + yyy + name", [1, 7, 13], nil), ("agreed < agreed", [1, 10], nil),
    ] as [(String, [Int], String?)])
  func located(source: String, columns: [Int], suggestion: String?) throws {
    let found = try problems(source)
    #expect(found.map(\.column) == columns)
    if let suggestion { #expect(found.first?.suggestion == suggestion) }
  }

  @Test("an option of a list is asked for by its name")
  func lists() throws {
    let names: [String: ValueType] = ["c": .text, "c.has_2": .truth]
    let problems = try Expression.parse("1 > 0 and c == 2").check(names: names)
    #expect(problems.map(\.column) == [11] && problems.map(\.suggestion) == ["c.has_2"])
    #expect(try Expression.parse("c == 3").check(names: names).map(\.suggestion) == [nil])
    #expect(try Expression.parse("c.has_2").check(names: names, expecting: .truth).isEmpty)
  }

  @Test("the whole must be what is expected")
  func expected() throws {
    #expect(
      try problems("age + 1", expecting: .truth).map(\.expected) == [
        "a truth, such as a comparison"
      ])
    #expect(try problems("age > 1", expecting: .number).map(\.column) == [1])
    // An unknown name is one problem, not two.
    #expect(try problems("unknown_thing", expecting: .truth).count == 1)
  }

  @Test("without names, literals still check")
  func noNames() throws {
    #expect(try Expression.parse("1 + 1 == 2").check(names: [:], expecting: .truth).isEmpty)
    #expect(try Expression.parse("x").check(names: [:])[0].expected == "no names here")
  }
}
