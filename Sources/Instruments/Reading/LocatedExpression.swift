package import Definitions
package import Expressions

/// An expression in a definition file, whose problems are reported at its columns of the file.
package struct LocatedExpression: Hashable, Sendable {
  /// The expression.
  package let expression: Expression
  /// The scalar it was read from.
  package let node: DefinitionNode

  /// Reads an expression; reports a node that is no text, or a text that is no expression.
  package static func read(
    _ node: DefinitionNode, problems: inout Problems
  ) -> LocatedExpression? {
    guard let source = node.string(expecting: "an expression", problems: &problems) else {
      return nil
    }
    do throws(ExpressionProblem) {
      return LocatedExpression(expression: try Expression.parse(source), node: node)
    } catch {
      report(error, at: node, problems: &problems)
      return nil
    }
  }

  /// Reports every name that is not known and every type that does not fit.
  ///
  /// - Parameters:
  ///   - names: what may be used, and what each name stands for.
  ///   - expecting: what the whole must be.
  package func check(
    names: [String: ValueType], expecting: ValueType?, problems: inout Problems
  ) {
    for problem in expression.check(names: names, expecting: expecting) {
      LocatedExpression.report(problem, at: node, problems: &problems)
    }
  }

  private static func report(
    _ problem: ExpressionProblem, at node: DefinitionNode, problems: inout Problems
  ) {
    problems.report(
      at: node.place(atOffset: problem.column - 1), found: problem.found,
      expected: problem.expected, suggestion: problem.suggestion)
  }
}

extension LocatedExpression {
  /// The names given to each `mean` and `sum` within it, as the operands of a score are listed.
  var averaged: [[Located<String>]] {
    (expression.namesGiven(to: .mean) + expression.namesGiven(to: .sum)).map { names in
      names.map { Located($0, at: node.place) }
    }
  }
}
