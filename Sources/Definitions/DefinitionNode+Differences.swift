/// One thing that two definition files say differently.
package struct DefinitionDifference: Hashable, Sendable {
  /// The names on the way to it: `["occasions", "week", "open_for"]`.
  package let path: [String]
  /// What the old file says, on one line; nil where it says nothing.
  package let old: String?
  /// What the new file says, on one line; nil where it says nothing.
  package let new: String?
}

extension DefinitionNode {
  /// What this file says differently from an older one, in its own order, what is gone last.
  ///
  /// Entries of lists are matched by their `id` where all have one. How a value is written, and
  /// comments, are no difference.
  package func differences(from old: DefinitionNode) -> [DefinitionDifference] {
    differences(from: old, at: [])
  }

  private func differences(
    from old: DefinitionNode, at path: [String]
  ) -> [DefinitionDifference] {
    guard let ours = named, let theirs = old.named else {
      guard onOneLine != old.onOneLine else { return [] }
      return [DefinitionDifference(path: path, old: old.onOneLine, new: onOneLine)]
    }
    var before = Dictionary(theirs, uniquingKeysWith: { first, _ in first })
    var found: [DefinitionDifference] = []
    for (name, node) in ours {
      if let earlier = before.removeValue(forKey: name) {
        found += node.differences(from: earlier, at: path + [name])
      } else {
        found.append(DefinitionDifference(path: path + [name], old: nil, new: node.onOneLine))
      }
    }
    let common = ours.map(\.0).filter { name in theirs.contains { $0.0 == name } }
    let order = theirs.map(\.0).filter(common.contains)
    if case .list = content, common != order {
      found.append(
        DefinitionDifference(
          path: path + ["(order)"], old: order.joined(separator: ", "),
          new: common.joined(separator: ", ")))
    }
    return found
      + theirs.filter { before[$0.0] != nil }.map {
        DefinitionDifference(path: path + [$0.0], old: $0.1.onOneLine, new: nil)
      }
  }

  /// The parts by name: fields of a mapping, entries of a list that all have an `id`.
  private var named: [(String, DefinitionNode)]? {
    switch content {
    case .scalar: return nil
    case .mapping(let entries): return entries.map { ($0.key.value, $0.value) }
    case .list(let nodes):
      let names = nodes.map(\.identifier)
      guard !nodes.isEmpty, !names.contains(nil) else { return nil }
      return zip(names.compactMap(\.self), nodes).map { ($0, $1) }
    }
  }

  private var identifier: String? {
    guard case .mapping(let entries) = content,
      let entry = entries.first(where: { $0.key.value == "id" }),
      case .scalar(let scalar) = entry.value.content
    else { return nil }
    return scalar.text
  }

  /// The value as flow YAML without quotes, for people.
  private var onOneLine: String {
    switch content {
    case .scalar(let scalar):
      scalar.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    case .list(let nodes): "[\(nodes.map(\.onOneLine).joined(separator: ", "))]"
    case .mapping(let entries):
      "{ \(entries.map { "\($0.key.value): \($0.value.onOneLine)" }.joined(separator: ", ")) }"
    }
  }
}
