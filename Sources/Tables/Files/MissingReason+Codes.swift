extension MissingReason {
  /// A number for this reason that no file will ever use for another one, from 1 to 26.
  ///
  /// SPSS files show it as a user-missing value (``spssValue(below:)``), Stata files as an extended
  /// missing value: `.a` for 1, `.b` for 2.
  package var code: Int {
    switch self {
    case .leftBlank: 1
    case .notShown: 2
    case .partialSession: 3
    case .expired: 4
    case .withdrawn: 5
    case .cancelled: 6
    case .tooFewAnswers: 7
    case .notDefined: 8
    case .notYet: 9
    case .notApplicable: 10
    case .outOfRange: 11
    case .notForWording: 12
    case .notDonated: 13
    case .notCovered: 14
    case .withheld: 15
    }
  }

  /// The letter of the extended missing value in Stata, as ASCII.
  var stataTag: CChar { CChar(96 + code) }

  /// The user-missing value in SPSS.
  func spssValue(in block: SPSSMissingBlock) -> Double { block.upper - Double(code - 1) }
}

/// The values that an SPSS file keeps for missing cells of one column: −999 to −901, unless the column
/// can hold such numbers itself.
struct SPSSMissingBlock: Hashable {
  /// The greatest of them; the least is 98 less.
  var upper: Double

  var lower: Double { upper - 98 }

  /// The block of a column, by what its declaration says that it can hold, not by what it holds.
  init(of column: Column) {
    let least: Double? =
      switch column.values {
      case .truth, .instant, .date: 0
      case .number, .integer:
        column.range?.lowerBound ?? column.valueLabels.first.map { Double($0.value) }
      case .text: nil
      }
    upper = (least ?? -.infinity) > -900 ? -901 : -9_999_999_901
  }
}
