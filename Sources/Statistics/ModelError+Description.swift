extension ModelError: CustomStringConvertible {
  /// The reason in words, for the person who wrote the formula.
  public var description: String {
    switch self {
    case .formula, .unknownVariable, .invalidCall, .notNumeric, .codingWithoutFactor:
      formulaDescription
    case .duplicateColumn, .unequalLengths, .invalidCode, .notFinite, .invalidWeight, .notANumber,
      .extremeValues, .noCompleteRows:
      dataDescription
    default: modelDescription
    }
  }

  private var formulaDescription: String {
    switch self {
    case .formula(let error): return error.description
    case .unknownVariable(let name, let column, let suggestion):
      let hint = suggestion.map { "; did you mean ‘\($0)’?" } ?? ""
      let place = column > 0 ? "formula, column \(column)" : "weights and offset"
      return "\(place): the data have no column ‘\(name)’\(hint)"
    case .invalidCall(let call, let column, let expected):
      return "formula, column \(column): found ‘\(call)’, expected \(expected)"
    case .notNumeric(let name): return "‘\(name)’ must be numeric, but it is a factor"
    case .codingWithoutFactor(let name):
      return "contrasts were given for ‘\(name)’, which is not a factor of the fixed effects"
    default: return ""
    }
  }

  private var dataDescription: String {
    switch self {
    case .duplicateColumn(let name): return "two columns are named ‘\(name)’"
    case .unequalLengths(let column, let rows, let expected):
      return "column ‘\(column)’ has \(rows) rows, the first column \(expected)"
    case .invalidCode(let column, let row):
      return "factor ‘\(column)’ has a code without a level in row \(row + 1)"
    case .notANumber(let column, let row, let value):
      return
        "‘\(column)’ must be numeric, but row \(row + 1) of the data holds ‘\(value.prefix(40))’"
    case .notFinite(let variable, let row):
      return "‘\(variable)’ is infinite in row \(row + 1)"
    case .extremeValues(let variable, let size):
      return
        "‘\(variable)’ has values of about \(size < 1 ? "1e-150 or less" : "1e150 or more"), whose "
        + "squares are beyond what numbers hold; give it in another unit"
    case .invalidWeight(let row):
      return "the weight in row \(row + 1) is not a positive number"
    case .noCompleteRows(let missing):
      let counts = missing.map { "\($0.name) \($0.rows)" }.joined(separator: ", ")
      return "no row has every value that the model needs"
        + (counts.isEmpty ? "" : " (missing: \(counts))")
    default: return ""
    }
  }

  private var modelDescription: String {
    switch self {
    case .singleLevel(let factor):
      return "factor ‘\(factor)’ has a single level in the rows used; leave it out"
    case .tooManyColumns(let term):
      return
        "‘\(term)’ would make thousands of columns; is it a grouping factor, as in (1 | \(term))?"
    case .noRandomTerm:
      return "the formula has no random term; write one such as (1 | participant)"
    case .noFixedEffect: return "the formula leaves no fixed effect to estimate"
    case .singleGroup(let factor):
      return "grouping factor ‘\(factor)’ has a single group; a variance needs at least two"
    case .tooManyRandomEffects(let group, let effects, let observations):
      return "the terms of ‘\(group)’ have \(effects) random effects for \(observations) "
        + "observations, so their variances and the residual variance cannot be told apart"
    case .tooFewObservations(let observations, let fixedEffects):
      return "\(observations) observations cannot estimate \(fixedEffects) fixed effects "
        + "and a residual variance"
    case .invalidResponse(let name, let row, let expected):
      return "the response ‘\(name)’ in row \(row + 1) must be \(expected)"
    case .constantResponse(let name): return "the response ‘\(name)’ does not vary"
    case .perfectFit: return "the model fits the response without residue"
    case .fractionalTime(let variable, let row):
      return "‘\(variable)’ is not a whole number in row \(row + 1); number the planned prompts, "
        + "or use the continuous-time structure"
    case .repeatedTime(let variable, let row):
      return "‘\(variable)’ repeats a time of the same person in row \(row + 1)"
    case .residualStructure(let what), .pooling(let what), .summary(let what): return what
    case .numerical(let what): return "the computation broke down: \(what)"
    case .unsupported(let what): return what
    default: return ""
    }
  }
}
