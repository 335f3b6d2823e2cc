import Delimited
import Foundation
import Storage
import Tables
import Testing

@testable import Analysis

@Suite struct ExportTests {
  private func tables(_ rows: StudyRows) throws -> [String: Table] {
    let export = StudyExport(study: SampleStudy().outline, data: rows)
    return Dictionary(
      try export.tables().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  @Test func everyPlannedOccasionIsThereWithItsClocks() throws {
    let rows = SampleStudy().rows
    let occasions = try #require(try tables(rows)["occasions"])
    #expect(occasions.rowCount == rows.occasions.count)
    #expect(occasions["scheduled"]?.values.text(0) == "2026-01-12T09:00:00.000Z")
    #expect(occasions["scheduled_local"]?.values.text(0) == "2026-01-12T10:00:00")
    #expect(occasions["scheduled_offset"]?.values.text(0) == "60")
    #expect(occasions["submitted_local"]?.values.text(0) == "2026-01-12T11:10:00")
    let missed = try #require(rows.occasions.firstIndex { $0.occasion.state == .missed })
    #expect(occasions["started"]?.missingReasons?[missed] == .expired)
    #expect(occasions["closed"]?.values.isMissing(missed) == false)
  }

  @Test func localClocksFollowTheSeason() throws {
    var rows = SampleStudy().rows
    // 2026-06-01T08:00Z is 10:00 in Amsterdam, where summer time is two hours ahead.
    rows.occasions[0].submitted = Date(timeIntervalSince1970: 1_780_300_800)
    let occasions = try #require(try tables(rows)["occasions"])
    #expect(occasions["submitted_local"]?.values.text(0) == "2026-06-01T10:00:00")
    #expect(occasions["submitted_offset"]?.values.text(0) == "120")
  }

  @Test func everyItemOfEveryOccasionIsAnsweredOrSaysWhyNot() throws {
    let rows = SampleStudy().rows
    let responses = try #require(try tables(rows)["responses"])
    #expect(responses.rowCount == rows.occasions.count * 3)
    guard case .text(let states)? = responses["response_state"]?.values else {
      Issue.record("no states")
      return
    }
    for (row, state) in states.enumerated() {
      #expect((state == "answered") == (responses["value"]?.values.isMissing(row) == false))
    }
    #expect(states[1] == "left_blank")
    let missed = rows.occasions.count { $0.occasion.state == .missed }
    #expect(states.count { $0 == "expired" } == missed * 3)
  }

  @Test(arguments: Storage.ScoreAbsence.allCases)
  func scoresWithoutValueSayWhy(_ absence: Storage.ScoreAbsence) throws {
    var rows = SampleStudy().rows
    rows.scores[0].score.value = nil
    rows.scores[0].score.absence = absence
    rows.scorings[0] = rows.scores[0]
    let tables = try tables(rows)
    for column in [tables["scores"]?["needs-3.need"], tables["scorings"]?["value"]] {
      #expect(column?.missingReasons?[0]?.rawValue == absence.rawValue)
    }
  }

  @Test func scoresAreWideAndSayWhatTheyRestOn() throws {
    var rows = SampleStudy().rows
    rows.scores[0].score.value = nil
    rows.scores[0].score.absence = .tooFewAnswers
    rows.scores[0].score.answered = 1
    let scores = try #require(try tables(rows)["scores"])
    #expect(scores["needs-3.need"]?.missingReasons?[0] == .tooFewAnswers)
    #expect(scores["needs-3.need_answered"]?.values.text(0) == "1")
    #expect(scores["needs-3.need"]?.definition == "mean of a, b, c; 1 to 5")
  }

  @Test func attentionChecksAreFlaggedAndCounted() throws {
    var outline = SampleStudy().outline
    outline.instruments[0].items[0].expected = .number(2)
    var rows = SampleStudy().rows
    // The first three responses are one session's, in the order a, b, c.
    rows.responses[0].response.answer = .number(2)
    rows.responses[3].response.answer = .number(4)
    rows.responses[6].response.answer = .none
    rows.responses[6].response.reason = .leftBlank
    let tables = Dictionary(
      uniqueKeysWithValues: try StudyExport(study: outline, data: rows).tables().map {
        ($0.name, $0)
      })
    let check = try #require(tables["responses"]?["check"])
    #expect(
      (0..<7).map { check.values.text($0) ?? "" } == ["passed", "", "", "failed", "", "", ""])
    #expect(check.codes.map(\.text) == ["passed", "failed"])
    let failed = try #require(tables["scores"]?["needs-3.checks_failed"])
    #expect((0..<3).map { failed.values.text($0) ?? "" } == ["0", "1", ""])
    #expect(try self.tables(rows)["scores"]?["needs-3.checks_failed"] == nil)
  }

  @Test func sumsThatWereFilledUpAreFlagged() throws {
    var outline = SampleStudy().outline
    outline.instruments[0].scores[0].canBeProrated = true
    var rows = SampleStudy().rows
    rows.scores[1].score.isProrated = true
    let scores = try StudyExport(study: outline, data: rows).tables().first { $0.name == "scores" }
    let flags = try #require(scores?["needs-3.need_prorated"])
    #expect((0..<2).map { flags.values.text($0) } == ["false", "true"])
    #expect(try tables(rows)["scores"]?["needs-3.need_prorated"] == nil)
  }

  @Test func theCodebookNamesEveryColumnOfEveryFile() throws {
    let export = StudyExport(study: SampleStudy().outline, data: SampleStudy().rows)
    let tables = try export.tables()
    let codebook = Table.codebook(of: tables)
    let described = Set(
      (0..<codebook.rowCount).map { row in
        ["table", "column"].map { codebook[$0]?.values.text(row) ?? "" }.joined(separator: ".")
      })
    for table in tables {
      let header = String(decoding: table.csv().prefix { $0 != 10 }, as: UTF8.self)
      for name in header.split(separator: ",") {
        #expect(described.contains("\(table.name).\(name)"), "\(table.name).\(name)")
      }
    }
    for column in tables.flatMap(\.columns) {
      #expect(!column.definition.isEmpty && !column.label.isEmpty, "\(column.name)")
    }
  }

  /// The codebook's row of an item or a column, by the codebook's columns.
  private func described(_ table: String, _ column: String, item: String? = nil) throws
    -> [String: String]
  {
    let codebook = Table.codebook(
      of: try StudyExport(study: SampleStudy().outline, data: SampleStudy().rows).tables())
    let row = try #require(
      (0..<codebook.rowCount).first { row in
        codebook["table"]?.values.text(row) == table
          && codebook["column"]?.values.text(row) == column
          && codebook["item"]?.values.text(row) == item
      })
    return codebook.columns.reduce(into: [:]) { $0[$1.name] = $1.values.text(row) }
  }

  @Test func theCodebookShowsEveryItemAsItWasAsked() throws {
    let reversed = try described("responses", "value", item: "needs-3.c")
    #expect(reversed["label"] == "Sample" && reversed["reversed"] == "true")
    #expect(reversed["minimum"] == "1" && reversed["maximum"] == "5")
    #expect(reversed["values"]?.hasPrefix("1 = Sample; 2 = Sample") == true)
    #expect(try described("responses", "value", item: "needs-3.a")["reversed"] == "false")
    #expect(try described("scores", "needs-3.need")["maximum"] == "5")
  }

  @Test(arguments: [
    ("occasions", "state", "missed = closed without a session"),
    ("responses", "response_state", "answered = there is an answer"),
    ("responses", "response_state", "left_blank = shown and left blank"),
    ("participants", "status", "pending = enrolled, while the contact is not stored yet"),
    ("participants", "arm", "usual = reference in models; supportive"),
    ("scores", "needs-3.need_missing", "too_few_answers = too few items answered"),
    ("consents", "part", "taking_part = Do you take part?"),
  ]) func theCodebookExplainsEveryCode(table: String, column: String, words: String) throws {
    #expect(try described(table, column)["values"]?.contains(words) == true)
  }

  @Test func everyDecisionAboutConsentIsExported() throws {
    let consents = try #require(try tables(SampleStudy().rows)["consents"])
    #expect(consents.rowCount == 160)
    #expect(consents["part"]?.values.text(1) == "news")
    #expect(consents["agreed"]?.values.text(1) == "false")
    #expect(consents["required"]?.values.text(0) == "true")
    #expect(consents["decided"]?.values.text(0) == "2026-01-12T09:00:00.000Z")
  }

  @Test func filesReadBack() throws {
    for table in try tables(SampleStudy().rows).values {
      let columns = try DelimitedText.readColumns(table.csv())
      #expect(columns.first?.count == table.rowCount)
    }
  }

  @Test func equalRowsGiveEqualBytes() throws {
    let rows = SampleStudy().rows
    let first = try tables(rows).mapValues { $0.csv() }
    let second = try tables(rows).mapValues { $0.csv() }
    #expect(first == second)
  }
}
