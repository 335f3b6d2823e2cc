internal import Expressions
internal import Instruments

extension REDCapLanguage {
  /// A score as a calculation that is blank where the score is missing.
  func calculation(_ score: Score) throws(Untranslatable) -> String {
    switch score.formula {
    case .mean(let names):
      return guarded(try list("mean", names), names, least: score.least)
    case .sum(let names):
      let isWhole = score.least == names.count
      let value =
        isWhole ? try list("sum", names) : "(\(try list("mean", names)) * \(names.count))"
      return guarded(value, names, least: score.least)
    case .expression(let expression):
      let value = try number(expression.root, isKeyed: true)
      let names = expression.names.filter { !$0.contains(".") }.sorted()
      let asksItself =
        !expression.namesGiven(to: .count).isEmpty
        || !expression.namesGiven(to: .firstOf).isEmpty
      return asksItself ? value : guarded(value, names, least: names.count)
    case .category(let categories):
      var value = "\"\""
      for category in categories.reversed() {
        guard let rule = category.rule else {
          value = "\(category.value)"
          continue
        }
        value = "if(\(try truth(rule.root)), \(category.value), \(value))"
      }
      return guarded(value, score.items, least: score.items.count)
    case .weighted:
      throw Untranslatable(
        "a person's own weights cannot be said in REDCap: compute it from the data")
    }
  }

  private func list(_ function: String, _ names: [String]) throws(Untranslatable) -> String {
    var values: [String] = []
    for name in names {
      values.append(try number(Expression.name(name), isKeyed: true))
    }
    return "\(function)(\(values.joined(separator: ", ")))"
  }

  /// The value where at least some of the names have one.
  private func guarded(_ value: String, _ names: [String], least: Int) -> String {
    guard !names.isEmpty, least > 0 else { return value }
    if least == names.count {
      let all = names.map { "[\($0)] <> \"\"" }.joined(separator: " and ")
      return "if(\(all), \(value), \"\")"
    }
    let count = names.map { "if([\($0)] <> \"\", 1, 0)" }.joined(separator: ", ")
    return "if(sum(\(count)) >= \(least), \(value), \"\")"
  }

  /// A category's rule, over the numbers that scores use.
  private func truth(_ node: Node) throws(Untranslatable) -> String {
    guard case .comparison(let sign, let left, let right) = node.form else {
      if case .logic(let word, let left, let right) = node.form {
        return "(\(try truth(left))) \(word.rawValue) (\(try truth(right)))"
      }
      return try condition(node)
    }
    let symbol = sign == .equal ? "=" : sign == .unequal ? "<>" : sign.rawValue
    return "\(try number(left, isKeyed: true)) \(symbol) \(try number(right, isKeyed: true))"
  }
}

extension Expression {
  /// The tree of a name alone.
  fileprivate static func name(_ name: String) throws(Untranslatable) -> Node {
    do throws(ExpressionProblem) {
      return try Expression.parse(name).root
    } catch {
      throw Untranslatable("\(name) is no name")
    }
  }
}
