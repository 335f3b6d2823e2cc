import Definitions

/// One thing that two versions of a study say differently, as people read it.
package struct StudyDifference: Hashable, Sendable {
  /// The file: the study's or an instrument's id, or the path of a text.
  package let document: String
  /// Where in the file, such as `occasions.week.open_for`; empty for a file as a whole.
  package let path: String
  /// What the old version says; nil where it says nothing.
  package let old: String?
  /// What the new version says; nil where it says nothing.
  package let new: String?
}

extension StudyFolder {
  /// What this version says differently from an older one: files that are new or gone, and within
  /// YAML files each value.
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
      return [StudyDifference(document: id, path: "", old: "old text", new: "changed text")]
    }
    return new.differences(from: before).map {
      StudyDifference(
        document: id, path: $0.path.joined(separator: "."), old: $0.old, new: $0.new)
    }
  }

  /// The file as YAML; nil for texts.
  private var node: DefinitionNode? {
    guard kind != .consent, kind != .text else { return nil }
    var problems = Problems()
    return DefinitionNode.parse(bytes, file: id, problems: &problems)
  }
}
