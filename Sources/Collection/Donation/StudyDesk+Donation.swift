package import Foundation
import Identities
package import InteractionLogs
import LocalTime
import Storage
import Studies

extension StudyDesk {
  /// What donating a log would keep, for the person to see and decide about; nothing is stored.
  ///
  /// - Parameters:
  ///   - log: read in the participant's zone.
  ///   - lists: the lists of words that its measures rest on.
  ///   - account: which of the person's accounts with the service, from 1.
  ///   - exported: when the export was made; its last message where that is not known. Days after it are
  ///     not covered, and so missing, not zero.
  ///   - keptBack: what the person keeps back, now and in later donations.
  /// - Throws: ``CollectionError`` `logsRefused` where the study does not take such logs, there is nothing in
  ///   this one or no such conversation as is kept back, `consentMissing` where the participant has not agreed to donating, `noIdentities`
  ///   without the database that has the participant's key.
  package func previewDonation(
    of log: InteractionLog, lists: [ListVersion], from pseudonym: String, account: Int = 1,
    exported: Date? = nil, withholding keptBack: KeptBack = .nothing, now: Date
  ) async throws -> LogPreview {
    // Of a log of days, today is not over.
    let log = log.complete(at: now)
    let consentVersion = try await database.read {
      try checkDonation(of: log, from: pseudonym, in: $0)
    }
    let until = min(exported ?? log.to ?? now, now)
    guard let last = log.to, log.from != nil, last <= until.addingTimeInterval(Self.clockSlack)
    else {
      throw CollectionError(
        .logsRefused, pseudonym,
        detail: log.to == nil
          ? log.source == .days
            ? "the export has no day that is over"
            : "no message of the export has a time, so it cannot be told when there was use"
          : "the export has messages from after \(until.utcText)")
    }
    let key = try await logKey(of: pseudonym)
    return try await database.read { snapshot in
      let earlier = try snapshot.donations(of: pseudonym)
      let standing = try snapshot.interactionRows(of: pseudonym)
      let donation = DonationRecord(
        uuid: database.secrets.uuid(for: "donation \(earlier.count + 1) of \(pseudonym)"),
        source: log.source.rawValue,
        account: account, isDaily: log.source == .days, zone: log.zone.identifier,
        coveredFrom: coverageStart(of: log, until: until)?.wholeMilliseconds,
        coveredUntil: max(until, last).wholeMilliseconds, consentVersion: consentVersion,
        consentPart: LogPlan.consentPart,
        lists: lists.map { ListReference(name: $0.name, version: $0.version, hash: $0.hash) },
        donated: now.wholeMilliseconds)
      let selection = try LogSelection(
        of: log, keepingBack: keptBack, standing: standing, key: key, from: pseudonym)
      let rows = DonatedLog(
        selection.kept, donation: donation.uuid, key: key, withholding: selection.withheldTokens
      ).rows
      let merged = LogMerge(donation: donation, earlier: earlier, standing: standing)
        .adding(rows, withholding: Set(keptBack.days.map(\.description)))
      let known = Set(standing.conversations.filter { !$0.isWithheld }.map(\.token))
      let own = rows.conversations.filter { !$0.isWithheld }
      return LogPreview(
        pseudonym: pseudonym, donation: donation, earlier: earlier.map(\.uuid),
        title: log.source.title, rows: merged,
        days: selection.previewDays, conversationList: selection.previewConversations,
        conversations: own.count, withheldConversations: selection.withheldTokens.count,
        replaced: own.count { known.contains($0.token) })
    }
  }

  /// Stores what the person has seen and agreed to.
  ///
  /// - Throws: ``CollectionError`` when the agreement was taken back since the preview, or when the study's
  ///   rows about the participant are not those that the preview was made with: then preview again.
  package func donate(_ preview: LogPreview, now: Date) async throws -> DonationReceipt {
    let donation = try await database.write { transaction in
      // The person may have looked for a while.
      var donation = preview.donation
      donation.donated = now.wholeMilliseconds
      donation.consentVersion = try checkAgreement(of: preview.pseudonym, in: transaction)
      let earlier = try transaction.donations(of: preview.pseudonym).map(\.uuid)
      guard earlier == preview.earlier else {
        throw CollectionError(
          .logsRefused, preview.pseudonym,
          detail: "another log was donated or erased meanwhile; preview this one again")
      }
      try transaction.record(donation, keeping: preview.rows, of: preview.pseudonym)
      return donation
    }
    return DonationReceipt(
      pseudonym: preview.pseudonym, donation: donation,
      conversations: preview.rows.conversations.count { !$0.isWithheld },
      sessions: preview.rows.sessions.count, days: preview.rows.days.count { !$0.isWithheld })
  }

  // MARK: - Conditions

  /// Clocks of services and of the study's machine differ by less.
  private static let clockSlack = 3600.0

  private func checkDonation(
    of log: InteractionLog, from pseudonym: String, in snapshot: ResearchSnapshot
  ) throws -> Int {
    let participant = try takingPart(pseudonym, in: snapshot)
    guard let plan = try version(participant.publication).study.logs else {
      throw CollectionError(
        .logsRefused, pseudonym, detail: "the study takes no logs; its file has no logs: …")
    }
    guard plan.sources.contains(log.source.rawValue) else {
      throw CollectionError(
        .logsRefused, pseudonym,
        detail: "found an export of \(log.source.title), expected one of "
          + plan.sources.joined(separator: ", "))
    }
    return try checkAgreement(of: pseudonym, in: snapshot)
  }

  /// The version of the consent under which donating was agreed to.
  private func checkAgreement(
    of pseudonym: String, in snapshot: ResearchSnapshot
  ) throws -> Int {
    _ = try takingPart(pseudonym, in: snapshot)
    let standing = try consentStanding(of: pseudonym, in: snapshot)
    guard let version = standing.decided, standing.agreed.contains(LogPlan.consentPart),
      standing.missing.isEmpty
    else {
      throw CollectionError(
        .consentMissing, pseudonym, detail: "donating rests on the part \(LogPlan.consentPart)")
    }
    return version
  }

  /// The participant's own key; simulated people, who have no database of contacts, get theirs from the key of
  /// their rehearsal.
  private func logKey(of pseudonym: String) async throws -> SecretKey {
    if let identities { return try await identities.logKey(of: pseudonym) }
    guard database.kind == .simulated, let linkKey else {
      throw CollectionError(.noIdentities, pseudonym)
    }
    return SecretKey.forRehearsal(seed: linkKey.seed(for: "logs of \(pseudonym)"))
  }

  private func coverageStart(of log: InteractionLog, until: Date) -> Date? {
    guard let limit = log.source.retentionDays else { return log.from }
    return log.from.map { max($0, until.addingTimeInterval(-Double(limit) * 86_400)) }
  }
}

extension LogSource {
  /// How long the service keeps conversations by itself, in days, where it deletes: before that, silence says
  /// nothing. Gemini's activity is deleted after 18 months unless its owner chose otherwise.
  var retentionDays: Int? { self == .gemini ? 548 : nil }
}
