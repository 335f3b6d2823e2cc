import Definitions
import Storage

/// What a plan that is carried out has to do with the one that was locked.
struct PlanLockStatus: Hashable, Sendable {
  /// The last lock of a plan with this id; nil where there is none.
  let lock: PlanLock?
  /// How often the plan was locked.
  let times: Int
  /// What is otherwise than it was locked, what was added since and what is gone, by where it stands in the file:
  /// `model growth`, `column need`, `estimand`.
  let changed, added, removed: [String]

  /// Whether the plan runs exactly as it was locked, but for comments and layout.
  var isAsLocked: Bool { lock != nil && changed.isEmpty && added.isEmpty && removed.isEmpty }

  init(of plan: AnalysisPlan, among locks: [PlanLock]) {
    let own = locks.filter { $0.plan == plan.id }
    lock = own.last
    times = own.count
    var (changed, added, removed): ([String], [String], [String]) = ([], [], [])
    if let lock = own.last, lock.hash != plan.hash {
      for part in Self.parts(of: plan.source, otherThan: Array(lock.source.utf8)) {
        switch part.difference {
        case .changed: changed.append(part.name)
        case .added: added.append(part.name)
        case .removed: removed.append(part.name)
        }
      }
    }
    (self.changed, self.added, self.removed) = (changed, added, removed)
  }

  /// A part of a plan that is not as it was.
  private struct Part: Hashable {
    enum Difference {
      case changed, added, removed
    }

    var name: String
    var difference: Difference
  }

  /// The parts that two files say differently, each once.
  private static func parts(of source: [UInt8], otherThan old: [UInt8]) -> [Part] {
    var problems = Problems()
    guard let now = DefinitionNode.parse(source, file: "", problems: &problems),
      let before = DefinitionNode.parse(old, file: "", problems: &problems)
    else { return [Part(name: "plan", difference: .changed)] }
    let lists = now.listKeys.union(before.listKeys)
    var seen: Set<Part> = []
    return now.differences(from: before).map { difference in
      let (name, depth) = name(of: difference.path, lists: lists)
      // What is new or gone within a part changes the part.
      let isWhole = difference.path.count == depth
      return Part(
        name: name,
        difference: isWhole && difference.old == nil
          ? .added : isWhole && difference.new == nil ? .removed : .changed)
    }.filter { seen.insert($0).inserted }
  }

  /// The part that a path leads into, and how many of its names lead to the part.
  private static func name(of path: [String], lists: Set<String>) -> (String, depth: Int) {
    guard path.count > 1 else { return (path.joined(), path.count) }
    if path[0] == "table" {
      return path[1] == "columns" && path.count > 2
        ? ("column \(path[2])", 3) : ("table: \(path[1])", 2)
    }
    guard lists.contains(path[0]) else { return (path[0], 1) }
    let kind = path[0].hasSuffix("s") ? String(path[0].dropLast()) : path[0]
    return ("\(kind) \(path[1])", 2)
  }
}

extension DefinitionNode {
  /// The keys of the lists of a mapping.
  fileprivate var listKeys: Set<String> {
    guard case .mapping(let entries) = content else { return [] }
    return Set(
      entries.compactMap { entry in
        if case .list = entry.value.content { entry.key.value } else { nil }
      })
  }
}
