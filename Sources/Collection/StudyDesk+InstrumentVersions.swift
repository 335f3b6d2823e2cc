import Definitions
import Foundation
import Instruments
import Storage
import Studies

extension StudyDesk {
  /// Instruments and overlays that say something else than before under the version that they had: stored answers name
  /// the version that they were given to, and it has to tell what was asked.
  func instrumentVersionProblems(of folder: StudyFolder, data: CollectedData) -> Problems {
    var problems = Problems()
    for id in data.instruments.sorted() {
      guard let new = folder.instruments[id] else { continue }
      let earlier = versions.values.compactMap { $0.definitions.instruments[id] }
      guard
        earlier.contains(where: { $0.version == new.version && $0.contentHash != new.contentHash })
      else { continue }
      problems.report(
        at: .whole(
          folder.url.map { "\($0.relativePath)/instruments/\(id).yaml" } ?? id),
        found: "other content under version \(new.version), which people have answered",
        expected: "a higher version of the instrument, so that data can be told apart")
    }
    for overlay in folder.usedOverlays where data.instruments.contains(overlay.instrument) {
      let isChanged = versions.values.contains { version in
        version.definitions.usedOverlays.contains {
          $0.id == overlay.id && $0.provenance.version == overlay.provenance.version
            && $0.provenance.hash != overlay.provenance.hash
            && version.definitions.worded[$0.id]?.contentHash
              != folder.worded[overlay.id]?.contentHash
        }
      }
      guard isChanged else { continue }
      problems.report(
        at: .whole(
          folder.url.map { "\($0.relativePath)/overlays/\(overlay.id).yaml" } ?? overlay.id),
        found:
          "other words under version \(overlay.provenance.version), which people may have read",
        expected: "a higher version of the overlay, so that data can be told apart")
    }
    return problems
  }
}
