import Foundation
import LocalTime

extension EventContent {
  static func researcher(
    _ researcher: ResearcherRecord, recovery: [String]
  ) -> CanonicalJSON {
    .object([
      "added_at": .integer(researcher.added.utcMilliseconds),
      "credentials_hash": .text(researcher.credentials.hash), "name": .text(researcher.name),
      "recovery": .texts(recovery), "role": .text(researcher.role.rawValue),
      "sites": .optional(researcher.sites.map { CanonicalJSON.texts($0).text }),
      "uuid": .text(researcher.uuid.text),
    ])
  }

  static func duties(
    of researcher: UUID, role: ResearcherRole, sites: [String]?
  ) -> CanonicalJSON {
    .object([
      "role": .text(role.rawValue), "sites": .optional(sites.map { CanonicalJSON.texts($0).text }),
      "uuid": .text(researcher.text),
    ])
  }

  static func renewal(
    of researcher: UUID, _ credentials: StoredCredentials, recovery: [String]
  ) -> CanonicalJSON {
    .object([
      "credentials_hash": .text(credentials.hash), "recovery": .texts(recovery),
      "uuid": .text(researcher.text),
    ])
  }

  static func revocation(of researcher: UUID) -> CanonicalJSON {
    .object(["uuid": .text(researcher.text)])
  }

  /// - Parameter code: the hash of the recovery code that was used.
  static func signIn(_ session: WebSessionRecord, code: String?) -> CanonicalJSON {
    .object([
      "began_at": .integer(session.began.utcMilliseconds),
      "ends_at": .integer(session.ends.utcMilliseconds), "recovery": .optional(code),
      "researcher": .text(session.researcher.text), "token_hash": .text(session.tokenHash),
    ])
  }

  static func signOut(_ session: WebSessionRecord) -> CanonicalJSON {
    .object([
      "researcher": .text(session.researcher.text), "token_hash": .text(session.tokenHash),
    ])
  }

  static func apiToken(_ token: APITokenRecord) -> CanonicalJSON {
    .object([
      "ends_at": .integer(token.ends.utcMilliseconds), "label": .text(token.label),
      "made_at": .integer(token.made.utcMilliseconds),
      "researcher": .text(token.researcher.text),
      "scopes": .text(CanonicalJSON.texts(token.scopes).text),
      "token_hash": .text(token.tokenHash), "uuid": .text(token.uuid.text),
    ])
  }

  static func apiTokenEnd(_ token: APITokenRecord) -> CanonicalJSON {
    .object(["researcher": .text(token.researcher.text), "uuid": .text(token.uuid.text)])
  }

  static func look(by researcher: UUID, at pseudonyms: [String]) -> CanonicalJSON {
    .object(["pseudonyms": .texts(pseudonyms), "researcher": .text(researcher.text)])
  }
}
