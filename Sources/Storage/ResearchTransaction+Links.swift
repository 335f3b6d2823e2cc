import Foundation
import GRDB
import LocalTime

extension ResearchTransaction {
  /// Records a person's link in place of the one before, which is worthless from now on.
  package func insert(_ link: LinkRecord) throws(StorageError) {
    let event = try append(
      .linkMade, to: .participant(link.person), content: EventContent.link(link), at: link.made)
    try run(
      """
      INSERT INTO links (person, generation, token_hash, made_at, event) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (person) DO UPDATE SET generation = excluded.generation,
        token_hash = excluded.token_hash, made_at = excluded.made_at, event = excluded.event
      """,
      [
        link.person.text, link.generation, link.tokenHash, link.made.utcMilliseconds, event,
      ])
  }
}
