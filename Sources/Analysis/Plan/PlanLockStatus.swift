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
    guard let lock = own.last, lock.hash != plan.hash else {
      (changed, added, removed) = ([], [], [])
      return
    }
    let before = Self.parts(of: Array(lock.source.utf8))
    let now = Self.parts(of: plan.source)
    let known = Dictionary(before, uniquingKeysWith: { $1 })
    let names = Set(now.map(\.0))
    changed = now.filter { known[$0.0] != nil && known[$0.0] != $0.1 }.map(\.0)
    added = now.filter { known[$0.0] == nil }.map(\.0)
    removed = before.map(\.0).filter { !names.contains($0) }
  }

  /// The parts of a plan in the order of its file, each with what it says.
  private static func parts(of bytes: [UInt8]) -> [(String, String)] {
    var problems = Problems()
    guard let root = DefinitionNode.parse(bytes, file: "", problems: &problems),
      case .mapping(let entries) = root.content
    else { return [] }
    return entries.flatMap { entry -> [(String, String)] in
      let key = entry.key.value
      switch entry.value.content {
      case .mapping(let inner) where key == "table":
        return inner.flatMap { inner -> [(String, String)] in
          guard inner.key.value == "columns", case .mapping(let columns) = inner.value.content
          else { return [("table: \(inner.key.value)", inner.value.said)] }
          return columns.map { ("column \($0.key.value)", $0.value.said) }
        }
      case .list(let elements):
        return elements.enumerated().map { index, element in
          let name = element.id.map { "\(singular(key)) \($0)" }
          return (name ?? (elements.count == 1 ? key : "\(key), number \(index + 1)"), element.said)
        }
      default: return [(key, entry.value.said)]
      }
    }
  }

  private static func singular(_ key: String) -> String {
    key.hasSuffix("s") ? String(key.dropLast()) : key
  }
}

extension DefinitionNode {
  /// What the node says, whatever its layout and the order of its fields.
  fileprivate var said: String {
    switch content {
    case .scalar(let scalar): "\(scalar.text.count):\(scalar.text)"
    case .list(let nodes): "[" + nodes.map(\.said).joined(separator: ",") + "]"
    case .mapping(let entries):
      "{" + entries.map { "\($0.key.value)=\($0.value.said)" }.sorted().joined(separator: ",") + "}"
    }
  }

  /// The text of its field `id`.
  fileprivate var id: String? {
    guard case .mapping(let entries) = content,
      let entry = entries.first(where: { $0.key.value == "id" }),
      case .scalar(let scalar) = entry.value.content
    else { return nil }
    return scalar.text
  }
}
