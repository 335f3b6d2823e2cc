import Collection
import Foundation
import LocalTime
import Storage

/// The receipt of a withdrawal, for the person who withdrew.
enum WithdrawalText {
  /// The lines of a receipt.
  static func lines(_ receipt: WithdrawalReceipt) -> [String] {
    let name = receipt.pseudonym
    let again =
      receipt.isRepeated
      ? ["Asked before, on \(receipt.at.utcText); nothing was done again.", ""] : []
    switch receipt.withdrawal {
    case .stopReminders: return again + ["\(name) gets no more reminders, and goes on taking part."]
    case .stopAndKeep:
      return again + [
        "\(name) has left the study on \(receipt.at.utcText); \(receipt.cancelled) occasions were "
          + "cancelled.",
        "What was collected is kept; it can still be erased: longwell withdraw … --erase",
      ]
    case .stopAndErase:
      return again + ["\(name) has left the study on \(receipt.at.utcText)."]
        + erasure(receipt.erasure, waitingFor: receipt.obstacle, with: ", and the contact") + [""]
        + remains(receipt)
    }
  }

  /// How far an erasure has come.
  ///
  /// - Parameter contact: what was erased besides what was collected.
  static func erasure(
    _ erasure: ErasureRecord?, waitingFor obstacle: ErasureObstacle?, with contact: String = ""
  ) -> [String] {
    guard let erasure else { return [] }
    var lines: [String] = []
    if let removed = erasure.removed {
      lines.append("Erased on \(removed.utcText): \(counts(erasure.counts))\(contact).")
    }
    return lines + [state(of: erasure, waitingFor: obstacle)]
  }

  /// Whether an erasure is complete.
  static func state(
    of erasure: ErasureRecord?, waitingFor obstacle: ErasureObstacle?
  ) -> String {
    erasure?.completed.map {
      "Complete on \($0.utcText): no file of the study holds it any more."
    } ?? "Pending: \(reason(obstacle)). Every later command tries again."
  }

  /// How many of what people know by name; the other tables are about how it was kept.
  private static func counts(_ counts: [String: Int]) -> String {
    [
      ("responses", "answers"), ("scores", "scores"), ("sessions", "sessions"),
      ("occasions", "occasions"), ("messages", "messages"),
      ("interaction_conversations", "donated conversations"),
    ].compactMap { table, name in counts[table].map { "\($0) \(name)" } }.joined(separator: ", ")
  }

  private static func reason(_ obstacle: ErasureObstacle?) -> String {
    switch obstacle {
    case .reader: "another program reads the database, and holds an old state of it open"
    case .contactsBusy: "another program uses the contacts"
    case .ledgerMissing: "the folder of the study's keys is not at hand"
    case .failure, nil: "a file could not be written"
    }
  }

  private static func remains(_ receipt: WithdrawalReceipt) -> [String] {
    let backups =
      receipt.lastBackup.map {
        "Backups hold copies until they are restored, which erases them again: \(receipt.backups) "
          + "since joining, the last on \($0.utcText)."
      } ?? "No backup was made since joining, as far as the study's chain knows."
    let exports =
      receipt.lastExport.map {
        "Exports hold copies, and nothing erases those: \(receipt.exports) since joining, the last "
          + "on \($0.utcText)."
      } ?? "Nothing was exported since joining."
    return ["What remains, and does not say who you are:"]
      + WithdrawalDocument.remains.map { "- \($0)" }
      + [backups, exports]
  }
}

/// The receipt, for programs.
struct WithdrawalDocument: Encodable {
  struct Erasure: Encodable {
    var requested: String
    var removed, completed, pending: String?
    var counts: [String: Int]
  }

  struct Copies: Encodable {
    var backups: Int
    var lastBackup: String?
    var exports: Int
    var lastExport: String?

    enum CodingKeys: String, CodingKey {
      case backups, exports
      case lastBackup = "last_backup"
      case lastExport = "last_export"
    }
  }

  var participant, withdrawal, at: String
  var repeated: Bool
  var cancelled: Int
  var erasure: Erasure?
  var remains: [String]?
  var copies: Copies?

  /// What an erasure leaves.
  static let remains = [
    "the pseudonym, with site, and the dates of joining and leaving",
    "what was agreed to in the consent, and when",
    "the arm and its draw, where one was drawn",
    "of each event its kind and moment, without content",
  ]

  init(_ receipt: WithdrawalReceipt) {
    participant = receipt.pseudonym
    withdrawal = receipt.withdrawal.rawValue
    at = receipt.at.utcText
    repeated = receipt.isRepeated
    cancelled = receipt.cancelled
    guard let done = receipt.erasure else { return }
    erasure = Erasure(
      requested: done.requested.utcText, removed: done.removed?.utcText,
      completed: done.completed?.utcText,
      pending: done.completed == nil ? receipt.obstacle?.rawValue ?? "failure" : nil,
      counts: done.counts)
    remains = Self.remains
    copies = Copies(
      backups: receipt.backups, lastBackup: receipt.lastBackup?.utcText, exports: receipt.exports,
      lastExport: receipt.lastExport?.utcText)
  }
}
