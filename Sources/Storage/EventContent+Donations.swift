import Foundation
import LocalTime

extension EventContent {
  /// - Parameter rows: all that is kept of the participant's logs since, as lists of values: there can be
  ///   thousands, and names would be most of it.
  static func donation(_ donation: DonationRecord, keeping rows: InteractionRows) -> CanonicalJSON {
    var fields: [String: CanonicalJSON] = [
      "donation": .object([
        "account": .integer(Int64(donation.account)),
        "consent_part": .text(donation.consentPart),
        "consent_version": .integer(Int64(donation.consentVersion)),
        "covered_from": .optional(donation.coveredFrom?.utcMilliseconds),
        "covered_until": .integer(donation.coveredUntil.utcMilliseconds),
        "donated_at": .integer(donation.donated.utcMilliseconds),
        "is_daily": .truth(donation.isDaily), "lists": .text(donation.listsText),
        "source": .text(donation.source), "uuid": .text(donation.uuid.text),
        "zone": .text(donation.zone),
      ])
    ]
    for table in InteractionTable.allCases {
      fields[table.rawValue] = .object([
        "columns": .texts(table.columns), "rows": .list(table.rows(of: rows).map { .list($0) }),
      ])
    }
    return .object(.init(fields))
  }
}
