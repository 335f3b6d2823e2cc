import Definitions
import Foundation
import Testing

@testable import Studies

/// Studies to test with.
enum StudySamples {
  /// The folder of the shipped study.
  static let quickstartFolder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "studies/quickstart")

  static func quickstart() throws -> StudyFolder {
    var problems = Problems()
    let folder = StudyFolder.load(directory: quickstartFolder, problems: &problems)
    // Its consent text is a template, which a study team has yet to fill in.
    #expect(
      problems.list.allSatisfy { $0.severity == .warning && $0.found.contains("placeholder") })
    return try #require(folder)
  }

  /// A study that uses every field, one per line, so that tests can break each line.
  static let complete = """
    id: companion
    version: 1.2.0
    title: "Four weeks: a study"
    languages: [en]
    timezone: participant
    contact: { name: Study team, email: team@example.org }
    ethics: { board: Board of the faculty, reference: 2026-17 }
    consent:
      version: 2
      text: consent/v2.{language}.md
      parts:
        - { id: surveys, required: true, question: I take part. }
        - { id: recontact }
    arms:
      - { id: usual, weight: 1 }
      - { id: supportive, weight: 2 }
    allocation: { method: simple, after: baseline }
    occasions:
      - id: baseline
        at: enrolment
        open_for: 3d
        instruments: [needs-24, flourishing-12]
      - id: week
        every: 1w
        from: 1w after baseline
        time: "09:00"
        times: 4
        open_for: 48h
        instruments: [wisdom-7]
      - id: last
        at: 3mo after enrolment
        time: "18:30"
        open_for: P2D
        instruments: [needs-24]
    feedback: { text: texts/thanks.md }

    """

  static func study(_ text: String) throws -> Study {
    var problems = Problems()
    let study = Study.load(Array(text.utf8), file: "study.yaml", problems: &problems)
    #expect(problems.list.filter { $0.severity == .error }.map(\.description) == [])
    return try #require(study)
  }

  /// A study with the given occasions, each a line of flow YAML without `instruments`.
  static func study(occasions: [String], timezone: String = "participant") throws -> Study {
    try study(file(occasions: occasions, timezone: timezone))
  }

  /// The file of such a study.
  static func file(occasions: [String], timezone: String = "participant") -> String {
    let lines = occasions.map { "  - { \($0), instruments: [needs-24] }" }.joined(separator: "\n")
    return """
      id: sample
      version: 1.0.0
      title: Sample
      languages: [en]
      timezone: \(timezone)
      contact: { name: Team, email: team@example.org }
      consent: { version: 1, text: consent.md, parts: [{ id: surveys, required: true }] }
      occasions:
      \(lines)

      """
  }

  /// A folder of its own that holds the given files, removed afterwards.
  static func withFolder(
    _ files: [String: [UInt8]], _ body: (URL) throws -> Void
  ) throws {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appending(path: "longwell-\(UUID().uuidString)")
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: folder) }
    for (path, bytes) in files {
      let file = folder.appending(path: path)
      try manager.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
    }
    try body(folder)
  }
}
