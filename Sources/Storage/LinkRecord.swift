package import Foundation

/// What is kept of a personal link: enough to know it when it comes, too little to make it.
package struct LinkRecord: Hashable, Sendable {
  /// Whose link it is: the UUID of a participant, or of somebody invited.
  package var person: UUID
  /// From 1; raising it makes all earlier links of the person worthless.
  package var generation: Int
  /// The SHA-256 of the token, in lower-case hexadecimal.
  package var tokenHash: String
  /// When this generation was made.
  package var made: Date

  package init(person: UUID, generation: Int, tokenHash: String, made: Date) {
    self.person = person
    self.generation = generation
    self.tokenHash = tokenHash
    self.made = made
  }
}
