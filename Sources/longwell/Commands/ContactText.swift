import Collection
import Foundation
import LocalTime
import Storage

extension WithdrawalText {
  /// The lines of a receipt for an erased contact.
  static func lines(_ receipt: ContactReceipt) -> [String] {
    let again =
      receipt.isRepeated
      ? ["Asked before, on \(receipt.at.utcText); nothing was done again.", ""] : []
    let backups =
      receipt.lastBackup.map {
        "Backups hold the contact, sealed, until they are restored, which erases it again: "
          + "\(receipt.backups) since, the last on \($0.utcText)."
      } ?? "No backup was made since, as far as the study's chain knows."
    return again + [
      receipt.isParticipant
        ? "\(receipt.pseudonym) has no contact any more, and gets no messages; what was collected is kept."
        : "\(receipt.pseudonym) had not joined; the place that was kept is gone with the contact.",
      state(of: receipt.erasure, waitingFor: receipt.obstacle), backups,
    ]
  }

  /// What carrying out the retention did.
  static func lines(_ receipt: RetentionReceipt) -> [String] {
    var lines = receipt.contacts.map { "\($0): the contact was erased" }
    lines += receipt.data.map { "\($0): everything was erased" }
    guard !lines.isEmpty else { return ["Nothing was due; nothing was erased."] }
    lines.append("")
    lines.append(
      receipt.pending.isEmpty
        ? "Complete on \(receipt.at.utcText); it is an event of the study's chain."
        : "Pending: \(receipt.pending.count). Every later command tries again.")
    return lines
  }
}

/// The receipt for an erased contact, for programs.
struct ContactDocument: Encodable {
  var participant, at: String
  var joined, repeated: Bool
  var completed, pending: String?
  var backups: Int
  var lastBackup: String?

  enum CodingKeys: String, CodingKey {
    case participant, at, joined, repeated, completed, pending, backups
    case lastBackup = "last_backup"
  }

  init(_ receipt: ContactReceipt) {
    participant = receipt.pseudonym
    at = receipt.at.utcText
    joined = receipt.isParticipant
    repeated = receipt.isRepeated
    completed = receipt.erasure?.completed?.utcText
    pending =
      receipt.erasure?.completed == nil ? receipt.obstacle?.rawValue ?? "failure" : nil
    backups = receipt.backups
    lastBackup = receipt.lastBackup?.utcText
  }
}

/// What carrying out the retention did, for programs.
struct RetentionReceiptDocument: Encodable {
  var at: String
  var contacts, data: [String]
  var pending: Int

  init(_ receipt: RetentionReceipt) {
    at = receipt.at.utcText
    contacts = receipt.contacts
    data = receipt.data
    pending = receipt.pending.count
  }
}
