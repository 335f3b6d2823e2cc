import Crypto
package import Foundation
import Identities
package import Storage

extension StudyDesk {
  /// The token of the personal link of a participant, or of somebody invited; the first time, it is put on record.
  ///
  /// It is the same until it is revoked, so every message may contain it. People who have withdrawn
  /// keep theirs: it shows them what is kept of them.
  ///
  /// - Throws: ``CollectionError`` `unknownParticipant`, `notTakingPart` after erasure, or
  ///   `noLinkKey` where the key of the links is not at hand.
  package func token(of pseudonym: String, now: Date) async throws -> ParticipantToken {
    try await database.write { try token(of: pseudonym, now: now, in: $0) }
  }

  /// The same within a transaction; see ``token(of:now:)``.
  ///
  /// - Throws: ``CollectionError``.
  package func token(
    of pseudonym: String, now: Date, in transaction: ResearchTransaction
  ) throws -> ParticipantToken {
    let person = try linkHolder(pseudonym, in: transaction)
    guard let link = try transaction.link(of: person) else {
      return try makeToken(of: person, generation: 1, now: now, in: transaction)
    }
    let token = ParticipantToken(of: person, generation: link.generation, key: try readLinkKey())
    guard token.digest.hexadecimal == link.tokenHash else {
      throw CollectionError(
        .noLinkKey, pseudonym, detail: "its link was made with another key; restore that one")
    }
    return token
  }

  /// Makes every earlier link of a participant worthless, and gives the one that holds from now on.
  ///
  /// - Throws: as ``token(of:now:)``.
  package func revokeToken(of pseudonym: String, now: Date) async throws -> ParticipantToken {
    try await database.write { transaction in
      let person = try linkHolder(pseudonym, in: transaction)
      // Without a link on record there is nothing that anybody could hold; the next one is new.
      let generation = try transaction.link(of: person).map { $0.generation + 1 } ?? 1
      return try makeToken(of: person, generation: generation, now: now, in: transaction)
    }
  }

  /// Who holds a token: the participant, or `nil` for a token that was never made or was revoked.
  ///
  /// The hash finds the record; the comparison takes the same time wherever they differ.
  package func participant(
    holding text: String, in snapshot: ResearchSnapshot
  ) throws -> ParticipantRecord? {
    guard let link = try link(holding: text, in: snapshot),
      let participant = try snapshot.participant(link.person), participant.status != .erased
    else { return nil }
    return participant
  }

  /// The invitation that a token belongs to, as long as it can be accepted; nil otherwise.
  package func invitation(
    holding text: String, in snapshot: ResearchSnapshot
  ) throws -> InvitationRecord? {
    try anyInvitation(holding: text, in: snapshot).flatMap { $0.state == .open ? $0 : nil }
  }

  func anyInvitation(
    holding text: String, in snapshot: ResearchSnapshot
  ) throws -> InvitationRecord? {
    try link(holding: text, in: snapshot).flatMap { try snapshot.invitation($0.person) }
  }

  private func link(
    holding text: String, in snapshot: ResearchSnapshot
  ) throws -> LinkRecord? {
    guard ParticipantToken.isSpelled(text) else { return nil }
    let digest = ParticipantToken.digest(of: text)
    guard let link = try snapshot.link(hashed: digest.hexadecimal),
      digest == Self.bytes(ofHexadecimal: link.tokenHash)
    else { return nil }
    return link
  }

  private func makeToken(
    of person: UUID, generation: Int, now: Date, in transaction: ResearchTransaction
  ) throws -> ParticipantToken {
    let token = ParticipantToken(of: person, generation: generation, key: try readLinkKey())
    try transaction.insert(
      LinkRecord(
        person: person, generation: generation, tokenHash: token.digest.hexadecimal,
        made: now.wholeMilliseconds))
    return token
  }

  private func linkHolder(_ pseudonym: String, in snapshot: ResearchSnapshot) throws -> UUID {
    guard let participant = try snapshot.participant(pseudonym) else {
      guard let invitation = try snapshot.invitation(pseudonym) else {
        throw CollectionError(.unknownParticipant, pseudonym)
      }
      try checkOpen(invitation)
      return invitation.uuid
    }
    guard participant.status != .erased else {
      throw CollectionError(.notTakingPart, pseudonym, detail: "erased")
    }
    return participant.uuid
  }

  func readLinkKey() throws -> SecretKey {
    guard let linkKey else { throw CollectionError(.noLinkKey, database.url.path) }
    return linkKey
  }

  private static func bytes(ofHexadecimal text: String) -> [UInt8] {
    stride(from: 0, to: text.utf8.count - 1, by: 2).compactMap { offset in
      let start = text.utf8.index(text.startIndex, offsetBy: offset)
      return UInt8(text[start..<text.utf8.index(start, offsetBy: 2)], radix: 16)
    }
  }
}
