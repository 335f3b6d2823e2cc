import Foundation
import Storage
import Studies

extension StudyDesk {
  /// Asks for the erasure of what a participant donated, once donating is not agreed to any more. There is no
  /// choice to keep it: logs are given, and can be taken back.
  ///
  /// - Returns: the wish, which ``completeErasures(at:now:)`` carries out; `nil` where nothing was donated or
  ///   the agreement stands.
  @discardableResult
  func eraseDonationsIfRevoked(
    of pseudonym: String, now: Date, in transaction: ResearchTransaction
  ) throws -> ErasureRecord? {
    let standing = try consentStanding(of: pseudonym, in: transaction)
    guard !standing.agreed.contains(LogPlan.consentPart),
      try !transaction.donations(of: pseudonym).isEmpty
    else { return nil }
    return try requestErasure(
      .part(LogPlan.consentPart, occasions: [], instruments: []), of: pseudonym, now: now,
      in: transaction)
  }
}

extension ErasureScope {
  /// Whether the names of donated conversations become meaningless with it.
  var coversDonations: Bool {
    switch self {
    case .everything: true
    case .contact: false
    case .part(let part, _, _): part == LogPlan.consentPart
    }
  }
}
