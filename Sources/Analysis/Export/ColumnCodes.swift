import Storage
import Tables

/// What the codes of exported columns stand for, from the declaration and not from the data.
enum ColumnCodes {
  /// Of occasions.
  static let occasionStates: [Column.Code] = [
    .init("planned", "not open yet"), .init("open", "open, and not answered yet"),
    .init("submitted", "answered and submitted"),
    .init("partial", "begun, and not submitted in time"),
    .init("missed", "closed without a session"),
    .init("cancelled", "the participant withdrew, or consent lapsed, before it ended"),
    .init("skipped", "did not apply to the participant"),
  ]

  /// Of occasions that are due.
  static let dueStates = occasionStates.filter { code in
    OccasionState(rawValue: code.text)?.isDue == true
  }

  /// Of answers.
  static let responseStates: [Column.Code] =
    [.init("answered", "there is an answer")]
    + Tables.MissingReason.allCases.filter(answerReasons.contains).map {
      .init($0.rawValue, $0.label)
    }

  /// An attention check that was answered as it asks.
  static let passed = Column.Code("passed", "answered as it asks")

  /// An attention check that was answered otherwise.
  static let failed = Column.Code("failed", "answered otherwise")

  /// Of attention checks.
  static let checks = [passed, failed]

  private static let answerReasons: Set<Tables.MissingReason> = [
    .leftBlank, .notShown, .partialSession, .expired, .withdrawn, .cancelled,
  ]

  /// Of participants.
  static let participantStates: [Column.Code] = [
    .init("pending", "enrolled, while the contact is not stored yet, and nothing is asked"),
    .init("enrolled", "takes part"),
    .init("withdrawn", "stopped, and what was collected is kept"),
    .init("erased", "stopped, and what was collected is gone"),
  ]

  /// Arms in the order of the study.
  static func arms(_ study: StudyOutline) -> [Column.Code] {
    study.arms.enumerated().map { position, arm in
      .init(arm, position == 0 ? "reference in models" : "")
    }
  }

  /// Planned occasions in the order of the study.
  static func occasions(_ study: StudyOutline) -> [Column.Code] {
    study.occasions.map { .init($0.id, $0.times > 1 ? "\($0.times) times" : "") }
  }

  /// Parts of the consent with their questions.
  static func consentParts(_ study: StudyOutline) -> [Column.Code] {
    var seen: Set<String> = []
    return study.consentParts.filter { seen.insert($0.id).inserted }.map {
      .init($0.id, $0.question)
    }
  }
}
