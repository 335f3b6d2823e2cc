package import Foundation
package import Storage

/// Somebody of the study team who has shown who they are, and what is open to them.
///
/// The functions of ``StudyDesk`` that a researcher calls take one and check it: what a page or a program
/// shows them is decided there.
package struct Researcher: Hashable, Sendable {
  package let uuid: UUID
  /// What they sign in as.
  package let name: String
  package let role: ResearcherRole
  /// The sites whose participants they see; nil for all.
  package let sites: Set<String>?
  /// What they may look at or do, by this door.
  package let permissions: Set<Permission>
  /// What the token they came with is for; nil for a sitting at a browser.
  package let scopes: Set<TokenScope>?

  init(_ record: ResearcherRecord, scopes: Set<TokenScope>? = nil) {
    uuid = record.uuid
    name = record.name
    role = record.role
    sites = record.sites.map(Set.init)
    self.scopes = scopes
    let covered = scopes.map { $0.reduce(into: Set<Permission>()) { $0.formUnion($1.permissions) } }
    permissions = covered.map(record.role.permissions.intersection) ?? record.role.permissions
  }

  package func may(_ permission: Permission) -> Bool {
    permissions.contains(permission) && (sites == nil || !permission.isOfAllSites)
  }

  /// Whether they see the participants of a site.
  package func sees(_ site: String) -> Bool { sites?.contains(site) ?? true }

  /// Refuses what is not open to them.
  ///
  /// - Throws: ``CollectionError`` `notAllowed`.
  package func check(_ permission: Permission) throws(CollectionError) {
    guard permissions.contains(permission) else {
      throw CollectionError(.notAllowed, permission.rawValue, detail: "\(name) is \(role.rawValue)")
    }
    guard may(permission) else {
      throw CollectionError(.notAllowed, "all sites", detail: "\(name) sees some of them")
    }
  }
}
