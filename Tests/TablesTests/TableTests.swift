import Delimited
import Testing

@testable import Tables

@Suite struct TableTests {
  private func table() throws -> Table {
    try Table(
      name: "sample", title: "One row per occasion",
      columns: [
        Column("participant", .text(["P-1", "P-1", "P-2"]), label: "Participant"),
        Column(
          "n01", .integer([4, nil, nil]), label: "I feel free, \"mostly\"",
          definition: "item n01 of needs-24",
          valueLabels: [.init(5, "Very true"), .init(1, "Not at all true")],
          missingReasons: [nil, .leftBlank, .expired]),
        Column("minutes", .number([0.1, nil, 3]), unit: "minutes"),
        Column("late", .truth([true, false, nil])),
        Column("opened", .instant([0, -1, nil])),
        Column("day", .date([0, 19_000, nil])),
      ])
  }

  @Test func writesEveryTypeAndTheReasonsBesideTheirColumn() throws {
    #expect(
      String(decoding: try table().csv(), as: UTF8.self) == """
        participant,n01,n01_missing,minutes,late,opened,day
        P-1,4,,0.1,true,1970-01-01T00:00:00.000Z,1970-01-01
        P-1,,left_blank,,false,1969-12-31T23:59:59.999Z,2022-01-08
        P-2,,expired,3,,,

        """)
  }

  @Test func theCodebookSaysWhatEachColumnMeans() throws {
    #expect(
      String(decoding: try table().codebook().csv(), as: UTF8.self) == #"""
        table,column,item,type,unit,label,definition,values,reversed,minimum,maximum,\#
        missing_column,rows,missing
        sample,participant,,text,,Participant,,,,,,,3,0
        sample,n01,,integer,,"I feel free, ""mostly""",item n01 of needs-24,\#
        1 = Not at all true; 5 = Very true,,,,n01_missing,3,2
        sample,n01_missing,,text,,why n01 is missing,empty where n01 has a value,\#
        \#(Self.reasons),,,,,3,1
        sample,minutes,,number,minutes,,,,,,,,3,1
        sample,late,,truth,,,,,,,,,3,1
        sample,opened,,instant,,,,,,,,,3,1
        sample,day,,date,,,,,,,,,3,1

        """#)
  }

  private static let reasons = MissingReason.allCases.map { "\($0.rawValue) = \($0.label)" }
    .joined(separator: "; ")

  /// A long table: what a number means depends on the item that its row names.
  @Test func theCodebookSaysWhatEachItemAndCodeMeans() throws {
    let long = try Table(
      name: "long", title: "One row per item",
      columns: [
        Column(
          "state", .text(["answered"]), codes: [.init("answered", "there is one"), .init("x")]),
        Column(
          "value", .number([4]), range: 0...9,
          items: [
            .init(
              name: "needs-24.n01", label: "I feel free", definition: "response scale",
              valueLabels: [.init(1, "Not at all"), .init(5, "Very")], isReversed: true,
              range: 1...5)
          ]),
      ])
    #expect(
      String(decoding: long.codebook().csv(), as: UTF8.self).split(separator: "\n").dropFirst()
        == [
          "long,state,,text,,,,answered = there is one; x,,,,,1,0",
          "long,value,,number,,,,,,0,9,,1,0",
          "long,value,needs-24.n01,number,,I feel free,response scale,"
            + "1 = Not at all; 5 = Very,true,1,5,,,",
        ])
  }

  @Test func aWrittenTableReadsBack() throws {
    let read = try DelimitedText.readColumns(try table().csv())
    guard case .number(let answers) = read[1].values else {
      Issue.record("the answers are not numbers")
      return
    }
    #expect(answers.map { $0.isNaN ? nil : $0 } == [4, nil, nil])
    #expect(
      read[2].values == .text(levels: ["expired", "left_blank"], codes: [-1, 1, 0]))
  }

  @Test func unequalColumnsAreNoTable() {
    #expect(throws: Table.Problem.unequalLength(column: "b", found: 1, expected: 2)) {
      try Table(
        name: "t", title: "", columns: [Column("a", .integer([1, 2])), Column("b", .integer([1]))])
    }
  }

  @Test func aNameOccursOnce() {
    #expect(throws: Table.Problem.duplicateName("a_missing")) {
      try Table(
        name: "t", title: "",
        columns: [
          Column("a_missing", .integer([1])),
          Column("a", .integer([1]), missingReasons: [nil]),
        ])
    }
  }

  @Test func keepingRowsKeepsTheirReasons() throws {
    let kept = try table().keeping(rows: [2, 0])
    #expect(kept.rowCount == 2)
    #expect(kept["n01"]?.missingReasons == [.expired, nil])
    #expect(kept["participant"]?.values == .text(["P-2", "P-1"]))
  }

  /// Days from Python's `datetime.date.fromordinal(719163 + days)` (3.12).
  @Test(arguments: [
    (0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_454, "2026-01-01"),
    (-1, "1969-12-31"), (-719_162, "0001-01-01"), (2_932_896, "9999-12-31"), (47_541, "2100-03-01"),
  ]) func daysAreCivilDates(days: Int, date: String) {
    #expect(CalendarText.date(days) == date)
  }

  @Test func localClocksAreAheadOfUTCByTheirOffset() {
    #expect(CalendarText.local(0, offsetSeconds: 5 * 3600 + 1800) == "1970-01-01T05:30:00")
    #expect(CalendarText.local(0, offsetSeconds: -3600) == "1969-12-31T23:00:00")
  }
}
