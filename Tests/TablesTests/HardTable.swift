@testable import Tables

/// A table with everything that other programs could stumble over.
enum HardTable {
  static let longText = String(repeating: "длинный текст.", count: 120)

  static func table() throws -> Table {
    try Table(
      name: "items", title: "One row per occasion: größer",
      columns: [
        Column("participant", .text(["P-1", "P-2", "P-é", "P-4"]), label: "participant"),
        Column(
          "needs-6.n01", .number([4, nil, nil, 1]), label: "Ich fühle mich frei — «meistens»",
          valueLabels: [.init(1, "gar nicht"), .init(5, "völlig")], range: 1...5,
          missingReasons: [nil, .leftBlank, .expired, nil]),
        Column(
          "needs-6.n01_", .number([-950.5, nil, 0.1, 1e12]), unit: "minutes",
          missingReasons: [nil, .withdrawn, nil, nil]),
        Column("late", .truth([true, false, nil, true])),
        Column("if", .integer([1, nil, 3, 2_147_483_648]), label: "a word of Stata's"),
        Column(
          "opened", .instant([0, 1_774_745_999_123, nil, -1000]), label: "opening",
          missingReasons: [nil, nil, .notYet, nil]),
        Column("day", .date([0, 20_541, nil, -1])),
        Column(
          "state", .text(["submitted", "missed", nil, "submitted"]),
          codes: [.init("submitted", "answered"), .init("missed", "closed without a session")]),
        Column(
          "own.words", .text(["東京 🙂", "\"quoted\", and; more", nil, longText]),
          missingReasons: [nil, nil, .notShown, nil]),
        Column(
          "a_name_that_is_much_longer_than_any_program_takes_1", .number([1, 2, 3, 4])),
        Column(
          "a_name_that_is_much_longer_than_any_program_takes_2", .number([5, 6, 7, 8])),
      ])
  }

  /// What the columns are called in files of SPSS and Stata.
  static let names = [
    "participant", "needs_6_n01", "needs_6_n01_", "late", "if_", "opened", "opened_missing", "day",
    "state",
    "own_words", "own_words_missing", "a_name_that_is_much_longer_than_",
    "a_name_that_is_much_longer_tha_2",
  ]
}
