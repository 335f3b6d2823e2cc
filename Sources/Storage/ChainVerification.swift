import Foundation
import GRDB

/// Recomputes the chains of events of one snapshot and compares the stored rows with them.
///
/// It finds what somebody changed with an SQLite shell. It cannot find a database that was
/// replaced as a whole, chains and all: for that, the study's last hash has to be kept elsewhere.
struct ChainVerification {
  let snapshot: ResearchSnapshot
  /// Pseudonyms by chain.
  private let names: [String: String]

  init(_ snapshot: ResearchSnapshot) throws(StorageError) {
    self.snapshot = snapshot
    let people = try snapshot.list("SELECT uuid, pseudonym FROM participants") {
      ($0["uuid"] as String, $0["pseudonym"] as String)
    }
    names = Dictionary(people, uniquingKeysWith: { $1 })
  }

  func findings() throws(StorageError) -> [ChainFinding] {
    let schema = try schemaFindings()
    // Tables that are not ours cannot be read as ours; a planted trigger or view can be passed by.
    guard !schema.contains(where: { $0.subject?.hasPrefix("table ") ?? true }) else {
      return schema
    }
    return try schema + chainFindings() + headFindings() + unaccountedParticipants()
      + definitionFindings() + credentialFindings()
  }

  func finding(
    _ kind: ChainFinding.Kind, _ chain: String, _ number: Int64? = nil, _ subject: String? = nil
  ) -> ChainFinding {
    ChainFinding(
      kind: kind, chain: names[chain] ?? chain, number: number.map { Int($0) }, subject: subject)
  }

  // MARK: - Links

  private func chainFindings() throws(StorageError) -> [ChainFinding] {
    var result: [ChainFinding] = []
    var chain = ""
    var lastNumber: Int64 = 0
    var lastHash = EventLink.start
    var replay = ChainReplay()
    var contents = ChainContents()
    // Its rows are compared at the end, even when the chain itself is empty.
    var sawStudy = false
    _ = try snapshot.list(
      """
      SELECT e.id, e.chain, e.number, e.kind, e.happened_at, e.bytes, e.hash, c.content, c.key
      FROM events e LEFT JOIN event_contents c ON c.event = e.id
      ORDER BY e.chain, e.number
      """
    ) { row in
      let stored = Array(row["bytes"] as Data)
      let said = CanonicalJSON.parse(stored)
      let link = EventLink(
        chain: row["chain"], number: row["number"], kind: row["kind"],
        happened: row["happened_at"], previous: said?["previous"]?.string ?? "",
        contentMAC: said?["content"]?.string ?? "")
      if link.chain != chain {
        if !chain.isEmpty { result += try findings(of: chain, replay, contents) }
        (chain, lastNumber, lastHash) = (link.chain, 0, EventLink.start)
        replay = ChainReplay()
        contents = ChainContents()
        sawStudy = sawStudy || chain == EventChain.study.description
      }
      if link.number != lastNumber + 1 {
        result.append(finding(.gap, chain, lastNumber + 1))
      } else if link.previous != lastHash {
        result.append(finding(.brokenLink, chain, link.number))
      }
      let hash = EventLink.hash(of: stored)
      if stored != link.bytes || hash != row["hash"] as String {
        result.append(finding(.alteredEvent, chain, link.number))
      }
      if let content = row["content"] as Data?, let key = row["key"] as Data? {
        contents.present.append(link.number)
        if EventLink.mac(of: Array(content), key: Array(key)) != link.contentMAC {
          result.append(finding(.alteredContent, chain, link.number))
        }
        if let read = CanonicalJSON.parse(Array(content)) {
          replay.apply(
            ChainReplay.Event(
              id: row["id"], number: link.number, kind: link.kind, happened: link.happened,
              content: read))
        }
      } else {
        contents.missing.append(link.number)
      }
      (lastNumber, lastHash) = (link.number, row["hash"])
    }
    if !chain.isEmpty { result += try findings(of: chain, replay, contents) }
    if !sawStudy {
      result += try rowFindings(of: EventChain.study.description, ChainReplay())
    }
    return result
  }

  /// What is wrong with the contents of one chain, and with the rows that they account for.
  private func findings(
    of chain: String, _ replay: ChainReplay, _ contents: ChainContents
  ) throws(StorageError) -> [ChainFinding] {
    func wasErased(_ number: Int64) -> Bool { replay.erased.contains { $0.contains(number) } }
    let missing = contents.missing.filter { !wasErased($0) }
    let left = replay.erased.isEmpty ? [] : contents.present.filter(wasErased)
    return missing.map { finding(.contentMissing, chain, $0) }
      + left.map { finding(.contentNotErased, chain, $0) }
      + (try rowFindings(of: chain, replay))
  }

  private func headFindings() throws(StorageError) -> [ChainFinding] {
    var result: [ChainFinding] = []
    for (chain, head) in try snapshot.recordedHeads().sorted(by: { $0.key < $1.key }) {
      let hash = try snapshot.first(
        "SELECT hash FROM events WHERE chain = ? AND number = ?", [chain, head.number]
      ) { $0[0] as String }
      if hash == nil {
        result.append(finding(.cutTail, chain, head.number))
      } else if hash != head.hash {
        result.append(finding(.forkedChain, chain, head.number))
      }
    }
    return result
  }
}

/// Which events of one chain have their content, and which have none, by number.
private struct ChainContents {
  var present: [Int64] = []
  var missing: [Int64] = []
}
