package import Foundation
import GRDB

extension IdentityDatabase {
  /// Stores or replaces the contacts of several pseudonyms, all or none; they are on disk when this
  /// returns.
  ///
  /// - Throws: ``IdentityError``.
  package func store(
    _ contacts: [(pseudonym: String, contact: ContactDetails)], at now: Date
  ) async throws {
    guard !contacts.isEmpty else { return }
    let rows = try contacts.map { try sealed($0.contact, of: $0.pseudonym, at: now) }
    try await write { database in
      for contact in rows { try contact.store(in: database) }
    }
  }

  /// Every contact by its pseudonym.
  ///
  /// - Throws: ``IdentityError`` `damaged` when a field does not open.
  package func contacts() async throws -> [String: ContactDetails] {
    var contacts: [String: ContactDetails] = [:]
    for pseudonym in try await pseudonyms() {
      contacts[pseudonym] = try await contact(of: pseudonym)
    }
    return contacts
  }
}
