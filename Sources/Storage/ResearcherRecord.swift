import Crypto
package import Foundation

/// What somebody of the study team is there for.
package enum ResearcherRole: String, Hashable, Sendable, CaseIterable {
  /// Answers for the study: sees all, and who did what.
  case owner
  /// Looks after participants: sees who they are, and none of their answers.
  case coordinator
  /// Works with the answers, and does not learn who gave them.
  case analyst
  /// Sees how the study goes, in numbers.
  case viewer
}

/// What somebody signs in with, as far as it is stored.
package struct StoredCredentials: Hashable, Sendable {
  /// The password's hash with its parameters and salt, as text.
  package var password: String
  /// The secret of the second factor, encrypted.
  package var secondFactor: [UInt8]

  package init(password: String, secondFactor: [UInt8]) {
    self.password = password
    self.secondFactor = secondFactor
  }

  /// The SHA-256 that stands for them in the chain of events.
  var hash: String {
    var hash = SHA256()
    hash.update(data: Array("\(password)\0".utf8))
    hash.update(data: secondFactor)
    return Hexadecimal.text(of: Array(hash.finalize()))
  }
}

/// Somebody of the study team.
package struct ResearcherRecord: Hashable, Sendable {
  package var uuid: UUID
  /// What they sign in as.
  package var name: String
  package var role: ResearcherRole
  /// The sites whose participants they see, in order; nil for all, those to come too.
  package var sites: [String]?
  package var credentials: StoredCredentials
  /// The time step of the last code of the second factor that was taken; 0 before the first.
  package var lastStep: Int
  package var added: Date
  /// When all doors were shut to them; nil while they are open.
  package var revoked: Date?

  package init(
    uuid: UUID, name: String, role: ResearcherRole, sites: [String]?,
    credentials: StoredCredentials, lastStep: Int = 0, added: Date, revoked: Date? = nil
  ) {
    self.uuid = uuid
    self.name = name
    self.role = role
    self.sites = sites
    self.credentials = credentials
    self.lastStep = lastStep
    self.added = added
    self.revoked = revoked
  }
}

/// A code that takes the place of the second factor once.
package struct RecoveryCodeRecord: Hashable, Sendable {
  /// The SHA-256 of the code, in lower-case hexadecimal.
  package var codeHash: String
  package var used: Date?
}

/// One sitting of a researcher at a browser.
package struct WebSessionRecord: Hashable, Sendable {
  /// The SHA-256 of the token in the browser's cookie, in lower-case hexadecimal.
  package var tokenHash: String
  package var researcher: UUID
  package var began: Date
  /// When it ends at the latest.
  package var ends: Date
  /// When it was last used, to about a minute.
  package var active: Date
  /// When it was ended by signing out or by being revoked; nil otherwise.
  package var ended: Date?

  package init(
    tokenHash: String, researcher: UUID, began: Date, ends: Date, active: Date? = nil,
    ended: Date? = nil
  ) {
    self.tokenHash = tokenHash
    self.researcher = researcher
    self.began = began
    self.ends = ends
    self.active = active ?? began
    self.ended = ended
  }
}

/// What a researcher's program shows to the JSON API.
package struct APITokenRecord: Hashable, Sendable {
  package var uuid: UUID
  package var researcher: UUID
  /// What it is for, in the researcher's words.
  package var label: String
  /// What it may be used for, by name, in order.
  package var scopes: [String]
  /// The SHA-256 of the token, in lower-case hexadecimal.
  package var tokenHash: String
  package var made: Date
  package var ends: Date
  package var revoked: Date?

  package init(
    uuid: UUID, researcher: UUID, label: String, scopes: [String], tokenHash: String, made: Date,
    ends: Date, revoked: Date? = nil
  ) {
    self.uuid = uuid
    self.researcher = researcher
    self.label = label
    self.scopes = scopes
    self.tokenHash = tokenHash
    self.made = made
    self.ends = ends
    self.revoked = revoked
  }
}

/// One entry of the study's own chain, for people to read.
package struct AuditEntry: Hashable, Sendable {
  /// Its place in the chain, from 1.
  package var number: Int
  package var kind: EventKind
  package var happened: Date
  /// The researcher who did it, or whom it is about.
  package var researcher: UUID?
  /// What it is about: pseudonyms that were looked at, tables with their rows, versions.
  package var subjects: [String]
}
