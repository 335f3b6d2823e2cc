import Definitions

/// One thing that two versions of a study say differently, as people read it.
package struct StudyDifference: Hashable, Sendable {
  /// The file: the study's or an instrument's id, or the path of a text.
  package let document: String
  /// Where in the file, such as `occasions.week.open_for`, or `line 3` of a text; empty for a file as a
  /// whole.
  package let path: String
  /// What the old version says; nil where it says nothing.
  package let old: String?
  /// What the new version says; nil where it says nothing.
  package let new: String?
}

extension StudyFolder {
  /// What this version says differently from an older one: files that are new or gone, and within
  /// YAML files each value, within texts each line.
  package func differences(from old: StudyFolder) -> [StudyDifference] {
    let earlier = old.documents
    let ours = documents.flatMap { document -> [StudyDifference] in
      guard let before = earlier.first(where: { $0.kind == document.kind && $0.id == document.id })
      else { return [StudyDifference(document: document.id, path: "", old: nil, new: "new")] }
      return document.differences(from: before)
    }
    let gone = earlier.filter { before in
      !documents.contains { $0.kind == before.kind && $0.id == before.id }
    }
    return ours
      + gone.map { StudyDifference(document: $0.id, path: "", old: "used", new: nil) }
  }
}

extension StudyDocument {
  fileprivate func differences(from old: StudyDocument) -> [StudyDifference] {
    guard hash != old.hash else { return [] }
    guard let new = node, let before = old.node else {
      return lineDifferences(from: old)
    }
    return new.differences(from: before).map {
      StudyDifference(
        document: id, path: $0.path.joined(separator: "."), old: $0.old, new: $0.new)
    }
  }

  /// The lines of a text that are new or gone, each by its place: the old ones in the old text, the new
  /// ones in the new, in the order of reading.
  private func lineDifferences(from old: StudyDocument) -> [StudyDifference] {
    func lines(_ document: StudyDocument) -> [String] {
      String(decoding: document.bytes, as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    let difference = lines(self).difference(from: lines(old))
    // A line that took another's place comes after it, at the place that both have in what is common.
    var gone = 0
    var ordered: [(place: Int, isNew: Bool, line: StudyDifference)] = []
    for case .remove(let offset, let text, _) in difference.removals {
      ordered.append(
        (
          offset - gone, false,
          StudyDifference(document: id, path: "line \(offset + 1)", old: text, new: nil)
        ))
      gone += 1
    }
    var added = 0
    for case .insert(let offset, let text, _) in difference.insertions {
      ordered.append(
        (
          offset - added, true,
          StudyDifference(document: id, path: "line \(offset + 1)", old: nil, new: text)
        ))
      added += 1
    }
    // Stable, so that lines of one place keep their order.
    return ordered.enumerated().sorted { first, second in
      (first.element.place, first.element.isNew ? 1 : 0, first.offset)
        < (second.element.place, second.element.isNew ? 1 : 0, second.offset)
    }.map(\.element.line)
  }

  /// The file as YAML; nil for texts.
  private var node: DefinitionNode? {
    guard kind != .consent, kind != .text else { return nil }
    var problems = Problems()
    return DefinitionNode.parse(bytes, file: id, problems: &problems)
  }
}
