import Testing

@testable import Expressions

struct ComplianceTests {
  @Test(arguments: [
    ("compliance(prompt) >= 0.8", "compliance(prompt)"),
    ("compliance( after-chat ) == 1", "compliance(after-chat)"),
    ("1 < compliance(week-2) + 1", "compliance(week-2)"),
  ])
  func `the compliance with an occasion is one name`(source: String, name: String) throws {
    let expression = try Expression.parse(source)
    #expect(expression.names == [name])
    #expect(try Expression.parse(expression.description) == expression)
    #expect(Expression.occasion(ofCompliance: name).map(Expression.name) == name)
    #expect(expression.isTrue { $0 == name ? .number(1) : .missing })
  }

  @Test(arguments: [
    "compliance()", "compliance(", "compliance(1)", "compliance(a, b)", "compliance('a')",
    "compliance(a + b)", "complianc(a)",
  ])
  func `anything but one occasion is refused`(source: String) {
    #expect(throws: ExpressionProblem.self) { try Expression.parse(source) }
  }
}
