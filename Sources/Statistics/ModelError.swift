/// Why a model could not be built or fitted.
public enum ModelError: Error, Hashable, Sendable {
  /// The formula could not be read.
  case formula(FormulaError)
  /// Two columns of the data have one name.
  case duplicateColumn(String)
  /// A column has another length than the first.
  case unequalLengths(column: String, rows: Int, expected: Int)
  /// A factor holds a code that names no level.
  case invalidCode(column: String, row: Int)
  /// The formula names a column that the data do not have; at column 0, weights or offset do.
  case unknownVariable(name: String, column: Int, suggestion: String?)
  /// A factor stands where a number is needed.
  case notNumeric(name: String)
  /// A column of numbers holds something else; the row is counted from 0.
  case notANumber(column: String, row: Int, value: String)
  /// A function of the formula is unknown, or its arguments are not what it takes.
  case invalidCall(call: String, column: Int, expected: String)
  /// A value is infinite; the row is counted from 0.
  case notFinite(variable: String, row: Int)
  /// The values of a column are so large or so small that their squares are no numbers.
  case extremeValues(variable: String, size: Double)
  /// A weight is missing, negative or zero; the row is counted from 0.
  case invalidWeight(row: Int)
  /// No row has all the values that the model needs.
  case noCompleteRows(missing: [MissingCount])
  /// A factor among the fixed effects has a single level in the rows used.
  case singleLevel(factor: String)
  /// A term would make more columns than can be fitted, as an identifier among the effects does.
  case tooManyColumns(term: String)
  /// A contrast coding was asked for a column that is not a factor of the model.
  case codingWithoutFactor(name: String)
  /// The model has no `( | )`.
  case noRandomTerm
  /// The model has no fixed effect left to estimate.
  case noFixedEffect
  /// A grouping factor has a single group.
  case singleGroup(factor: String)
  /// A term has as many random effects as there are observations, so that its variance and the
  /// residual variance cannot be told apart.
  case tooManyRandomEffects(group: String, effects: Int, observations: Int)
  /// There are no more observations than fixed effects.
  case tooFewObservations(observations: Int, fixedEffects: Int)
  /// A value of the response is not one that the family can have; the row is counted from 0.
  case invalidResponse(name: String, row: Int, expected: String)
  /// The response does not vary.
  case constantResponse(name: String)
  /// The fixed effects fit the response without residue: there is no variance to take apart.
  case perfectFit
  /// A time index that must be a whole number is not; the row is counted from 0.
  case fractionalTime(variable: String, row: Int)
  /// A person has two rows at one time; the row is the second, counted from 0.
  case repeatedTime(variable: String, row: Int)
  /// A residual structure does not fit the data or the formula, for a reason in words.
  case residualStructure(String)
  /// Fits cannot be pooled, for a reason in words.
  case pooling(String)
  /// Summaries cannot be merged or fitted, for a reason in words.
  case summary(String)
  /// The computation broke down on these numbers.
  case numerical(String)
  /// The combination is not supported.
  case unsupported(String)
}

/// How many rows lack a value of one variable.
public struct MissingCount: Hashable, Sendable, Codable {
  /// The variable.
  public let name: String
  /// The number of rows without a value.
  public let rows: Int
}
