/// A mixed-model formula in the notation of Wilkinson & Rogers (1973) and lme4.
///
/// `+` adds terms, `:` crosses them, `a*b` is `a + b + a:b`, `a/b` is `a + a:b`, `(a+b+c)^2`
/// crosses up to pairs, `-` removes, `0` or `-1` drops the intercept, `(x | g)` lets the intercept and `x`
/// vary together over the levels of `g`, and `(x || g)` without correlation. Names that are not
/// words stand in backquotes. The formula knows no data: names are checked when a model is built.
///
/// ```swift
/// let formula = try ModelFormula.parse("Reaction ~ Days + (Days | Subject)")
/// ```
public struct ModelFormula: Hashable, Sendable, CustomStringConvertible {
  /// The text as it was written.
  public let source: String
  let response: FormulaNode
  let fixed: TermList
  let random: [RandomTerm]

  /// Reads a formula.
  ///
  /// - Throws: The first mistake, with its column.
  public static func parse(_ source: String) throws(FormulaError) -> ModelFormula {
    var parser = try FormulaParser(source)
    let sides = try parser.formula()
    let fixed = try TermList(sides.right, allowsRandom: true)
    var random: [RandomTerm] = []
    for node in fixed.random { random += try RandomTerm.expand(node) }
    return ModelFormula(
      source: source, response: sides.response, fixed: fixed, random: random)
  }

  /// The response as written: `Reaction`, or `log(y)`.
  public var responseName: String { response.description }

  /// The names of the fixed terms in the order of their columns, without the intercept.
  public var fixedTermNames: [String] { fixed.terms.map(fixed.label) }

  /// The names of the grouping factors, each once.
  public var groupNames: [String] {
    var seen: Set<String> = []
    return random.map(\.groupName).filter { seen.insert($0).inserted }
  }

  /// The names of all columns that the formula reads.
  public var variableNames: Set<String> {
    var names = response.names
    for node in fixed.variables + fixed.offsets + fixed.random { names.formUnion(node.names) }
    return names
  }

  /// The names of all columns that a row needs a value of.
  var requiredNames: Set<String> {
    var names = response.requiredNames
    for node in fixed.variables + fixed.offsets + fixed.random {
      names.formUnion(node.requiredNames)
    }
    return names
  }

  /// The text as it was written.
  public var description: String { source }
}
