import Definitions

/// The centres of a study just read, and whose words each reads.
struct SitesDraft {
  /// The names of the sites; `main` where the file has none.
  private(set) var names: [String] = []
  /// The communities whose overlays are read where a site does not name its own.
  private(set) var communities = SitesDraft.shipped
  /// The communities of the sites that name their own.
  private(set) var communitiesOfSites: [String: [String]] = [:]
  /// Where each community is named.
  private(set) var named: [Located<String>] = []

  /// The wordings that come with Longwell.
  static let shipped = ["longwell"]

  /// `sites: [leiden, { id: accra, overlays: accra }]` and `overlays: [longwell]`.
  static func read(_ study: inout MappingReader, problems: inout Problems) -> SitesDraft {
    var draft = SitesDraft()
    if let communities = draft.communities(&study, problems: &problems) {
      draft.communities = communities
    }
    guard let node = study.optionalNode("sites") else {
      draft.names = ["main"]
      return draft
    }
    let entries: [DefinitionNode]
    if case .scalar = node.content {
      entries = [node]
    } else {
      entries = node.list(expecting: "a list of sites", problems: &problems) ?? []
      if case .list(let list) = node.content, list.isEmpty {
        problems.report(
          at: study.place(of: "sites"), found: "no site",
          expected: "names of sites, or no 'sites' at all")
      }
    }
    var names: [Located<String>] = []
    for entry in entries { draft.add(entry, names: &names, problems: &problems) }
    StudyReader.refuseTwins(names, of: "site", problems: &problems)
    draft.names = names.compactMap { StudyReader.identifier($0, problems: &problems) }
    return draft
  }

  /// A name, or a mapping with more about the site.
  private mutating func add(
    _ node: DefinitionNode, names: inout [Located<String>], problems: inout Problems
  ) {
    guard case .mapping = node.content else {
      let name = node.string(expecting: "the name of a site", problems: &problems)
      if let name { names.append(Located(name, at: node.place)) }
      return
    }
    guard var reader = MappingReader(node, describing: "a site", problems: &problems) else {
      return
    }
    let id = reader.string("id", problems: &problems)
    let communities = communities(&reader, problems: &problems)
    reader.finish(problems: &problems)
    guard let id else { return }
    names.append(id)
    communitiesOfSites[id.value] = communities
  }

  /// `overlays: [accra, longwell]`, of which the first that has a wording is read.
  private mutating func communities(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> [String]? {
    guard let names = reader.optionalStrings("overlays", problems: &problems) else { return nil }
    StudyReader.refuseTwins(names, of: "community", problems: &problems)
    named += names
    return names.compactMap { StudyReader.identifier($0, problems: &problems) }
  }
}
