import Collection
import Foundation
import Storage

extension StudyDoor {
  /// What erasures have to reach besides the research database.
  var erasurePlaces: ErasurePlaces { places.erasurePlaces(kind: desk.database.kind) }

  /// Finishes erasures that were interrupted, or had to wait. A command does not fail because of
  /// them; where they still wait, it says so.
  func finishErasures(now: Date) async {
    let pending: Int
    do {
      pending = try await desk.completeErasures(at: erasurePlaces, now: now).count
    } catch {
      Console.raw("Note: an erasure is pending: \(CommandFailure(describing: error).message)")
      return
    }
    if pending > 0 {
      Console.raw("Note: \(pending) erasure\(pending == 1 ? " is" : "s are") pending.")
    }
  }
}

extension StudyPlaces {
  /// The contacts, and the ledger beside the keys. Simulated people have neither.
  func erasurePlaces(kind: DatabaseKind) -> ErasurePlaces {
    guard kind == .real else { return ErasurePlaces() }
    let keys = try? KeyFolder.existing(self)
    let isThere = keys.map { FileManager.default.fileExists(atPath: $0.url.path) } ?? false
    return ErasurePlaces(contacts: identities, ledger: isThere ? keys?.ledger : nil)
  }
}
